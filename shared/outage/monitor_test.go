package outage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
)

// rig is the monitors of many functions over one store, with a clock.
type rig struct {
	outage.Monitor
	store *outagetest.Memory
	bus   *notifytest.Bus
	now   time.Time
}

func newRig() *rig {
	r := &rig{store: new(outagetest.Memory), bus: new(notifytest.Bus), now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	r.Monitor = *(&outage.Monitor{Store: r.store, Events: r.bus, Now: func() time.Time { return r.now }}).For("acme")
	return r
}

// call makes a call for a connection unless it is not admitted.
func (r *rig) call(t *testing.T, connection string, end func(*outage.Monitor, context.Context, outage.Pass)) error {
	t.Helper()
	pass, err := r.Admit(t.Context(), "stripe", connection)
	if err == nil {
		end(&r.Monitor, t.Context(), pass)
	}
	return err
}

var (
	fails   = (*outage.Monitor).Failed
	answers = (*outage.Monitor).Answered
	refuses = func(m *outage.Monitor, ctx context.Context, p outage.Pass) { m.Refused(ctx, p) }
)

func con(n int) string { return fmt.Sprintf("con_%04d", n) }

// down makes the provider fail until sending stops.
func (r *rig) down(t *testing.T) {
	t.Helper()
	for n := range 20 {
		if err := r.call(t, con(n), fails); err != nil {
			t.Fatalf("call %d: %v", n, err)
		}
	}
}

// After twenty calls of which most fail nothing is sent but one probe
// each half minute, and one event says so.
func TestOUT01SendingStops(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.down(t)
	sent := 0
	for second := range 7200 {
		r.now = r.now.Add(time.Second)
		err := r.call(t, con(second), fails)
		if err == nil {
			sent++
			continue
		}
		f := fault.From(err)
		if f.Code != fault.CodeProviderUnavailable || f.Kind != fault.Unavailable || f.RetryAfter < time.Second || f.RetryAfter > 30*time.Second {
			t.Fatalf("refusal: got %v after %s", err, f.RetryAfter)
		}
	}
	if sent != 7200/30 {
		t.Errorf("probes in two hours: got %d, want one each half minute", sent)
	}
	if got := r.bus.Types(); len(got) != 1 || got[0] != notify.ProviderOutage {
		t.Errorf("events: got %v, want one outage", got)
	}
}

// Less than half of the calls, or few of them, are no outage; nor are failures that are
// far apart.
func TestSomeFailuresAreNoOutage(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(*rig) error{
		"two of five": func(r *rig) error {
			var err error
			for n := range 100 {
				end := fails
				if n%5 > 1 {
					end = answers
				}
				err = errors.Join(err, r.call(t, con(n), end))
			}
			return err
		},
		"nineteen of nineteen": func(r *rig) error {
			var err error
			for n := range 20 {
				err = errors.Join(err, r.call(t, con(n), fails))
				if n == 18 {
					r.now = r.now.Add(time.Minute)
				}
			}
			return errors.Join(err, r.call(t, con(0), answers))
		},
	} {
		r := newRig()
		if err := run(r); err != nil || len(r.bus.Events()) != 0 {
			t.Errorf("%s: %v, events %v", name, err, r.bus.Types())
		}
	}
}

// The trouble of one provider is that of no other.
func TestOUT07ProvidersAreApart(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.down(t)
	if _, err := r.Admit(t.Context(), "shopify", con(1)); err != nil {
		t.Errorf("another provider: %v", err)
	}
	if _, err := r.Admit(t.Context(), "stripe", con(1)); err == nil {
		t.Error("the provider that is down: no error")
	}
}

// After an outage the connections come back one after the other over
// five minutes, each at a time of its own that repeating does not bring forward.
func TestOUT02RecoveryRamps(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.down(t)
	r.now = r.now.Add(31 * time.Second)
	if err := r.call(t, con(0), answers); err != nil {
		t.Fatalf("probe: %v", err)
	}
	admitted, least := 0, []int{50, 200, 400, 600, 750, 1000}
	back := map[int]bool{}
	for minute := range 6 {
		for n := range 1000 {
			_, err := r.Admit(t.Context(), "stripe", con(n))
			if err == nil && !back[n] {
				back[n], admitted = true, admitted+1
			}
			if err != nil && back[n] {
				t.Fatalf("connection %d is refused after it was admitted", n)
			}
			if again, _ := r.Admit(t.Context(), "stripe", con(n)); err != nil && again.Provider == "" {
				t.Fatal("no provider")
			}
		}
		if admitted < least[minute] || minute < 5 && admitted > least[minute]+250 {
			t.Errorf("after %d min: %d of 1000 are back, want about %d", minute, admitted, least[minute]+100)
		}
		r.now = r.now.Add(time.Minute)
	}
	if got := r.bus.Events(); len(got) != 2 || got[1].Detail["phase"] != "ended" {
		t.Errorf("events: got %v, want the beginning and the end", got)
	}
}

// A provider that fails again while it recovers is left alone sooner.
func TestRelapseStopsSooner(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.down(t)
	r.now = r.now.Add(31 * time.Second)
	if err := r.call(t, con(0), answers); err != nil {
		t.Fatal(err)
	}
	r.now = r.now.Add(4*time.Minute + 59*time.Second)
	sent := 0
	for n := range 100 {
		if r.call(t, con(n), fails) == nil {
			sent++
		}
	}
	if sent != 5 {
		t.Errorf("calls to a provider that relapsed: got %d, want 5", sent)
	}
}

// A refusal of very many is not believed; one of a few is.
func TestOUT04Storm(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		every, connections int
		held               bool
	}{
		"40 % of a thousand": {5, 1000, true}, // Two of five.
		"all of twenty":      {1, 20, false},
		"all of thirty":      {1, 30, true},
	} {
		r := newRig()
		held := 0
		for n := range c.connections {
			pass, err := r.Admit(t.Context(), "stripe", con(n))
			if err != nil {
				t.Fatal(err)
			}
			if n%c.every >= (c.every+1)*2/5 && c.every > 1 {
				r.Answered(t.Context(), pass)
			} else if r.Refused(t.Context(), pass) {
				held++
			}
		}
		if (held > 0) != c.held {
			t.Errorf("%s: %d refusals are held", name, held)
		}
		if got := r.bus.Types(); c.held != (len(got) == 1 && got[0] == notify.ProviderRefusals) {
			t.Errorf("%s: events %v", name, got)
		}
	}
}

// A share of one in twenty is what happens every day.
func TestFewRefusalsAmongManyAreBelieved(t *testing.T) {
	t.Parallel()
	r := newRig()
	for n := range 3000 {
		pass, _ := r.Admit(t.Context(), "stripe", con(n))
		if n%25 != 0 {
			r.Answered(t.Context(), pass)
		} else if r.Refused(t.Context(), pass) {
			t.Fatalf("refusal %d is held", n)
		}
	}
}

// A storm is over an hour after its last refusal, or when a day has passed.
func TestStormEnds(t *testing.T) {
	t.Parallel()
	r := newRig()
	storm := func() (held bool) {
		for range 30 {
			held = r.Refused(t.Context(), outage.Pass{Provider: "stripe"})
		}
		return held
	}
	if !storm() {
		t.Fatal("a storm is not held")
	}
	r.now = r.now.Add(61 * time.Minute)
	if r.Refused(t.Context(), outage.Pass{Provider: "stripe"}) {
		t.Error("an hour later one refusal is held")
	}
	for range 24 {
		storm()
		r.now = r.now.Add(time.Hour)
	}
	if storm() {
		t.Error("after a day refusals are still held")
	}
	r.now = r.now.Add(24 * time.Hour)
	if !storm() {
		t.Error("another storm a day later is not held")
	}
}

// A healthy provider costs no write.
func TestHealthCostsNothing(t *testing.T) {
	t.Parallel()
	r := newRig()
	for n := range 50 {
		if err := r.call(t, con(n), answers); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.store.Writes(); got != 0 {
		t.Errorf("writes: got %d, want none", got)
	}
	_ = r.call(t, con(0), refuses)
	r.now = r.now.Add(11 * time.Minute)
	before := r.store.Writes()
	_ = r.call(t, con(1), answers)
	if got := r.store.Writes() - before; got != 0 {
		t.Errorf("writes ten minutes after a refusal: got %d, want none", got)
	}
}

// broken is a store that does not answer.
type broken struct{}

func (broken) Get(context.Context, string) (outage.Record, error) {
	return outage.Record{}, errors.New("the table is down")
}

func (broken) Update(context.Context, string, func(*outage.Record) error) (outage.Record, error) {
	return outage.Record{}, errors.New("the table is down")
}

func (broken) List(context.Context) ([]outage.Record, error) {
	return nil, errors.New("the table is down")
}

// Our own trouble is not the provider's.
func TestTroubleWithTheStoreStopsNothing(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.Store = broken{}
	for n := range 50 {
		if err := r.call(t, con(n), fails); err != nil {
			t.Fatalf("Admit: %v", err)
		}
		if r.Refused(t.Context(), outage.Pass{Provider: "stripe"}) {
			t.Fatal("a refusal is held")
		}
	}
}
