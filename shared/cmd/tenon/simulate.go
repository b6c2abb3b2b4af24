package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/tenonhq/tenon/infra/local/simulate"
)

type simulateCommand struct {
	Scenario string        `default:"day" enum:"day,outage" help:"What happens: a quiet day, or an outage of a system."`
	Sizes    []int         `default:"10000,100000,1000000" help:"How many connections, of one run after the other."`
	Duration time.Duration `default:"24h" help:"How long a day is; of a shorter one the bill is extrapolated."`
	Limit    time.Duration `help:"How long one size may take; one that takes longer is extrapolated from what was simulated by then."`
}

// Run simulates and prints the tables.
func (c *simulateCommand) Run(ctx context.Context, out io.Writer) error {
	// The services tell of every refusal; only what must not happen is shown.
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	if c.Scenario == "outage" {
		return simulate.PrintOutage(ctx, out)
	}
	return simulate.Print(ctx, simulate.Config{Duration: c.Duration, Limit: c.Limit, Out: out}, c.Sizes...)
}
