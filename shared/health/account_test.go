package health_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
)

// Before an account is chosen there is no address to ask: neither a person nor the
// job makes a check, and none is planned.
func TestNoCheckBeforeAnAccountIsChosen(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.verify(t, catalog.OK, 1, 0)
		r.change(t, func(c *connection.Connection) { c.AccountRequired, c.Due.Health = true, time.Now() })
		r.wantStatus(t, "degraded", connection.ReasonAccountRequired)
		if _, err := r.Verify(t.Context(), ann, con); !fault.Has(err, fault.CodeAccountRequired) {
			t.Errorf("Verify: got %v, want account_required", err)
		}
		if err := r.Due(t.Context(), "run-1", due.Item{Tenant: tenant, Kind: due.Connection, ID: con}); err != nil {
			t.Errorf("Due: %v", err)
		}
		if next := r.record(t).Due.Health; !next.IsZero() {
			t.Errorf("next check at %s", next)
		}
		if got := r.provider.Requests("/me"); len(got) != 1 {
			t.Errorf("probes: got %d, want the one before", len(got))
		}
	})
}
