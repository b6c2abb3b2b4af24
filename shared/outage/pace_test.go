package outage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
)

// enter enters at a pace and reports whether there was a place.
func (r *rig) enter(t *testing.T, pace catalog.Pace, must bool) (leave func(), ok bool) {
	t.Helper()
	leave, err := r.Enter(t.Context(), stripeAPI, pace, must)
	if f := fault.From(err); err != nil && (f.Code != fault.CodeRetryLater || f.RetryAfter <= 0) {
		t.Fatalf("Enter: got %v after %s, want retry_later", err, f.RetryAfter)
	}
	return leave, err == nil
}

// OUT-02: at most one call in each interval, whoever makes it.
func TestOUT02PaceHolds(t *testing.T) {
	t.Parallel()
	r := newRig()
	pace, entered := catalog.Pace{IntervalMillis: 2000}, 0
	for range 100 {
		for range 5 {
			if _, ok := r.enter(t, pace, false); ok {
				entered++
			}
		}
		r.now = r.now.Add(500 * time.Millisecond)
	}
	if entered != 25 {
		t.Errorf("calls in 50 s: got %d, want one each 2 s", entered)
	}
}

// At most so many at once; a place is free again when it was left, and after a
// minute where whoever took it died.
func TestPlacesAreLimited(t *testing.T) {
	t.Parallel()
	r := newRig()
	pace := catalog.Pace{Concurrency: 2}
	first, _ := r.enter(t, pace, false)
	if _, ok := r.enter(t, pace, false); !ok {
		t.Fatal("the second: no place")
	}
	if _, ok := r.enter(t, pace, false); ok {
		t.Fatal("the third: a place")
	}
	first()
	if _, ok := r.enter(t, pace, false); !ok {
		t.Error("after one was left: no place")
	}
	r.now = r.now.Add(59 * time.Second)
	if _, ok := r.enter(t, pace, false); ok {
		t.Error("before a minute has passed: a place")
	}
	r.now = r.now.Add(time.Second)
	if _, ok := r.enter(t, pace, false); !ok {
		t.Error("after a minute: no place")
	}
}

// Who does not wait is never refused, and those who wait do so for it, too.
func TestWhoMustEntersAlways(t *testing.T) {
	t.Parallel()
	r := newRig()
	pace := catalog.Pace{IntervalMillis: 1000, Concurrency: 1}
	for range 10 {
		if _, ok := r.enter(t, pace, true); !ok {
			t.Fatal("refused")
		}
	}
	r.now = r.now.Add(9 * time.Second)
	if _, ok := r.enter(t, pace, false); ok {
		t.Error("it took no place")
	}
}

// Without a pace, and with a store in trouble, nobody is held up.
func TestPaceCostsNothing(t *testing.T) {
	t.Parallel()
	r := newRig()
	for range 50 {
		if _, ok := r.enter(t, catalog.Pace{}, false); !ok {
			t.Fatal("refused")
		}
	}
	if got := r.store.Writes(); got != 0 {
		t.Errorf("writes: got %d, want none", got)
	}
	r.Store = broken{}
	for range 3 {
		if _, ok := r.enter(t, catalog.Pace{Concurrency: 1}, false); !ok {
			t.Error("our own trouble refuses")
		}
	}
}

// sleeps makes the monitor note when those begin that wait, while the clock
// stands still for the others.
func (r *rig) sleeps(err error) *[]time.Time {
	var began []time.Time
	r.Sleep = func(_ context.Context, d time.Duration) error {
		began = append(began, r.now.Add(d))
		return err
	}
	return &began
}

// OUT-02: what is sent at one instant goes on one after the other, none of it
// closer than the system allows, and none of it is sent back for that.
func TestOUT02TurnsAreReserved(t *testing.T) {
	t.Parallel()
	r := newRig()
	began, pace := r.sleeps(nil), catalog.Pace{IntervalMillis: 20}
	for n := range 10 {
		if _, ok := r.enter(t, pace, false); !ok {
			t.Fatalf("%d was refused", n)
		}
	}
	if len(*began) != 10 || (*began)[9].Sub(r.now) > 200*time.Millisecond {
		t.Fatalf("began at %v, want ten within 200 ms", *began)
	}
	for n, at := range (*began)[1:] {
		if gap := at.Sub((*began)[n]); gap < pace.Interval() {
			t.Errorf("%d began %s after the one before, want at least %s", n+1, gap, pace.Interval())
		}
	}
}

// Those that would wait long take no turn, and come back no later than after
// twice the time that they lack.
func TestLongWaitsAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig()
	began, pace, refused := r.sleeps(nil), catalog.Pace{IntervalMillis: 100}, 0
	for range 100 {
		_, err := r.Enter(t.Context(), stripeAPI, pace, false)
		if err == nil {
			continue
		}
		refused++
		if after := fault.From(err).RetryAfter; after < 2*time.Second || after > 5*time.Second {
			t.Fatalf("it is to come back after %s, want some seconds", after)
		}
	}
	if last := (*began)[len(*began)-1]; refused != 100-len(*began) || len(*began) != 20 || last.Sub(r.now) > 2*time.Second {
		t.Fatalf("%d got a turn, the last at %s, want those of two seconds", len(*began), last)
	}
	r.now = r.now.Add(2 * time.Second)
	if _, ok := r.enter(t, pace, false); !ok {
		t.Error("two seconds later: refused, want a turn")
	}
}

// Whoever stops waiting frees its place; its turn passes unused.
func TestCancelledWaitFreesThePlace(t *testing.T) {
	t.Parallel()
	r := newRig()
	pace := catalog.Pace{IntervalMillis: 1000, Concurrency: 1}
	r.sleeps(context.Canceled)
	if _, err := r.Enter(t.Context(), stripeAPI, pace, false); !errors.Is(err, context.Canceled) {
		t.Fatalf("Enter: got %v, want canceled", err)
	}
	began := r.sleeps(nil)
	if _, ok := r.enter(t, pace, false); !ok || len(*began) != 1 || (*began)[0].Sub(r.now) < pace.Interval() {
		t.Errorf("the next: entered %v at %v, want after the turn that was not used", ok, *began)
	}
}
