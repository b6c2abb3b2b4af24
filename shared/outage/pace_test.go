package outage_test

import (
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
