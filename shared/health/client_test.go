package health_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// TOK-13: a client of the template that is refused is no outcome of a check. The
// status stays, whatever was asked, and the check is put off.
func TestTOK13RefusedClientLeavesTheConnectionAlone(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.change(t, func(c *connection.Connection) { c.Credential.MintedBy, c.Due.Health = 1, time.Now().Add(time.Hour) })
		time.Sleep(time.Hour)
		before := r.record(t).Health
		r.provider.Script("/token", methodtest.Step{Status: 401, Body: `{"error":"invalid_client"}`}, methodtest.Step{Status: 401})
		if due, _, failed, err := connectiontest.Sweep(t.Context(), r.Store, connection.HealthDue, time.Now(), 8, r.Due); due != 1 || failed != 1 || err != nil {
			t.Errorf("Sweep: %d due, %d failed, %v", due, failed, err)
		}
		if due := time.Until(r.record(t).Due.Health); due < 50*time.Minute || due > time.Hour {
			t.Errorf("next check: got in %s, want in about an hour", due)
		}
		time.Sleep(time.Minute)
		if _, err := r.Verify(t.Context(), ann, con); !fault.Has(err, fault.CodeProviderError) || fault.From(err).Remedy != "contact_admin" {
			t.Errorf("Verify: got %v, want provider_error and contact_admin", err)
		}
		if got := r.record(t).Health; got != before {
			t.Errorf("health: got %+v, want %+v", got, before)
		}
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
		if got := r.bus.Types(); len(got) != 0 {
			t.Errorf("events: got %v, want none of the connection", got)
		}
	})
}
