package idempotencytest

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/idempotency"
)

// Run checks a store against the documentation of idempotency.Store, with a new,
// empty store for every subtest.
func Run(t *testing.T, open func(t *testing.T) idempotency.Store) {
	RunSequential(t, open)
	t.Run("one of many concurrent reservations holds", func(t *testing.T) { concurrentReserve(t, open(t)) })
	t.Run("one of many concurrent takeovers holds", func(t *testing.T) { concurrentTakeOver(t, open(t)) })
}

// RunSequential is Run without the subtests of concurrent writes, for emulators
// that do not isolate them.
func RunSequential(t *testing.T, open func(t *testing.T) idempotency.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, idempotency.Store)
	}{
		{"a free key is reserved", reserveFree},
		{"a running request keeps its key", reserveRunning},
		{"a finished request keeps its key", reserveFinished},
		{"a dead request is taken over with its resource", takeOver},
		{"a dead request is not taken over by another one", takeOverOther},
		{"an expired record is absent", reserveExpired},
		{"a released key is free", release},
		{"a finished key is not released", releaseFinished},
		{"a finished key is forgotten for its resource alone", forget},
		{"keys are per tenant", tenants},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

var now = time.Date(2026, 3, 1, 12, 0, 0, 1, time.UTC)

// sample returns what a request made at the given time reserves.
func sample(resource string, at time.Time) idempotency.Record {
	return idempotency.Record{
		Tenant: "acme", Key: "connection-create#key-1", Fingerprint: "print", ResourceID: resource,
		Until: at.Add(time.Minute), Expires: at.Add(24 * time.Hour),
	}
}

func reserveFree(t *testing.T, s idempotency.Store) {
	r := sample("con_1", now)
	reserve(t, s, r, now, r, true)
}

func reserveRunning(t *testing.T, s idempotency.Store) {
	first := sample("con_1", now)
	reserve(t, s, first, now, first, true)
	for _, at := range []time.Time{now, first.Until.Add(-time.Nanosecond)} {
		reserve(t, s, sample("con_2", at), at, first, false)
	}
}

func reserveFinished(t *testing.T, s idempotency.Store) {
	first := sample("con_1", now)
	reserve(t, s, first, now, first, true)
	finish(t, s, "acme")
	first.Done = true
	for _, at := range []time.Time{now, first.Until, first.Expires.Add(-time.Nanosecond)} {
		reserve(t, s, sample("con_2", at), at, first, false)
	}
}

func takeOver(t *testing.T, s idempotency.Store) {
	first := sample("con_1", now)
	reserve(t, s, first, now, first, true)
	want := sample("con_1", first.Until)
	reserve(t, s, sample("con_2", first.Until), first.Until, want, true)
	reserve(t, s, sample("con_3", first.Until), first.Until, want, false)
}

func takeOverOther(t *testing.T, s idempotency.Store) {
	first := sample("con_1", now)
	reserve(t, s, first, now, first, true)
	other := sample("con_2", first.Until)
	other.Fingerprint = "other"
	reserve(t, s, other, first.Until, first, false)
	reserve(t, s, sample("con_3", first.Until), first.Until, sample("con_1", first.Until), true)
}

func reserveExpired(t *testing.T, s idempotency.Store) {
	first := sample("con_1", now)
	reserve(t, s, first, now, first, true)
	finish(t, s, "acme")
	second := sample("con_2", first.Expires)
	second.Fingerprint = "other"
	reserve(t, s, second, first.Expires, second, true)
	third := sample("con_3", second.Expires.Add(time.Hour))
	reserve(t, s, third, second.Expires.Add(time.Hour), third, true)
}

func release(t *testing.T, s idempotency.Store) {
	first := sample("con_1", now)
	reserve(t, s, first, now, first, true)
	for range 2 {
		if err := s.Release(t.Context(), "acme", first.Key); err != nil {
			t.Fatalf("Release: %v", err)
		}
	}
	finish(t, s, "acme") // Nothing is left to finish, and nothing comes back.
	second := sample("con_2", now)
	reserve(t, s, second, now, second, true)
}

func releaseFinished(t *testing.T, s idempotency.Store) {
	first := sample("con_1", now)
	reserve(t, s, first, now, first, true)
	finish(t, s, "acme")
	if err := s.Release(t.Context(), "acme", first.Key); err != nil {
		t.Fatalf("Release: %v", err)
	}
	first.Done = true
	reserve(t, s, sample("con_2", now), now, first, false)
}

func tenants(t *testing.T, s idempotency.Store) {
	first, other := sample("con_1", now), sample("con_2", now)
	other.Tenant = "globex"
	reserve(t, s, first, now, first, true)
	reserve(t, s, other, now, other, true)
	finish(t, s, "globex")
	reserve(t, s, sample("con_3", now), now, first, false)
}

func concurrentReserve(t *testing.T, s idempotency.Store) {
	if got := holders(t, s, now); got != 1 {
		t.Errorf("%d of the concurrent requests hold the key, want 1", got)
	}
}

func concurrentTakeOver(t *testing.T, s idempotency.Store) {
	first := sample("con_1", now)
	reserve(t, s, first, now, first, true)
	if got := holders(t, s, first.Until); got != 1 {
		t.Errorf("%d of the concurrent requests took the key over, want 1", got)
	}
}

// holders counts which of many simultaneous requests hold the key.
func holders(t *testing.T, s idempotency.Store, at time.Time) int {
	t.Helper()
	held := make([]bool, 32)
	var wg sync.WaitGroup
	for n := range held {
		wg.Go(func() {
			_, reserved, err := s.Reserve(t.Context(), sample("con_1", at), at)
			if err != nil {
				t.Errorf("Reserve: %v", err)
			}
			held[n] = reserved
		})
	}
	wg.Wait()
	count := 0
	for _, h := range held {
		if h {
			count++
		}
	}
	return count
}

// reserve asks for r and checks which record stands and who holds it.
func reserve(t *testing.T, s idempotency.Store, r idempotency.Record, at time.Time, want idempotency.Record, reserved bool) {
	t.Helper()
	got, ok, err := s.Reserve(t.Context(), r, at)
	if err != nil {
		t.Fatalf("Reserve: %v", err)
	}
	if ok != reserved {
		t.Errorf("Reserve: reserved by this call is %t, want %t", ok, reserved)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the record that stands differs (-want +got):\n%s", diff)
	}
}

func finish(t *testing.T, s idempotency.Store, tenant string) {
	t.Helper()
	if err := s.Finish(t.Context(), tenant, sample("", now).Key); err != nil {
		t.Fatalf("Finish: %v", err)
	}
}

func forget(t *testing.T, s idempotency.Store) {
	first := sample("con_1", now)
	reserve(t, s, first, now, first, true)
	finish(t, s, "acme")
	first.Done = true
	for _, other := range [][3]string{{"acme", first.Key, "con_2"}, {"globex", first.Key, "con_1"}, {"acme", "connection-create#key-2", "con_1"}} {
		if err := s.Forget(t.Context(), other[0], other[1], other[2]); err != nil {
			t.Fatal(err)
		}
		reserve(t, s, sample("con_2", now), now, first, false)
	}
	if err := s.Forget(t.Context(), "acme", first.Key, "con_1"); err != nil {
		t.Fatal(err)
	}
	second := sample("con_2", now)
	reserve(t, s, second, now, second, true)
}
