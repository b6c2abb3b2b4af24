package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"syscall"
)

type invokeCommand struct {
	Function string `arg:"" help:"Name of the function: its directory below functions/."`
	Event    string `arg:"" type:"existingfile" help:"File with the JSON event, such as events/connection-get.json."`
	Port     int    `env:"TENON_DEV_PORT" default:"8787" help:"TCP port of the dev environment (${env})."`
}

// Run sends the event and prints the answer. An answer that is a failure of
// the function is printed too, and is an error.
func (c *invokeCommand) Run(ctx context.Context, out io.Writer) error {
	event, err := os.ReadFile(c.Event)
	if err != nil {
		return fmt.Errorf("read event: %w", err)
	}
	origin := fmt.Sprintf("http://127.0.0.1:%d", c.Port)
	target := origin + "/dev/functions/" + url.PathEscape(c.Function) + "/invocations"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(event))
	if err != nil {
		return fmt.Errorf("invoke %s: %w", c.Function, err)
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("nothing runs at %s; start it with: make dev", origin)
	}
	if err != nil {
		return fmt.Errorf("invoke %s: %w", c.Function, err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	if res.StatusCode == http.StatusNotFound {
		return fmt.Errorf("there is no function %q", c.Function)
	}
	if err := printJSON(out, answer); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("X-Amz-Function-Error") != "" {
		return fmt.Errorf("%s failed", c.Function)
	}
	return nil
}

// printJSON writes JSON indented and anything else as it is.
func printJSON(out io.Writer, text []byte) error {
	var indented bytes.Buffer
	if err := json.Indent(&indented, text, "", "  "); err == nil {
		text = indented.Bytes()
	}
	_, err := fmt.Fprintf(out, "%s\n", bytes.TrimSpace(text))
	return err
}
