package lease_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// timed notes when requests are made.
type timed struct {
	method.Doer
	mu sync.Mutex
	at []time.Time
}

func (d *timed) Do(req *http.Request) (*http.Response, error) {
	d.mu.Lock()
	d.at = append(d.at, time.Now())
	d.mu.Unlock()
	return d.Doer.Do(req)
}

// OUT-02: a system that is called slowly is called as slowly when it is back, and
// everyone gets a new token nevertheless.
func TestOUT02RecoveryKeepsThePace(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		const pace = 2 * time.Second
		r.target.Connector.Pace = catalog.Pace{IntervalMillis: int(pace.Milliseconds()), Concurrency: 1}
		ids := r.crowd(t, 60)
		calls := &timed{Doer: r.provider}
		r.Refresher.Reach.HTTP = calls
		time.Sleep(50 * time.Minute)
		for range 500 {
			r.provider.Script("/token", methodtest.Step{Lost: true, Status: 503})
		}
		seconds := func(n int) {
			for range n {
				if _, _, _, err := sweep(t.Context(), r.Refresher); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
			}
		}
		seconds(10 * 60)
		down := len(calls.at)
		r.provider.Unscript("/token")
		seconds(20 * 60)
		if n := len(calls.at) - down; n < len(ids) {
			t.Errorf("requests after the outage: got %d, want one for each of %d", n, len(ids))
		}
		for i, at := range calls.at[1:] {
			if gap := at.Sub(calls.at[i]); gap < pace {
				t.Fatalf("request %d came %s after the one before, want %s", i+1, gap, pace)
			}
		}
		for _, id := range ids {
			if c, err := r.memory.Get(t.Context(), tenant, id); err != nil || !c.Fresh(time.Now(), 10*time.Minute) {
				t.Fatalf("%s: no new token, %v", id, err)
			}
		}
	})
}

// A lease does not wait for the turn of the connection.
func TestLeaseDoesNotWaitForThePace(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.target.Connector.Pace = catalog.Pace{IntervalMillis: 60_000, Concurrency: 1}
		ids := r.crowd(t, 3)
		time.Sleep(time.Hour)
		for _, id := range ids {
			if _, err := r.Lease(t.Context(), runtime, lease.Request{ConnectionID: id, Purpose: "test"}); err != nil {
				t.Errorf("Lease of %s: %v", id, err)
			}
		}
		r.change(t, func(c *connection.Connection) { c.Due.Refresh = time.Now() })
		if _, _, failed, err := sweep(t.Context(), r.Refresher); err != nil || failed != 1 {
			t.Errorf("Sweep: %d failed, %v; want the job to wait for those", failed, err)
		}
		if next := time.Until(r.record(t).Due.Refresh); next < time.Minute || next > 5*time.Minute {
			t.Errorf("its next try is in %s, want after the turns that were taken", next)
		}
	})
}

// One that gets no turn comes back when the sweep has not read ahead yet: what is
// planned for sooner would be found late while others are due.
func TestRefusedTurnIsPlannedForTheNextSweep(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.target.Connector.Pace = catalog.Pace{IntervalMillis: 5000}
		other := r.crowd(t, 1)[0]
		time.Sleep(time.Hour)
		if _, err := r.Lease(t.Context(), runtime, lease.Request{ConnectionID: other, Purpose: "test"}); err != nil {
			t.Fatal(err)
		}
		r.change(t, func(c *connection.Connection) { c.Due.Refresh = time.Now() })
		if _, _, failed, err := sweep(t.Context(), r.Refresher); err != nil || failed != 1 {
			t.Fatalf("Sweep: %d failed, %v; want the one without a turn", failed, err)
		}
		if next := time.Until(r.record(t).Due.Refresh); next < due.Soon || next > due.Soon+10*time.Second {
			t.Errorf("its next try is in %s, want right after %s", next, due.Soon)
		}
	})
}
