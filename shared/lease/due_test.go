package lease_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// The message comes again while the first delivery still waits for the provider,
// and once more when all is done: the provider is asked once.
func TestEVT02MessageTwiceWhileTheFirstRuns(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		time.Sleep(time.Until(r.record(t).Due.Refresh))
		r.provider.Script("/token", methodtest.Step{After: func() { time.Sleep(8 * time.Second) }})
		body, err := json.Marshal(due.Item{Tenant: tenant, Kind: due.Connection, ID: con, At: r.record(t).Due.Refresh})
		if err != nil {
			t.Fatal(err)
		}
		deliver := func(r *lease.Refresher) {
			if err := due.Handler(r.Due)(t.Context(), "run-1", body); err != nil {
				t.Errorf("the message comes back: %v", err)
			}
		}
		var group sync.WaitGroup
		for _, after := range []time.Duration{0, 0, 5 * time.Second, 7 * time.Second} {
			p := r.start()
			group.Go(func() {
				time.Sleep(after)
				deliver(p.Refresher)
			})
		}
		group.Wait()
		deliver(r.Refresher)
		r.wantRequests(t, 1)
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
		if wait := time.Until(r.record(t).Due.Refresh); wait < 30*time.Minute {
			t.Errorf("due again in %s, want after most of the new token's life", wait)
		}
	})
}

// A message about what was deleted since is done with.
func TestEVT03MessageOfWhatIsGone(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		for _, item := range []due.Item{{Tenant: "gone", Kind: due.Connection, ID: con}, {Tenant: tenant, Kind: due.Connection, ID: "con_gone"}} {
			if err := r.Refresher.Due(t.Context(), "run-1", item); err != nil {
				t.Errorf("%s/%s: %v", item.Tenant, item.ID, err)
			}
		}
		r.wantRequests(t, 0)
	})
}
