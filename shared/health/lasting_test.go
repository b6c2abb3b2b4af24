package health_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/outage"
)

// OUT-01: keys that are all revoked look like an incident of the system, and for a
// day it is taken for one. Then they are told of, as they are not of a system that
// fails for longer.
func TestOUT01IncidentOfRefusalsIsBelievedAfterADay(t *testing.T) {
	for name, c := range map[string]struct {
		outcome catalog.Outcome
		want    string
	}{"refused": {catalog.AuthError, connection.StatusDegraded}, "down": {catalog.ProviderError, connection.StatusActive}} {
		t.Run(name, func(t *testing.T) {
			run(t, oauth, func(t *testing.T, r *rig) {
				api := outage.API(r.target.Connector, tenant, r.record(t).BaseURL)
				if api == "" {
					t.Fatal("no API")
				}
				m := r.Outages.For(tenant)
				for n := range 20 {
					m.Examined(t.Context(), m.Look(t.Context(), api), fmt.Sprint("con_", n), false)
				}
				r.report(t, c.outcome, c.outcome, c.outcome)
				r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
				time.Sleep(25 * time.Hour)
				r.report(t, c.outcome, c.outcome, c.outcome)
				got := r.record(t)
				if s := connection.StatusOf(&got, time.Now()); s.Name != c.want {
					t.Errorf("after a day: %s %s, want %s", s.Name, s.Reason, c.want)
				}
			})
		})
	}
}
