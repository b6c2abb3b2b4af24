package health_test

import (
	"context"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
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

// Where there is no credential there is nothing to look at: a check that is due
// would stay so.
func TestReportWithoutCredentialPlansNoCheck(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.change(t, func(c *connection.Connection) { c.Credential, c.Due = nil, connection.Due{} })
		if _, err := r.Report(t.Context(), ann, con, calls(catalog.AuthError)); err != nil {
			t.Fatal(err)
		}
		if due := r.record(t).Due.Health; !due.IsZero() {
			t.Errorf("check due at %s, want never", due)
		}
	})
}

// Reports decide the colour and never the credential.
func TestReport(t *testing.T) {
	for name, c := range map[string]struct {
		calls  []health.Call
		status string
		reason connection.Reason
		probe  bool // A check is due at once.
	}{
		"all well":            {calls(catalog.OK, catalog.OK), connection.StatusActive, connection.ReasonNone, false},
		"one failure":         {calls(catalog.OK, catalog.ProviderError), connection.StatusDegraded, connection.ReasonProviderOutage, false},
		"the order counts":    {calls(catalog.ProviderError, catalog.PermissionError), connection.StatusDegraded, connection.ReasonPermissions, false},
		"refused":             {calls(catalog.AuthError), connection.StatusDegraded, connection.ReasonVerificationFailed, true},
		"four good after one": {calls(catalog.RateLimited, catalog.OK, catalog.OK, catalog.OK, catalog.OK), connection.StatusDegraded, connection.ReasonRateLimited, false},
		"five good after one": {calls(catalog.RateLimited, catalog.OK, catalog.OK, catalog.OK, catalog.OK, catalog.OK), connection.StatusActive, connection.ReasonNone, false},
		"a word of the time":  {calls("surprise"), connection.StatusDegraded, connection.ReasonVerificationFailed, false},
		"nothing":             {nil, connection.StatusActive, connection.ReasonNone, false},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, oauth, func(t *testing.T, r *rig) {
				time.Sleep(time.Minute)
				if _, err := r.Report(t.Context(), ann, con, c.calls); err != nil {
					t.Fatal(err)
				}
				r.wantStatus(t, c.status, c.reason)
				if got := r.record(t).Due.Health.After(time.Now()); got == c.probe {
					t.Errorf("due now: got %v, want %v", !got, c.probe)
				}
				if called := r.record(t).Health.CalledAt; called.Equal(time.Now()) != (len(c.calls) > 0) {
					t.Errorf("last call: got %s", called)
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
		if _, err := r.Report(t.Context(), ann, con, calls(catalog.OK, catalog.OK, catalog.OK, catalog.OK, catalog.OK)); err != nil {
			t.Fatal(err)
		}
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
		if _, err := r.Report(t.Context(), ann, con, calls(catalog.AuthError)); err != nil {
			t.Fatal(err)
		}
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

// swept checks what is due.
func (r *rig) swept(ctx context.Context) (found, done, failed int, err error) {
	return connectiontest.Sweep(ctx, r.Store, connection.HealthDue, time.Now(), 8, r.Due)
}

func (r *rig) sweep(t *testing.T, due, failed int) {
	t.Helper()
	gotDue, done, gotFailed, err := r.swept(t.Context())
	if gotDue != due || done != due-failed || gotFailed != failed || err != nil {
		t.Errorf("Sweep: got %d due, %d done, %d failed, %v; want %d, %d, %d", gotDue, done, gotFailed, err, due, due-failed, failed)
	}
}

func TestSweepChecksWhatIsDue(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.sweep(t, 0, 0)
		time.Sleep(24 * time.Hour)
		r.sweep(t, 1, 0)
		r.sweep(t, 0, 0)
		if got := r.provider.Requests("/me"); len(got) != 1 {
			t.Errorf("probes: got %d, want 1", len(got))
		}
		entries, _, err := r.audits.List(t.Context(), tenant, audit.Query{Action: audit.ConnectionVerify, Limit: 10})
		if err != nil || len(entries) != 1 || entries[0].Actor != "job/queue-health" || entries[0].RequestID != "run-1" {
			t.Errorf("audit: got %+v, %v; want one entry of the job", entries, err)
		}
	})
}

// EVT-01: the same run delivered twice, and entries of an index that lags.
func TestSweepOfAnOutdatedIndexEntry(t *testing.T) {
	for name, change := range map[string]func(*connection.Connection){
		"checked meanwhile":   func(c *connection.Connection) { c.Due.Health = time.Now().Add(time.Minute) },
		"never due again":     func(c *connection.Connection) { c.Due.Health = time.Time{} },
		"paused":              func(c *connection.Connection) { c.Lifecycle = connection.Disabled },
		"being deleted":       func(c *connection.Connection) { c.Lifecycle = connection.Deleting },
		"without credential":  func(c *connection.Connection) { c.Credential = nil },
		"deleted (not found)": nil,
	} {
		t.Run(name, func(t *testing.T) {
			run(t, oauth, func(t *testing.T, r *rig) {
				time.Sleep(24 * time.Hour)
				r.Store = lateIndex{r.Store, connection.Ref{Tenant: tenant, ID: con}}
				if change == nil {
					if err := r.memory.Delete(t.Context(), tenant, con); err != nil {
						t.Fatal(err)
					}
				} else {
					r.change(t, change)
				}
				r.sweep(t, 1, 0)
				if p, f := r.provider.Requests("/me"), r.provider.Requests("/token"); len(p)+len(f) != 0 {
					t.Errorf("requests: got %d probes, %d refreshes; want none", len(p), len(f))
				}
			})
		})
	}
}

// lateIndex always has one entry.
type lateIndex struct {
	connection.Store
	ref connection.Ref
}

func (l lateIndex) Due(context.Context, connection.Index, time.Time, int) ([]connection.Ref, error) {
	return []connection.Ref{l.ref}, nil
}

func TestSweepGoesOnAfterAFailure(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		broken := r.record(t)
		broken.ID, broken.Version = "con_0", 0
		broken.Credential.ExpiresAt = time.Time{} // Its hot copy is that of con_1.
		if err := r.memory.Create(t.Context(), broken); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		r.sweep(t, 2, 1)
	})
}
