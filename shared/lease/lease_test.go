package lease_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
)

// A lease of a fresh credential is the hot path: its cost is a promise.
func TestFreshLeaseIsOneReadAfterOneAuditEntry(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.token(t)
		warm := r.keys.Unwraps()
		r.calls.take()

		if got := r.token(t); got != r.access {
			t.Errorf("access token: got %q, want the one of the handoff", got)
		}
		want := []string{"audit connection.lease con_1", "get"}
		if diff := cmp.Diff(want, r.calls.take()); diff != "" {
			t.Errorf("calls of a warm lease differ (-want +got):\n%s", diff)
		}
		if got := r.keys.Unwraps() - warm; got != 0 {
			t.Errorf("unwraps of a warm lease: got %d, want 0", got)
		}
		if got := r.provider.Requests("/token"); len(got) != 0 {
			t.Errorf("token requests: got %d, want 0", len(got))
		}
	})
}

func TestLeaseIsAuditedWithItsPurposeAndID(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		l, err := r.lease(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		entries, _, err := r.audits.List(t.Context(), tenant, audit.Query{Limit: 10})
		if err != nil || len(entries) != 1 {
			t.Fatalf("audit: got %d entries, error %v; want 1", len(entries), err)
		}
		if e := entries[0]; e.Reason != "sync" || e.Facts["lease"] != l.ID || e.Resource != con || e.Actor != "acme/runtime" {
			t.Errorf("entry: got %+v, want purpose sync, lease %s", e, l.ID)
		}
	})
}

func TestLeaseIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		caller auth.Caller
		change func(*connection.Connection)
		want   fault.Code
	}{
		"without the scope":      {auth.Caller{Tenant: tenant, Home: tenant, Scopes: []string{auth.ConnectionsWrite}}, nil, fault.CodeForbidden},
		"of another tenant":      {auth.Caller{Tenant: "globex", Home: "globex", Scopes: []string{auth.ConnectionsLease}}, nil, fault.CodeNotFound},
		"while paused":           {runtime, func(c *connection.Connection) { c.Lifecycle = connection.Disabled }, fault.CodeConnectionDisabled},
		"while being deleted":    {runtime, func(c *connection.Connection) { c.Lifecycle = connection.Deleting }, fault.CodeNotFound},
		"before the first":       {runtime, func(c *connection.Connection) { c.Credential = nil }, fault.CodeConnectionPending},
		"of a moved hot copy":    {runtime, func(c *connection.Connection) { c.LeaseCount++ }, fault.CodeKeyIntegrity},
		"of an expired key":      {runtime, func(c *connection.Connection) { dead(c).Refreshable = false }, fault.CodeReauthRequired},
		"of a dead credential":   {runtime, func(c *connection.Connection) { dead(c); c.Health.Reason = connection.ReasonReauthRequired }, fault.CodeReauthRequired},
		"after a lost answer":    {runtime, func(c *connection.Connection) { dead(c); c.Health.Reason = connection.ReasonLostAnswer }, fault.CodeReauthRequired},
		"of an unknown material": {runtime, func(c *connection.Connection) { dead(c).At.Version = "gone" }, fault.CodeCredentialUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				if c.change != nil {
					r.change(t, c.change)
				}
				_, err := r.Lease(t.Context(), c.caller, lease.Request{ConnectionID: con, Purpose: "sync"})
				if !fault.Has(err, c.want) {
					t.Errorf("Lease: got %v, want %s", err, c.want)
				}
				if got := r.provider.Requests("/token"); len(got) != 0 {
					t.Errorf("token requests: got %d, want 0", len(got))
				}
			})
		})
	}
}

var runtime = auth.Caller{Tenant: tenant, Home: tenant, Subject: "runtime", Scopes: []string{auth.ConnectionsLease}}

// dead lets the access token be expired.
func dead(c *connection.Connection) *connection.Credential {
	c.Credential.ExpiresAt = time.Now()
	return c.Credential
}

func TestAUD01LeaseThatCannotBeRecordedIsNotGiven(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.Audit.Store = unwritable{audittest.NewMemory()}
		_, err := r.lease(t.Context())
		if !fault.Has(err, fault.CodeRetryLater) {
			t.Errorf("Lease: got %v, want retry_later", err)
		}
		if got := r.calls.take(); len(got) != 0 {
			t.Errorf("calls: got %v, want none", got)
		}
	})
}

// The refresh token stays in the service whatever is leased.
func TestLeaseNeverHoldsTheRefreshToken(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		for range 3 {
			l, err := r.lease(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			out, err := json.Marshal(l.API())
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(out), "refresh-canary") || strings.Contains(string(out), "client-secret") {
				t.Errorf("lease holds a long-lived secret: %s", out)
			}
			if !strings.Contains(string(out), "Bearer access-canary") {
				t.Errorf("lease: got %s, want the access token placed in a header", out)
			}
			r.expire()
		}
	})
}

func TestMinimumLifetime(t *testing.T) {
	for name, c := range map[string]struct {
		left, minimum time.Duration
		refreshed     bool
	}{
		"enough left":                            {61 * time.Second, 0, false},
		"less than a minute left":                {59 * time.Second, 0, true},
		"less than asked left":                   {29 * time.Minute, 30 * time.Minute, true},
		"as much as asked left":                  {31 * time.Minute, 30 * time.Minute, false},
		"more asked than a new token could have": {55 * time.Minute, 10 * time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				time.Sleep(time.Hour - c.left)
				l, err := r.Lease(t.Context(), runtime, lease.Request{ConnectionID: con, Minimum: c.minimum})
				if err != nil || l.Refreshed != c.refreshed {
					t.Errorf("Lease: refreshed %v, error %v; want refreshed %v", l.Refreshed, err, c.refreshed)
				}
			})
		})
	}
}

func TestLeaseWithoutExpiryIsNeverRefreshed(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.change(t, func(c *connection.Connection) { c.Credential.ExpiresAt = time.Time{} })
		time.Sleep(1000 * time.Hour)
		l, err := r.lease(t.Context())
		if err != nil || l.Refreshed || l.API().ExpiresAt != nil {
			t.Errorf("Lease: got refreshed %v, expiry %v, %v; want neither", l.Refreshed, l.API().ExpiresAt, err)
		}
	})
}

// unwritable is an audit store that is down.
type unwritable struct{ audit.Store }

func (unwritable) Append(context.Context, audit.Entry) error { return errors.New("down") }

// A token that nothing can renew is handed out until it dies: whoever asks for
// more time has no more of it than those who ask for none.
func TestTokenThatCannotBeRenewedServesToItsEnd(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.change(t, func(c *connection.Connection) { c.Credential.Refreshable, c.Due.Refresh = false, time.Time{} })
		time.Sleep(time.Hour - 30*time.Second)
		for _, minimum := range []time.Duration{0, 10 * time.Minute} {
			l, err := r.Lease(t.Context(), runtime, lease.Request{ConnectionID: con, Purpose: "sync", Minimum: minimum})
			if err != nil || l.Credential.AccessToken.Reveal() != r.access {
				t.Errorf("Lease for %s with half a minute left: %v", minimum, err)
			}
		}
		time.Sleep(26 * time.Second)
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeReauthRequired) {
			t.Errorf("Lease at its end: got %v, want reauth_required", err)
		}
	})
}
