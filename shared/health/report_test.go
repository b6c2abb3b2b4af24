package health_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/health"
)

func calls(outcomes ...catalog.Outcome) []health.Call {
	out := make([]health.Call, len(outcomes))
	for i, o := range outcomes {
		out[i] = health.Call{Outcome: o}
	}
	return out
}

// report reports calls and lets what follows be derived.
func (r *rig) report(t *testing.T, outcomes ...catalog.Outcome) {
	t.Helper()
	if _, err := r.Report(t.Context(), ann, con, calls(outcomes...)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(due.Soon)
	r.derive(t)
}

// derive does what the sweep, its queue and the consumer do.
func (r *rig) derive(t *testing.T) (derived int) {
	t.Helper()
	refs := r.history.Due(time.Now())
	for _, ref := range refs {
		if err := r.Derive(t.Context(), "run-1", due.Item{Tenant: ref.Tenant, Kind: "history", ID: ref.ID, At: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	return len(refs)
}

// Where there is no credential there is nothing to look at: a check that is due
// would stay so.
func TestReportWithoutCredentialPlansNoCheck(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.change(t, func(c *connection.Connection) { c.Credential, c.Due = nil, connection.Due{} })
		r.report(t, catalog.AuthError)
		if due := r.record(t).Due.Health; !due.IsZero() {
			t.Errorf("check due at %s, want never", due)
		}
	})
}

// Reports decide the colour and never the credential.
func TestReport(t *testing.T) {
	for name, c := range map[string]struct {
		calls  []catalog.Outcome
		status string
		reason connection.Reason
		check  time.Duration // When the next is due at the latest.
	}{
		"all well":            {[]catalog.Outcome{catalog.OK, catalog.OK}, connection.StatusActive, connection.ReasonNone, 24 * time.Hour},
		"one failure":         {[]catalog.Outcome{catalog.OK, catalog.ProviderError}, connection.StatusActive, connection.ReasonNone, time.Hour},
		"the order counts":    {[]catalog.Outcome{catalog.Unknown, catalog.PermissionError}, connection.StatusDegraded, connection.ReasonPermissions, time.Hour},
		"refused":             {[]catalog.Outcome{catalog.AuthError}, connection.StatusDegraded, connection.ReasonVerificationFailed, due.Soon},
		"four good after one": {[]catalog.Outcome{catalog.PermissionError, catalog.OK, catalog.OK, catalog.OK, catalog.OK}, connection.StatusDegraded, connection.ReasonPermissions, time.Hour},
		"five good after one": {[]catalog.Outcome{catalog.PermissionError, catalog.OK, catalog.OK, catalog.OK, catalog.OK, catalog.OK}, connection.StatusActive, connection.ReasonNone, 24 * time.Hour},
		"a word of the time":  {[]catalog.Outcome{"surprise"}, connection.StatusDegraded, connection.ReasonVerificationFailed, time.Hour},
		"nothing":             {nil, connection.StatusActive, connection.ReasonNone, 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, oauth, func(t *testing.T, r *rig) {
				time.Sleep(20 * time.Minute)
				before := r.record(t)
				told, err := r.Report(t.Context(), ann, con, calls(c.calls...))
				if s := connection.StatusOf(&told, time.Now()); err != nil || s.Name != c.status || s.Reason != c.reason {
					t.Errorf("Report: got %s (%s), %v; want %s (%s)", s.Name, s.Reason, err, c.status, c.reason)
				}
				if after := r.record(t); after.Version != before.Version || len(r.bus.Events()) > 0 {
					t.Error("the report itself changed the connection")
				}
				time.Sleep(due.Soon)
				r.derive(t)
				r.wantStatus(t, c.status, c.reason)
				if next := time.Until(r.record(t).Due.Health); next > c.check || next < 0 || c.check == time.Hour && next < 50*time.Minute {
					t.Errorf("next check in %s, want within %s", next, c.check)
				}
				if r.record(t).Health.Reason != connection.ReasonNone {
					t.Error("a report set the reason of the credential")
				}
			})
		})
	}
}

func TestReportDoesNotBringADeadCredentialBack(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.change(t, func(c *connection.Connection) { c.Health.Reason = connection.ReasonReauthRequired })
		r.report(t, catalog.OK, catalog.OK, catalog.OK, catalog.OK, catalog.OK)
		r.wantStatus(t, connection.StatusDegraded, connection.ReasonReauthRequired)
	})
}

func TestReportIsRefused(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		for want, caller := range map[fault.Code]auth.Caller{
			fault.CodeForbidden: {Tenant: tenant, Home: tenant, Scopes: []string{auth.ConnectionsWrite}},
			fault.CodeNotFound:  {Tenant: "globex", Home: "globex", Scopes: []string{auth.ConnectionsLease}},
		} {
			if _, err := r.Report(t.Context(), caller, con, calls(catalog.AuthError)); !fault.Has(err, want) {
				t.Errorf("Report: got %v, want %s", err, want)
			}
		}
		r.change(t, func(c *connection.Connection) { c.Lifecycle = connection.Deleting })
		if _, err := r.Report(t.Context(), ann, con, calls(catalog.AuthError)); !fault.Has(err, fault.CodeNotFound) {
			t.Errorf("Report while being deleted: got %v, want not_found", err)
		}
	})
}

func TestReportOfAPausedConnectionMakesNothingDue(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.change(t, func(c *connection.Connection) { c.Lifecycle, c.Due = connection.Disabled, connection.Due{} })
		r.report(t, catalog.AuthError)
		if got := r.record(t).Due; got != (connection.Due{}) {
			t.Errorf("due: got %+v, want nowhere", got)
		}
	})
}

func TestReceipt(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		in := api.CallReport{Calls: []api.Call{{Outcome: "ok"}, {Outcome: "permission_error"}}}
		c, err := r.Report(t.Context(), ann, con, health.Calls(in))
		if err != nil {
			t.Fatal(err)
		}
		want := api.CallReceipt{Recorded: 2, Status: "degraded", Reason: "permissions"}
		if got := health.Receipt(in, c, time.Now()); got != want {
			t.Errorf("receipt: got %+v, want %+v", got, want)
		}
	})
}
