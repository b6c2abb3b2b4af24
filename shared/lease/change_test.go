package lease_test

import (
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// leaseDuring leases while change happens between the provider's work and its
// answer.
func (r *rig) leaseDuring(t *testing.T, change func()) error {
	t.Helper()
	r.provider.Script("/token", methodtest.Step{After: change})
	var err error
	var group sync.WaitGroup
	p := r.start()
	group.Go(func() { _, err = p.lease(t.Context()) })
	group.Wait()
	return err
}

// A pause is a promise: nothing is handed out, but the rotated refresh
// token is kept, or the pause would be for ever.
func TestREF12PausedDuringARefresh(t *testing.T) {
	for name, left := range map[string]time.Duration{"old token expired": 0, "old token valid": 30 * time.Second} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				time.Sleep(time.Hour - left)
				err := r.leaseDuring(t, func() {
					r.change(t, func(c *connection.Connection) { c.Lifecycle, c.Due = connection.Disabled, connection.Due{} })
				})
				if !fault.Has(err, fault.CodeConnectionDisabled) {
					t.Errorf("Lease: got %v, want connection_disabled", err)
				}
				if c := r.record(t); c.Lifecycle != connection.Disabled || c.Due != (connection.Due{Reconcile: c.Refresh.PromoteAt}) {
					t.Errorf("record: got %s, due %+v; want it paused, and due only for the promotion of the token", c.Lifecycle, c.Due)
				}
				r.change(t, func(c *connection.Connection) { c.Lifecycle = connection.Ready })
				r.expire()
				r.token(t)
			})
		})
	}
}

func TestPausedDuringAFailingRefreshIsDueNowhere(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		r.provider.Script("/token", methodtest.Step{Status: 503, Before: func() {
			r.change(t, func(c *connection.Connection) { c.Lifecycle, c.Due = connection.Disabled, connection.Due{} })
		}})
		_, _ = r.lease(t.Context())
		if c := r.record(t); !c.Due.Refresh.IsZero() {
			t.Errorf("due: got %s, want never", c.Due.Refresh)
		}
	})
}

// What the provider answered for a connection that is gone by then is
// discarded, and the provider told so.
func TestREF12DeletedDuringARefresh(t *testing.T) {
	for name, remove := range map[string]func(*testing.T, *rig){
		"marked": func(t *testing.T, r *rig) {
			r.change(t, func(c *connection.Connection) { c.Lifecycle = connection.Deleting; c.Refresh.Epoch++ })
		},
		"gone": func(t *testing.T, r *rig) {
			if err := r.secrets.Delete(t.Context(), secretName); err != nil {
				t.Error(err)
			}
			if err := r.memory.Delete(t.Context(), tenant, con); err != nil {
				t.Error(err)
			}
		},
	} {
		for age, left := range map[string]time.Duration{"old token expired": 0, "old token valid": 30 * time.Second} {
			t.Run(name+" "+age, func(t *testing.T) {
				run(t, func(t *testing.T, r *rig) {
					time.Sleep(time.Hour - left)
					err := r.leaseDuring(t, func() { remove(t, r) })
					if !fault.Has(err, fault.CodeNotFound) {
						t.Errorf("Lease: got %v, want not_found", err)
					}
					c, err := r.memory.Get(t.Context(), tenant, con)
					if err == nil && (c.Lifecycle != connection.Deleting || len(c.Refresh.Token) > 0 || len(c.Refresh.Answer) > 0) {
						t.Errorf("record: got %s with refresh %+v, want nothing brought back", c.Lifecycle, c.Refresh)
					}
					if got := r.provider.Requests("/revoke"); len(got) != 1 {
						t.Errorf("revocations: got %d, want that of the new token", len(got))
					}
					if name == "gone" && (err == nil || len(r.secrets.Names()) != 0) {
						t.Errorf("after the deletion: error %v, secrets %v; want nothing left", err, r.secrets.Names())
					}
				})
			})
		}
	}
}

func TestREF12ReconnectedDuringARefresh(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		if err := r.leaseDuring(t, func() { r.reconnect(t) }); err != nil {
			t.Errorf("Lease: %v", err)
		}
		if got := r.token(t); got != r.access {
			t.Errorf("access token: got %q, want that of the reconnect", got)
		}
		if got := r.stored(t); got != r.refresh {
			t.Errorf("refresh token: got %q, want that of the reconnect", got)
		}
	})
}

// What is found in the secret store must be this connection's.
func TestMaterialOfAnotherConnectionIsRefused(t *testing.T) {
	for name, m := range map[string]vault.Material{
		"another connection": {Tenant: tenant, Resource: "con_2"},
		"another tenant":     {Tenant: "globex", Resource: con},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				m.RefreshToken = secret.FromString(r.refresh)
				at := r.write(t, m)
				r.change(t, func(c *connection.Connection) { dead(c).At = at })
				if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeKeyIntegrity) {
					t.Errorf("Lease: got %v, want kms_integrity", err)
				}
				r.wantRequests(t, 0)
			})
		})
	}
}
