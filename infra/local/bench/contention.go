package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

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

// refreshes is what leases that refresh came to.
type refreshes struct {
	*environment
	latency          time.Duration
	one, four, many  *lane
	rotating, steady []string // Connections, by what the provider does.
	spare            []string // Connections that are used once.
	runs             []*run
	wrong            []error
}

// contention measures leases and refreshes in an environment of its own.
func (s *suite) contention(ctx context.Context) (text string, err error) {
	e, err := s.openEnvironment()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	b := &refreshes{environment: e, latency: cmp.Or(s.cfg.Latency, 100*time.Millisecond)}
	if err := b.run(ctx); err != nil {
		return "", err
	}
	s.wrong = append(s.wrong, b.wrong...)
	s.summarizeRefreshes(b)
	return b.report(), nil
}

func (b *refreshes) run(ctx context.Context) error {
	for _, part := range []func(context.Context) error{
		b.start, b.seed, b.warm, b.hot, b.crowded, b.throughput, b.stale, b.slow,
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
func (b *refreshes) start(ctx context.Context) error {
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
func (b *refreshes) seed(ctx context.Context) error {
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
func (b *refreshes) warm(ctx context.Context) error {
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
func (b *refreshes) expect(r *run, what string, got, want int) {
	if got != want {
		b.wrong = append(b.wrong, fmt.Errorf("%s, %d callers, %d processes: %s: got %d, want %d", r.name, r.callers, r.lane.processes, what, got, want))
	}
}
