package lease_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/killswitch/killswitchtest"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// AUD-06: a switch that comes while a lease waits for a refresh that fails keeps
// the old token from being handed out, valid as it may be.
func TestAUD06SwitchDuringARefreshThatFails(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		switches := new(killswitchtest.Memory)
		r.gated(switches)
		time.Sleep(time.Hour - 40*time.Second)
		r.provider.Script("/token", methodtest.Step{Status: 503, After: func() {
			if err := switches.Create(t.Context(), stage); err != nil {
				t.Error(err)
			}
			time.Sleep(10 * time.Second)
		}})
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeKillSwitch) {
			t.Errorf("Lease: got %v, want kill_switch", err)
		}
	})
}
