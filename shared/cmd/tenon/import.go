package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/tenonhq/tenon/shared/client"
)

type importCommand struct {
	File     string `required:"" type:"existingfile" placeholder:"FILE" help:"NDJSON: one item of POST /v1/connections/import per line."`
	API      string `name:"api" required:"" placeholder:"URL" help:"Address of the API, such as https://tenon.example.com."`
	TokenEnv string `default:"TENON_TOKEN" placeholder:"NAME" help:"Environment variable that holds the bearer token (${default})."`
	Tenant   string `help:"Tenant to act for, with a token of the organization."`
	Batch    int    `default:"10" help:"Items per request, 25 at most (${default})."`
	Results  string `default:"results.ndjson" type:"path" placeholder:"FILE" help:"Where the result of each line is appended; what is done by it is not sent again (${default})."`
	DryRun   bool   `help:"Check the lines and send nothing."`
}

// The limits of the route, in items and, with room for the envelope, in bytes.
const (
	mostItems = 25
	mostBytes = 240 << 10
)

// exit is an error with the exit status it ends the program with: 1 when lines
// failed or the import did not come to its end, 2 when the command line is wrong.
type exit struct {
	error
	code int
}

// ExitCode implements kong.ExitCoder.
func (e exit) ExitCode() int { return e.code }

// Unwrap returns the cause.
func (e exit) Unwrap() error { return e.error }

func usage(text string, args ...any) error { return exit{fmt.Errorf(text, args...), 2} }

// Run imports the file.
func (c *importCommand) Run(ctx context.Context) error {
	return c.run(ctx, &http.Client{
		Timeout:       time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // Secrets go nowhere else.
	}, os.Stderr, pause)
}

func (c *importCommand) run(ctx context.Context, doer client.Doer, progress io.Writer, sleep func(context.Context, time.Duration) error) error {
	if c.Batch < 1 || c.Batch > mostItems {
		return usage("--batch must be 1 to %d", mostItems)
	}
	total, err := countLines(c.File)
	if err != nil {
		return usage("read %s: %w", c.File, err)
	}
	i := &importer{batch: c.Batch, tally: tally{total: total, out: progress, begun: time.Now()}, sleep: sleep}
	if !c.DryRun {
		if i.client, err = c.client(doer); err != nil {
			return err
		}
		if i.results, err = openResults(c.Results); err != nil {
			return usage("open %s: %w", c.Results, err)
		}
		defer func() { _ = i.results.file.Close() }()
	}
	err = i.file(ctx, c.File)
	i.tally.print()
	switch {
	case errors.Is(err, context.Canceled):
		return exit{errors.New("interrupted; the same command goes on"), 1}
	case err != nil:
		return exit{fmt.Errorf("%w; the same command goes on", err), 1}
	case i.tally.failed > 0 && c.DryRun:
		return exit{fmt.Errorf("%d lines are not valid", i.tally.failed), 1}
	case i.tally.failed > 0:
		return exit{fmt.Errorf("%d lines failed; see %s", i.tally.failed, c.Results), 1}
	}
	return nil
}

// client returns what calls the API. Secrets go over TLS, unless they stay on the
// machine.
func (c *importCommand) client(doer client.Doer) (*client.Client, error) {
	u, err := url.Parse(c.API)
	local := err == nil && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1")
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return nil, usage("--api must be an https URL")
	}
	token := os.Getenv(c.TokenEnv)
	if token == "" {
		return nil, usage("the environment variable %s holds no token", c.TokenEnv)
	}
	calls := client.New(c.API, func(context.Context) (string, error) { return token, nil }, doer)
	if c.Tenant != "" {
		calls = calls.For(c.Tenant)
	}
	return calls, nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
