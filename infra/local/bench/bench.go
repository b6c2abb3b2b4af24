// Package bench measures how the built functions lease and refresh: many callers
// at once for one expired connection, many connections at once, a slow provider,
// and leases that need no refresh. It counts what the provider and AWS are asked
// and fails when a count is wrong; times are only printed, since they are those
// of the machine.
//
// It runs package dev in front of a local AWS that it watches, and may import
// besides the packages below infra/local the client and the route table.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

// Config says what to measure with.
type Config struct {
	// Root is the module's directory; empty means the current one.
	Root string
	// Latency is how long the provider takes to answer; zero means 100 ms.
	Latency time.Duration
	// Out receives the progress and then the report, in Markdown.
	Out io.Writer
}

// The sizes of the runs. Three processes of a function's can be compared: one,
// as many as the local environment has, and one for each of 64 callers.
const (
	mostCallers   = 256
	connections   = 200
	steady        = 50
	refreshers    = 64
	hotLeases     = 1000
	stalePairs    = 400
	slowProvider  = 15 * time.Second
	staleProvider = 10 * time.Second
)

// bench is one run of everything.
type bench struct {
	*environment
	latency          time.Duration
	one, four, many  *lane
	rotating, steady []string // Connections, by what the provider does.
	spare            []string // Connections that are used once.
	runs             []*run
	wrong            []error
}

// Run measures everything, which takes minutes, and writes the report to Out and
// to .build/bench-refresh.md. What the functions logged is beside it. The error
// names every count that is wrong.
func Run(ctx context.Context, cfg Config) (err error) {
	root, err := filepath.Abs(cfg.Root)
	if err != nil {
		return fmt.Errorf("find the module: %w", err)
	}
	directory := filepath.Join(root, ".build")
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return fmt.Errorf("directory of the report: %w", err)
	}
	log, err := os.Create(filepath.Join(directory, "bench-refresh.log"))
	if err != nil {
		return fmt.Errorf("log of the functions: %w", err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	e, err := openEnvironment(root, log, &progress{out: cfg.Out, begun: time.Now()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	b := &bench{environment: e, latency: cfg.Latency}
	if b.latency == 0 {
		b.latency = 100 * time.Millisecond
	}
	if err := b.run(ctx); err != nil {
		return err
	}
	report := b.report()
	if _, err := fmt.Fprintf(cfg.Out, "\n%s", report); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	if err := os.WriteFile(filepath.Join(directory, "bench-refresh.md"), []byte(report), 0o644); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return errors.Join(b.wrong...)
}

func (b *bench) run(ctx context.Context) error {
	for _, part := range []func(context.Context) error{
		b.start, b.seed, b.warm, b.hot, b.contention, b.throughput, b.stale, b.slow,
	} {
		if err := part(ctx); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// start starts the lanes, one after the other: the first one builds.
func (b *bench) start(ctx context.Context) error {
	for _, l := range []struct {
		lane      **lane
		processes int
	}{{&b.one, 1}, {&b.four, 4}, {&b.many, refreshers}} {
		var err error
		if *l.lane, err = b.newLane(ctx, l.processes); err != nil {
			return err
		}
	}
	return nil
}

// seed makes the tenant and the connections.
func (b *bench) seed(ctx context.Context) error {
	organization, err := b.four.as(ctx, auth.Organization)
	if err != nil {
		return err
	}
	if _, err := client.Call(ctx, organization, routes.TenantCreate, api.TenantCreate{ID: tenant, Name: "Bench"}); err != nil {
		return err
	}
	rotating, err := b.newTemplate(ctx, organization, "rotating")
	if err != nil {
		return err
	}
	unchanging, err := b.newTemplate(ctx, organization, SteadyClient)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		ids      *[]string
		template string
		count    int
	}{{&b.rotating, rotating, connections}, {&b.steady, unchanging, steady}, {&b.spare, rotating, 3}} {
		if *part.ids, err = b.connect(ctx, b.four, part.template, part.count); err != nil {
			return fmt.Errorf("connect: %w", err)
		}
	}
	return nil
}

// warm starts every process that may lease, with requests that take long enough
// for each to need its own, and leaves every refresh token in the secret store.
func (b *bench) warm(ctx context.Context) error {
	b.provider.SetLatency(time.Second)
	defer b.provider.SetLatency(b.latency)
	for _, l := range []*lane{b.one, b.four, b.many} {
		ids := b.rotating[:l.processes]
		if err := b.age(ctx, -time.Minute, promotionPause, ids...); err != nil {
			return err
		}
		b.ledger.take()
		s := crowd(l.processes, l.processes, func(i int) outcome { return l.lease(ctx, ids[i], 0) })
		if s.verdicts[fine] != l.processes {
			return fmt.Errorf("leases that nothing disturbs: %s", s.answers())
		}
		b.progress.printf("warm: %d of %d processes", b.ledger.take().of(keyUses), l.processes) // Each opens the tenant's data key.
	}
	return nil
}

// expect notes a count that is wrong.
func (b *bench) expect(r *run, what string, got, want int) {
	if got != want {
		b.wrong = append(b.wrong, fmt.Errorf("%s, %d callers, %d processes: %s: got %d, want %d", r.name, r.callers, r.lane.processes, what, got, want))
	}
}
