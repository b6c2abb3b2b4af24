package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// run is what one measurement came to.
type run struct {
	name    string
	callers int
	lane    *lane
	sample
	counts   Counts // Of the provider.
	calls    calls  // To AWS.
	requests int    // That made the calls.
	note     string
}

// Names of the runs that the summary has.
const (
	crowdedName  = "one expired connection"
	promotedName = "rotates, is promoted"
	slowName     = "one expired connection, provider takes 15 s"
	settledName  = "the same, one caller until it is settled"
)

// looksEvery is how often a process looks at the kill switches and whether the
// tenant is served.
const looksEvery = 5 * time.Second

// lease asks for a token that lives for so many seconds at least; zero leaves
// that to the service.
func (l *lane) lease(ctx context.Context, id string, minimum int) outcome {
	begun := time.Now()
	in := api.LeaseRequest{ConnectionID: id, Purpose: "bench", MinimumLifetimeSeconds: minimum}
	got, err := client.Call(ctx, l.client, routes.ConnectionLease, in)
	return outcome{took: time.Since(begun), token: got.AccessToken, refreshed: got.Refreshed, err: err}
}

// measure lets so many callers make count requests between them.
func (b *refreshes) measure(name string, l *lane, callers, count int, do func(i int) outcome) *run {
	b.begin()
	return b.end(name, l, callers, crowd(callers, count, do))
}

func (b *refreshes) begin() {
	b.provider.Reset()
	b.ledger.take()
}

// end records a measurement.
func (b *refreshes) end(name string, l *lane, callers int, s sample) *run {
	r := &run{name: name, lane: l, callers: callers, sample: s, counts: b.provider.Counts(), calls: b.ledger.take(), requests: len(s.latencies)}
	b.runs = append(b.runs, r)
	b.progress.printf("%s, %d callers, %d processes: %d provider calls, p50 %s ms, p99 %s ms, %s",
		name, callers, l.processes, r.counts.Refreshes, milliseconds(s.quantile(0.5)), milliseconds(s.quantile(0.99)), s.answers())
	return r
}

// versus compares two samples of one run of the benchmark.
func (s sample) versus(reference sample) string {
	over := func(q float64) float64 { return float64(s.quantile(q)) / float64(reference.quantile(q)) }
	return fmt.Sprintf("p50 %.2f, p99 %.2f times that of ", over(0.5), over(0.99))
}

// hot leases a token that lives on for long.
func (b *refreshes) hot(ctx context.Context) error {
	r := b.measure("hot lease", b.one, 1, hotLeases, func(int) outcome { return b.one.lease(ctx, b.rotating[0], 0) })
	b.expect(r, "leases", r.verdicts[fine], hotLeases)
	b.expect(r, "reads of the record", r.calls["dynamodb.GetItem connection"], hotLeases)
	b.expect(r, "audit records", r.calls["dynamodb.PutItem audit"], hotLeases)
	looks := 2 * (1 + int(r.elapsed/looksEvery))
	b.expect(r, "calls to AWS beside them, but for looks", max(r.calls.total()-2*hotLeases-looks, 0), 0)
	b.expect(r, "provider calls", r.counts.Refreshes, 0)
	return nil
}

// crowded lets many callers want the token of one expired connection.
func (b *refreshes) crowded(ctx context.Context) error {
	for _, l := range []*lane{b.one, b.four, b.many} {
		var alone sample
		for _, callers := range []int{1, 16, 64, mostCallers} {
			if err := b.age(ctx, -time.Minute, 0, b.rotating[0]); err != nil {
				return err
			}
			r := b.measure(crowdedName, l, callers, callers, func(int) outcome { return l.lease(ctx, b.rotating[0], 0) })
			b.expect(r, "leases", r.verdicts[fine], callers)
			b.expect(r, "different tokens", len(r.tokens), 1)
			b.refreshed(r, 1)
			if callers == 1 {
				alone = r.sample
				continue
			}
			r.note = r.versus(alone) + "one caller"
		}
	}
	return nil
}

// refreshed checks that the provider was asked so many times, never twice with
// one token.
func (b *refreshes) refreshed(r *run, times int) {
	b.expect(r, "provider calls", r.counts.Refreshes, times)
	b.expect(r, "refresh tokens sent twice", r.counts.Reused, 0)
}

// throughput refreshes many different connections. A rotated token of the
// second run stays in the record, where the third finds it. As many hot leases
// before them say what the machine can do.
func (b *refreshes) throughput(ctx context.Context) error {
	hot := b.measure("hot leases", b.many, refreshers, hotLeases, func(int) outcome { return b.many.lease(ctx, b.rotating[0], 0) })
	for _, kind := range []struct {
		name     string
		ids      []string
		promoted time.Duration
		writes   int // Of secrets, for each refresh.
		prepares bool
	}{
		{promotedName, b.rotating, promotionPause, 1, false},
		{"rotates", b.rotating, 0, 0, true},
		{"rotates, not promoted", b.rotating, 0, 0, false},
		{"does not rotate", b.steady, promotionPause, 0, false},
	} {
		if err := b.age(ctx, -time.Minute, kind.promoted, kind.ids...); err != nil {
			return err
		}
		count := len(kind.ids)
		name := fmt.Sprintf("%d expired connections, %s", count, kind.name)
		r := b.measure(name, b.many, min(refreshers, count), count, func(i int) outcome { return b.many.lease(ctx, kind.ids[i], 0) })
		b.expect(r, "leases", r.verdicts[fine], count)
		r.note = fmt.Sprintf("%.2f times the rate of hot leases", r.rate()/hot.rate())
		b.expect(r, "secrets written", r.calls["secretsmanager.PutSecretValue"], kind.writes*count)
		b.refreshed(r, count)
		if kind.writes == 0 {
			b.expect(r, "writes to the secret store", r.calls.of(secretWrites), 0)
		}
		if kind.prepares {
			b.runs = b.runs[:len(b.runs)-1]
		}
	}
	return nil
}

// stale leases a token that the service would like to renew while a refresh of
// it is held by a slow provider: first one that lives longer than a lease
// promises, in turn with one that needs nothing, then one that does not.
func (b *refreshes) stale(ctx context.Context) error {
	b.provider.SetLatency(staleProvider)
	defer b.provider.SetLatency(b.latency)
	release, err := b.hold(ctx, b.spare[0], 3*time.Minute)
	if err != nil {
		return err
	}
	stale, hot := make([]outcome, stalePairs), make([]outcome, stalePairs)
	begun := time.Now()
	for i := range stalePairs {
		stale[i], hot[i] = b.four.lease(ctx, b.spare[0], 0), b.four.lease(ctx, b.rotating[0], 0)
	}
	elapsed := time.Since(begun)
	r := b.end("3 minutes left, refresh held", b.four, 1, newSample(stale, elapsed))
	r.requests *= 2
	r.note = r.versus(newSample(hot, elapsed)) + "hot leases in turn with them; " + release()
	b.expect(r, "leases", r.verdicts[fine], stalePairs)
	b.expect(r, "different tokens", len(r.tokens), 1)
	b.refreshed(r, 1)
	if release, err = b.hold(ctx, b.spare[1], 30*time.Second); err != nil {
		return err
	}
	waiting := crowd(3, 3, func(int) outcome { return b.four.lease(ctx, b.spare[1], 0) })
	r = b.end("30 seconds left, refresh held", b.four, 3, waiting)
	r.note = release()
	b.refreshed(r, 1)
	return nil
}

// farAhead asks for a longer life than any token has that is not new, in seconds.
const farAhead = 3000

// hold begins a refresh of a connection whose token has so long left and returns
// once the provider has been asked. The counts begin before it. release waits for
// its end and says what it was.
func (b *refreshes) hold(ctx context.Context, id string, left time.Duration) (release func() string, err error) {
	if err := b.age(ctx, left, 0, id); err != nil {
		return nil, err
	}
	b.begin()
	held := make(chan outcome, 1)
	go func() { held <- b.four.lease(ctx, id, farAhead) }()
	for begun := time.Now(); b.provider.Counts().Refreshes == 0; time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > 10*time.Second || ctx.Err() != nil {
			return nil, errors.New("the provider is not asked for a token")
		}
	}
	return func() string {
		o := <-held
		return fmt.Sprintf("who held it got after %.1f s: %s, refreshed %v", o.took.Seconds(), o.verdict(), o.refreshed)
	}, nil
}

// slow lets many callers want the token of an expired connection whose provider
// takes longer than anybody waits, and then one come back as it was told.
func (b *refreshes) slow(ctx context.Context) error {
	id := b.spare[2]
	if err := b.age(ctx, -time.Minute, 0, id); err != nil {
		return err
	}
	b.provider.SetLatency(slowProvider)
	r := b.measure(slowName, b.many, refreshers, refreshers, func(int) outcome { return b.many.lease(ctx, id, 0) })
	b.refreshed(r, 1)
	b.provider.SetLatency(b.latency)
	r = b.measure(settledName, b.many, 1, 1, func(int) outcome { return b.persist(ctx, id) })
	r.note = "the provider had rotated the token and its answer came too late for anybody"
	return nil
}

// persist leases until the answer is another than to come back later.
func (b *refreshes) persist(ctx context.Context, id string) outcome {
	begun := time.Now()
	for {
		o := b.many.lease(ctx, id, 0)
		o.took = time.Since(begun)
		var p *client.Problem
		if o.took > time.Minute || !errors.As(o.err, &p) || p.Code != fault.CodeRetryLater {
			return o
		}
		select {
		case <-time.After(max(p.RetryAfter, time.Second)):
		case <-ctx.Done():
			return o
		}
	}
}
