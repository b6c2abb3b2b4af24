package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/tenonhq/tenon/shared/cmd/tenon/login"
	"github.com/tenonhq/tenon/shared/cmd/tenon/operation"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
)

type importCommand struct {
	operation.Stage
	operation.Acting

	File    string `required:"" type:"existingfile" placeholder:"FILE" help:"NDJSON: one item of POST /v1/connections/import per line."`
	Batch   int    `default:"10" help:"Items per request, 25 at most (${default})."`
	Results string `default:"results.ndjson" type:"path" placeholder:"FILE" help:"Where the result of each line is appended; what is done by it is not sent again (${default})."`
	DryRun  bool   `help:"Check the lines and send nothing."`
}

// The limits of the route, in items and, with room for the envelope, in bytes.
const (
	mostItems = 25
	mostBytes = 240 << 10
)

// Run imports the file.
func (c *importCommand) Run(ctx context.Context) error {
	return c.run(ctx, c.Open, os.Stderr, pause)
}

func (c *importCommand) run(ctx context.Context, open func(context.Context) (login.Stage, error), progress io.Writer, sleep func(context.Context, time.Duration) error) error {
	if c.Batch < 1 || c.Batch > mostItems {
		return status.Wrong("--batch must be 1 to %d", mostItems)
	}
	total, err := countLines(c.File)
	if err != nil {
		return status.Wrong("read %s: %w", c.File, err)
	}
	i := &importer{batch: c.Batch, tally: tally{total: total, out: progress, begun: time.Now()}, sleep: sleep}
	if !c.DryRun {
		stage, err := open(ctx)
		if err == nil {
			_, err = stage.Tokens(ctx) // Nothing is begun by somebody who is not signed in.
		}
		if err != nil {
			return err
		}
		i.client = stage.Client(c.Tenant)
		if i.results, err = openResults(c.Results); err != nil {
			return status.Wrong("open %s: %w", c.Results, err)
		}
		defer func() { _ = i.results.file.Close() }()
	}
	err = i.file(ctx, c.File)
	i.tally.print()
	switch {
	case errors.Is(err, context.Canceled):
		return status.Error{Err: errors.New("interrupted; the same command goes on"), Code: status.Failed}
	case err != nil:
		return status.Error{Err: fmt.Errorf("%w; the same command goes on", err), Code: status.Failed}
	case i.tally.failed > 0 && c.DryRun:
		return status.Error{Err: fmt.Errorf("%d lines are not valid", i.tally.failed), Code: status.Failed}
	case i.tally.failed > 0:
		return status.Error{Err: fmt.Errorf("%d lines failed; see %s", i.tally.failed, c.Results), Code: status.Failed}
	}
	return nil
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
