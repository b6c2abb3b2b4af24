package main

import (
	"context"
	"io"
	"time"

	"github.com/tenonhq/tenon/infra/local/bench"
)

type benchCommand struct {
	Latency time.Duration `default:"100ms" help:"How long the provider takes to answer a token request."`
}

// Run measures and prints the report.
func (c *benchCommand) Run(ctx context.Context, out io.Writer) error {
	return bench.Run(ctx, bench.Config{Latency: c.Latency, Out: out})
}
