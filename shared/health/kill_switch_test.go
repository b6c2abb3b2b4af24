package health_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/killswitch/killswitchtest"
)

// AUD-06: five seconds after a switch nobody uses a credential to see whether it
// works, neither a person nor the job, which looks again later.
func TestAUD06NoCheckUnderASwitch(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		switches := new(killswitchtest.Memory)
		r.Gate = &killswitch.Gate{Store: switches, Now: time.Now}
		r.verify(t, catalog.OK, 1, 0)
		on := killswitch.Record{ID: "kls_1", Target: killswitch.Target{Scope: killswitch.ScopeTenant, Tenant: tenant}}
		if err := switches.Create(t.Context(), on); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		if _, err := r.Verify(t.Context(), ann, con); !fault.Has(err, fault.CodeKillSwitch) {
			t.Errorf("Verify: got %v, want kill_switch", err)
		}
		r.change(t, func(c *connection.Connection) { c.Due.Health = time.Now() })
		item := due.Item{Tenant: tenant, Kind: due.Connection, ID: con}
		if err := r.Due(t.Context(), "run-1", item); !fault.Has(err, fault.CodeKillSwitch) {
			t.Errorf("Due: got %v, want kill_switch", err)
		}
		if next := r.record(t).Due.Health; next.Before(time.Now().Add(50 * time.Minute)) {
			t.Errorf("next check at %s", next)
		}
		if got := r.provider.Requests("/me"); len(got) != 1 {
			t.Errorf("probes: got %d, want the one before", len(got))
		}
		entries, _, err := r.audits.List(t.Context(), tenant, audit.Query{Actor: "job:queue-health", Limit: 10})
		if err != nil || len(entries) > 0 {
			t.Errorf("audited: %+v, %v", entries, err)
		}
	})
}
