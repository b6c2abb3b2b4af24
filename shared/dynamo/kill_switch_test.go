package dynamo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/killswitch/killswitchtest"
)

func TestKillSwitches(t *testing.T) {
	killswitchtest.Run(t, func(t *testing.T) killswitch.Store { return dynamo.KillSwitches{Table: dynamotest.New(t)} })
}

// A walk that is not over is found by the sweep of the reconciler's index, as a
// record of its kind.
func TestKillSwitchIsDue(t *testing.T) {
	table := dynamotest.New(t)
	s := dynamo.KillSwitches{Table: table}
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	const id = "kls_01M7VZGC000000000000000001"
	r := killswitch.Record{ID: id, Target: killswitch.Target{Scope: killswitch.ScopeConnector, Connector: "crm"}, Due: at}
	if err := s.Create(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	found := func() []due.Item {
		items, err := dynamo.Sweeps{Table: table}.Due(t.Context(), due.Reconcile, due.Shard(id), time.Time{}, at.Add(time.Hour), 10)
		if err != nil {
			t.Fatal(err)
		}
		return items
	}
	if diff := cmp.Diff([]due.Item{{Tenant: "org", Kind: due.KillSwitch, ID: id, At: at}}, found()); diff != "" {
		t.Errorf("due (-want +got):\n%s", diff)
	}
	if _, err := s.Update(t.Context(), id, func(r *killswitch.Record) error { r.Due = time.Time{}; return nil }); err != nil {
		t.Fatal(err)
	}
	if left := found(); len(left) > 0 {
		t.Errorf("due when the walk is over: %+v", left)
	}
}
