package health_test

import (
	"context"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
)

func (r *rig) sweep(t *testing.T, due, failed int) {
	t.Helper()
	gotDue, done, gotFailed, err := connectiontest.Sweep(t.Context(), r.Store, connection.HealthDue, time.Now(), 8, r.Due)
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
