package due_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

// A tenant with 5,000 due keeps none of a hundred others waiting that have five.
func TestOUT08TenantsTakeTurns(t *testing.T) {
	t.Parallel()
	r := newRig(60_000)
	r.fill("big", 5000, start)
	for n := range 100 {
		r.fill(fmt.Sprintf("small-%d", n), 5, start)
	}
	r.sweep(t)
	last := 0
	for place, m := range r.queue.Sent() {
		if m.Item.Tenant != "big" {
			last = place
		}
	}
	if last >= 101*5 {
		t.Errorf("the last message of a small tenant is in place %d, want it in the first five turns", last)
	}
	for range 56 { // A hundred messages every ten seconds.
		r.work(100)
		r.pass(10 * time.Second)
	}
	r.wantAll(t, 5500)
	for id, lag := range r.lag {
		if id[:7] != "con_big" && lag > time.Minute+5*time.Second {
			t.Errorf("%s was worked on %s late", id, lag)
		}
	}
}

// Within a tenant the oldest comes first.
func TestOldestFirst(t *testing.T) {
	t.Parallel()
	r := newRig(1000)
	r.fill("acme", 200, start)
	r.sweep(t)
	var last time.Time
	for _, m := range r.queue.Sent() {
		if m.Item.At.Before(last) {
			t.Fatalf("%s comes after a younger one", m.Item.ID)
		}
		last = m.Item.At
	}
}

// What is due within the next minute is sent ahead and hidden until then; what is
// due later is not sent.
func TestMessageIsDelayedUntilItIsDue(t *testing.T) {
	t.Parallel()
	r := newRig(100)
	want := map[string]time.Duration{}
	for after, delay := range map[time.Duration]time.Duration{
		-time.Hour: 0, 0: 0, time.Nanosecond: time.Second, 1500 * time.Millisecond: 2 * time.Second, 30 * time.Second: 30 * time.Second, time.Minute: time.Minute,
	} {
		r.plan("acme", after.String(), start.Add(after))
		want[after.String()] = delay
	}
	r.plan("acme", "later", start.Add(time.Minute+1))
	r.sweep(t)
	if got := len(r.queue.Sent()); got != len(want) {
		t.Errorf("sent %d, want %d", got, len(want))
	}
	for _, m := range r.queue.Sent() {
		if m.Delay != want[m.Item.ID] {
			t.Errorf("due after %s: delay %s, want %s", m.Item.ID, m.Delay, want[m.Item.ID])
		}
	}
	for range 3 {
		r.minute(t)
	}
	r.wantAll(t, len(want)+1)
	for id, lag := range r.lag {
		if lag < 0 {
			t.Errorf("%s was worked on before it was due", id)
		}
	}
}

// The calls to a connector's system keep its pace, over sweeps as well; nothing
// waits in the queue for longer than it may, and what would is found later.
func TestPace(t *testing.T) {
	t.Parallel()
	const interval = 2 * time.Second
	r := newRig(10_000)
	r.Pace = func(_ context.Context, connector string) time.Duration {
		return map[string]time.Duration{"slow": interval}[connector]
	}
	for n := range 700 {
		r.source.Put(due.Refresh, due.Item{Tenant: "acme", Kind: due.Connection, ID: fmt.Sprintf("con_slow_%d", n), Connector: "slow", At: start})
	}
	r.fill("globex", 50, start)
	for range 60 {
		r.minute(t)
	}
	r.wantAll(t, 750)
	for place, m := range r.queue.Sent() {
		if m.Delay > 5*time.Minute {
			t.Fatalf("message %d waits %s", place, m.Delay)
		}
	}
	if first := r.queue.Sent()[:200]; len(first) == 200 {
		var delays []time.Duration
		for _, m := range first {
			if m.Item.Connector == "slow" {
				delays = append(delays, m.Delay)
			} else if m.Delay != 0 {
				t.Errorf("%s has no pace and waits %s", m.Item.ID, m.Delay)
			}
		}
		for i := 1; i < len(delays); i++ {
			if delays[i]-delays[i-1] != interval {
				t.Fatalf("slow calls %d and %d are %s apart, want %s", i-1, i, delays[i]-delays[i-1], interval)
			}
		}
	}
}

// What the queue does not take stays in the index and is sent by the next sweep.
func TestSendThatFails(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	for name, c := range map[string]struct {
		fail func(due.Message) bool
		err  error
	}{
		"all":            {func(due.Message) bool { return true }, nil},
		"some":           {func(m due.Message) bool { return len(m.Item.ID)%2 == 0 }, nil},
		"one":            {func(m due.Message) bool { return m.Item.ID == "con_acme_42" }, nil},
		"of the request": {nil, down},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(1000)
			r.fill("acme", 300, start)
			r.queue.Fail = c.fail
			fails := false
			r.queue.Err = func() error {
				if fails = !fails; !fails { // Every second call: after the depth was told.
					return c.err
				}
				return nil
			}
			found, sent, failed, err := r.Sweep(t.Context(), "run-1")
			if failed == 0 || found != sent+failed || !errors.Is(err, c.err) {
				t.Errorf("got %d found, %d sent, %d failed, %v; want some failed", found, sent, failed, err)
			}
			r.queue.Fail, r.queue.Err = nil, nil
			r.minute(t)
			r.wantAll(t, 300)
		})
	}
}

// Messages that are never taken are left behind and stop nobody, also where they
// are more than a sweep reads.
func TestEVT03EntriesThatAreNeverTaken(t *testing.T) {
	t.Parallel()
	r := newRig(160) // Ten entries of each shard.
	r.fill("refused", 320, start)
	r.fill("acme", 50, start.Add(time.Minute))
	r.queue.Fail = func(m due.Message) bool { return m.Item.Tenant == "refused" }
	for range 90 {
		r.minute(t)
	}
	if left := r.source.Left(due.Refresh); left != 320 {
		t.Errorf("%d entries are left, want those that are never taken", left)
	}
	r.queue.Fail = nil
	for range 10 {
		r.minute(t)
	}
	r.wantAll(t, 370)
}
