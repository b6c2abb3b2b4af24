package expiry_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/notify"
)

var errDead = errors.New("the process is dead")

// process runs the service's calls until it dies: before the call whose turn it
// is, or after it.
type process struct {
	mu      sync.Mutex
	calls   int // That it still makes; negative is without end.
	after   bool
	stopped bool
}

func (p *process) run(call func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped || p.calls == 0 && !p.after {
		p.stopped = true
		return errDead
	}
	err := call()
	if p.calls == 0 {
		p.stopped = true
		return errors.Join(err, errDead)
	}
	p.calls--
	return err
}

type mortalStore struct {
	expiry.Store
	*process
}

func (s mortalStore) Claim(ctx context.Context, m expiry.Marker) (stands expiry.Marker, claimed bool, err error) {
	err = s.run(func() (err error) {
		stands, claimed, err = s.Store.Claim(ctx, m)
		return err
	})
	return stands, claimed, err
}

func (s mortalStore) Told(ctx context.Context, m expiry.Marker) error {
	return s.run(func() error { return s.Store.Told(ctx, m) })
}

type mortalBus struct {
	notify.Publisher
	*process
}

func (b mortalBus) Publish(ctx context.Context, e notify.Event) error {
	return b.run(func() error { return b.Publisher.Publish(ctx, e) })
}

type mortalConnections struct {
	connection.Store
	*process
}

func (s mortalConnections) Update(ctx context.Context, tenant, id string, change func(*connection.Connection) error) (c connection.Connection, err error) {
	err = s.run(func() (err error) {
		c, err = s.Store.Update(ctx, tenant, id, change)
		return err
	})
	return c, err
}

// dying returns the service as a process that dies at a call.
func (r *rig) dying(calls int, after bool) *expiry.Service {
	p := &process{calls: calls, after: after}
	s := *r.Service
	s.Store, s.Events, s.Connections = mortalStore{r.Store, p}, mortalBus{r.bus, p}, mortalConnections{r.store, p}
	return &s
}

// toldOnce fails if a step was told with two ids, or an id with two contents.
func (r *rig) toldOnce(t interface{ Errorf(string, ...any) }) map[string]bool {
	ids, contents := map[string]string{}, map[string]notify.Event{}
	told := map[string]bool{}
	for _, e := range r.bus.Events() {
		step := fmt.Sprint(e.Resource, " ", e.Detail["lapsesAt"], " ", e.Detail["daysBefore"])
		if id, ok := ids[step]; ok && id != e.ID {
			t.Errorf("%s was told as %s and as %s", step, id, e.ID)
		}
		if first, ok := contents[e.ID]; ok && !cmp.Equal(first, e) {
			t.Errorf("%s (-first +again):\n%s", e.ID, cmp.Diff(first, e))
		}
		ids[step], contents[e.ID], told[step] = e.ID, e, true
	}
	return told
}

// Wherever a run dies, the next one finishes it with the same event.
func TestEVT05CrashBetweenAnyTwoSteps(t *testing.T) {
	t.Parallel()
	for calls := range 4 {
		for _, after := range []bool{false, true} {
			r := newRig(t, ladder)
			c := r.connect(t, "con_1", key())
			r.now = lapses.Add(-30 * day)
			err := r.dying(calls, after).Due(t.Context(), "run-1", item("connection", "acme", c.ID, r.now))
			if !errors.Is(err, errDead) {
				t.Errorf("call %d: got %v, want that the message comes back", calls, err)
			}
			for range 2 {
				r.now = r.now.Add(6 * time.Minute)
				r.run(t)
			}
			if told := r.toldOnce(t); len(told) != 1 {
				t.Errorf("call %d, after %t: told %v, want one step", calls, after, told)
			}
			if next := r.record(t, "con_1").Due.Expiry; !next.After(r.now) {
				t.Errorf("call %d, after %t: next look %s, want it planned", calls, after, next)
			}
		}
	}
}

// Of runs at the same time one tells.
func TestEVT05ParallelRuns(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	c := r.connect(t, "con_1", key())
	r.now = lapses.Add(-10 * day)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if err := r.Due(t.Context(), "run-1", item("connection", "acme", c.ID, r.now)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := r.steps(); len(got) != 1 {
		t.Errorf("events: got %v, want one", got)
	}
}

// The clock passes a step while the run is under way that tells of the one before:
// the next is not lost.
func TestEVT05ClockPassesTheStepDuringTheRun(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	c := r.connect(t, "con_1", key())
	r.now = lapses.Add(-14*day - time.Second)
	s := *r.Service
	s.Events = publisher(func(ctx context.Context, e notify.Event) error {
		r.now = lapses.Add(-14*day + time.Second)
		return r.bus.Publish(ctx, e)
	})
	must(t, s.Due(t.Context(), "run-1", item("connection", "acme", c.ID, r.now)))
	r.run(t)
	if diff := cmp.Diff([]string{"30", "14"}, r.steps()); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
}

// A key that is replaced during the run has its own ladder from the start.
func TestKeyIsReplacedDuringTheRun(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	c := r.connect(t, "con_1", key())
	r.now = lapses.Add(-10 * day)
	s, planned := *r.Service, r.now.Add(time.Minute)
	s.Events = publisher(func(ctx context.Context, e notify.Event) error {
		r.change(t, "con_1", func(c *connection.Connection) {
			c.Credential.ExpiresAt, c.Due.Expiry = lapses.Add(10*day), planned
		})
		return r.bus.Publish(ctx, e)
	})
	must(t, s.Due(t.Context(), "run-1", item("connection", "acme", c.ID, r.now)))
	if got := r.record(t, "con_1").Due.Expiry; !got.Equal(planned) {
		t.Errorf("next look %s, want %s, as planned with the new key", got, planned)
	}
	r.now = planned
	r.run(t)
	if diff := cmp.Diff([]string{"14", "30"}, r.steps()); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
}

type publisher func(context.Context, notify.Event) error

func (p publisher) Publish(ctx context.Context, e notify.Event) error { return p(ctx, e) }

// However messages come, whatever dies and whatever the ladder becomes, a step has
// one event, and the newest that has come is told.
func TestEVT05ExactlyOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := newRig(t, ladder)
		r.connect(t, "con_1", key())
		r.now = lapses.Add(-45 * day)
		for range rapid.IntRange(1, 40).Draw(rt, "messages") {
			r.now = r.now.Add(time.Duration(rapid.IntRange(0, 4*24*60).Draw(rt, "minutes")) * time.Minute * time.Duration(rapid.IntRange(0, 1).Draw(rt, "later")))
			if rapid.IntRange(0, 9).Draw(rt, "index is late") == 0 {
				r.change(t, "con_1", func(c *connection.Connection) { c.Due.Expiry = r.now })
			}
			s := r.dying(rapid.IntRange(-1, 4).Draw(rt, "calls"), rapid.Bool().Draw(rt, "after"))
			_ = s.Due(t.Context(), "run-1", item("connection", "acme", "con_1", r.now)) // It may die.
		}
		for range 3 {
			r.now = r.now.Add(3 * time.Minute)
			r.run(t)
		}
		told := r.toldOnce(rt)
		if newest := newestStep(r.now); newest != "" && !told["con_1 "+lapses.Format(time.RFC3339)+" "+newest] {
			rt.Errorf("%s before: told %v, want %s", lapses.Sub(r.now), told, newest)
		}
	})
}

// newestStep is the step of the ladder that has come last; empty before the
// first and long after the end.
func newestStep(now time.Time) string {
	newest := ""
	for _, days := range slices.Backward([]int{1, 14, 30}) {
		if !now.Before(lapses.Add(-time.Duration(days) * day)) {
			newest = fmt.Sprint(days)
		}
	}
	if now.After(lapses.Add(6 * day)) {
		return ""
	}
	return newest
}
