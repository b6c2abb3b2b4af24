package main

import (
	"context"
	"io"
	"time"

	"github.com/tenonhq/tenon/infra/local/bench"
)

type benchCommand struct {
	Only    []string      `help:"Parts to measure: cold-start, lease, calls, contention, sweep. Default: all."`
	Rounds  int           `default:"15" help:"How often each function is started."`
	Docs    bool          `help:"Write the summary into infra/docs/performance.md."`
	Latency time.Duration `default:"100ms" help:"How long the provider takes to answer a token request."`
}

// Run measures and prints the report.
func (c *benchCommand) Run(ctx context.Context, out io.Writer) error {
	return bench.Run(ctx, bench.Config{Only: c.Only, Rounds: c.Rounds, Docs: c.Docs, Latency: c.Latency, Out: out})
}
