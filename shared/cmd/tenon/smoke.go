package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/tenonhq/tenon/infra/smoke"
	"github.com/tenonhq/tenon/shared/cmd/tenon/login"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
)

type smokeCommand struct {
	URL     string        `name:"url" required:"" placeholder:"URL" help:"Address of the stage, such as https://tenon.example.com."`
	System  string        `placeholder:"URL" help:"Address that answers a GET with 2xx, for keys to be verified at; the stage's own when absent, which it cannot be where that is one of AWS."`
	Timeout time.Duration `default:"5m" help:"How long the whole run may take (${default})."`
	JSON    bool          `name:"json" help:"Print each step as a line of JSON."`
}

// Run makes the run. The token comes from TENON_TOKEN, or is had by the client
// TENON_CLIENT_ID with TENON_CLIENT_SECRET at TENON_ISSUER; TENON_SCOPES and
// TENON_AUDIENCE say what to ask the issuer for. The exit status is 1 when a step
// failed and 2 when nothing could be tried.
func (c *smokeCommand) Run(ctx context.Context, out io.Writer) error {
	cfg := smoke.Config{URL: c.URL, System: c.System, Wait: time.Minute}
	if err := cfg.Validate(); err != nil {
		return status.Wrong("%w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	cfg.HTTP = login.NewHTTP()
	var err, broken error
	if cfg.Token, err = login.Environment(ctx, os.Getenv, cfg.HTTP); err != nil {
		return status.Error{Err: err, Code: status.Usage}
	}
	err = smoke.Run(ctx, cfg, func(r smoke.Result) { broken = errors.Join(broken, c.print(out, r)) })
	if err = errors.Join(err, broken); err != nil {
		return status.Error{Err: err, Code: status.Failed}
	}
	return nil
}

func (c *smokeCommand) print(out io.Writer, r smoke.Result) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(r)
	}
	mark := "ok    "
	if !r.Passed {
		mark = "FAILED"
	}
	_, err := fmt.Fprintf(out, "%s  %-12s %6.2f s  %s\n", mark, r.Step, r.Seconds, r.Detail)
	return err
}
