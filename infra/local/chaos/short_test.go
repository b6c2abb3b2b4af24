package chaos_test

import (
	"slices"
	"testing"
	"time"
)

// TestShort is the part of TestREF17KillStorm that every change is held to: a
// fixed choice of strikes, where the seed decides only which provider a
// disturbance is tried with. CHAOS_SEED repeats it.
func TestShort(t *testing.T) {
	t.Parallel()
	seed := number(t, "CHAOS_SEED", time.Now().UnixNano())
	t.Logf("CHAOS_SEED=%d", seed)
	begun := time.Now()
	r := newRun(t, seed)
	calls := r.rehearse(t)
	kills, disturbed := killsFrom(calls), disturbances(r.random, calls, fails, throttle, late)
	r.strikes = slices.Concat(kills, disturbed)
	crowd := newCrowd(t, r, calls[kind{cold: true}])
	r.connect(t, kills)
	crowd.begin(t)
	r.strike(t, kills)
	r.connect(t, disturbed) // The rest takes place while the leases of the dead last.
	r.strike(t, disturbed)
	t.Run("REF-03 a paused holder and a crowd", crowd.end)
	r.await(t)
	r.recover(t)
	r.examine(t)
	r.outcomes(t)
	r.e.invariants.summary(t)
	t.Logf("done in %.0f s; repeat it with CHAOS_SEED=%d", time.Since(begun).Seconds(), seed)
}
