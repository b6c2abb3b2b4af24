package lease_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// gone lets the record name a version that the secret store does not have, as
// after a restore of one of the two; an older version is there.
func (r *rig) gone(t *testing.T) {
	t.Helper()
	r.change(t, func(c *connection.Connection) { c.Credential.At.Version = vault.Token("gone") })
}

// wantStatus checks the public status.
func (r *rig) wantStatus(t *testing.T, name string, reason connection.Reason) {
	t.Helper()
	c := r.record(t)
	if got := connection.StatusOf(&c, time.Now()); got.Name != name || got.Reason != reason {
		t.Errorf("status: got %s (%s), want %s (%s)", got.Name, got.Reason, name, reason)
	}
}

// STO-05: the secret store is ahead: a promotion died before the record named
// its version. The token that waits in the item is of the same epoch; the next
// refresh uses it, once, and the pointer is repaired.
func TestSTO05SecretStoreIsAhead(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		victim := r.start()
		victim.on["after promote 1"] = victim.crash
		_, _ = victim.lease(t.Context())
		if c := r.record(t); slices.Contains(r.secrets.Labels(secretName)[c.Credential.At.Version], "AWSCURRENT") {
			t.Fatal("the record is not behind")
		}
		time.Sleep(46 * time.Second)
		r.reconcile(t)
		r.wantPromoted(t)
		r.expire()
		r.token(t)
		r.wantRequests(t, 2)
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
	})
}

// STO-05: a version that no record names is never sent to the provider, whatever
// epoch it claims and though it is the current one: it may be of another account.
func TestSTO05VersionOfNoRecordIsNotUsed(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.write(t, vault.Material{Tenant: tenant, Resource: con, Epoch: 99, RefreshToken: secret.FromString("of nobody")})
		r.expire()
		r.token(t)
		if uses := r.provider.Uses("of nobody"); uses != 0 {
			t.Errorf("the version of no record was sent %d times", uses)
		}
		r.wantPromoted(t)
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
	})
}

// STO-05: the record is ahead and a newer token waits in the item: by its epoch
// it is the one in force, and its promotion repairs the pointer.
func TestSTO05VersionIsGoneAndANewerTokenWaits(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.wait(t)
		r.gone(t)
		r.provider.Lifetime = 3600
		time.Sleep(5 * time.Minute)
		r.token(t)
		r.wantPromoted(t)
		r.expire()
		r.token(t)
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
	})
}

// unreadable are the ways in which what a refresh needs can be out of reach.
var unreadable = map[string]struct{ harm, mend func(*testing.T, *rig) }{
	"STO-05 the version on record is gone": {
		func(t *testing.T, r *rig) { r.gone(t) },
		func(t *testing.T, r *rig) { r.reconnect(t); r.expire() },
	},
	"STO-08 the secret was deleted": {
		func(t *testing.T, r *rig) {
			if err := r.secrets.Delete(t.Context(), secretName); err != nil {
				t.Fatal(err)
			}
		},
		func(t *testing.T, r *rig) { r.reconnect(t); r.expire() },
	},
	"STO-08 the key of the secret is disabled": {
		func(_ *testing.T, r *rig) { r.lockSecrets() },
		func(_ *testing.T, r *rig) { r.unlockSecrets() },
	},
	"STO-08 the key of the tenant is disabled": {
		func(_ *testing.T, r *rig) { r.keys.Disable(r.dataKeys[tenant].KeyARN) },
		func(_ *testing.T, r *rig) { r.keys.Enable(r.dataKeys[tenant].KeyARN) },
	},
}

// STO-05, STO-08: an older version is not used in the place of one that cannot
// be read: its token was used up. Leases are refused and the provider is not
// contacted; the sweep says so in the status, until a refresh succeeds.
func TestSTO08CredentialCannotBeRead(t *testing.T) {
	for name, c := range unreadable {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire()
				c.harm(t, r)
				for range 2 {
					if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeCredentialUnavailable) || fault.From(err).Kind != fault.Conflict {
						t.Errorf("Lease: got %v, want credential_unavailable", err)
					}
					if due, done, failed, err := sweep(t.Context(), r.Refresher); due != 1 || done != 0 || failed != 1 || err != nil {
						t.Errorf("Sweep: got %d due, %d done, %d failed, %v; want 1, 0, 1", due, done, failed, err)
					}
					if due, _, _, _ := sweep(t.Context(), r.Refresher); due != 0 {
						t.Error("the sweep came back at once")
					}
					r.wantStatus(t, connection.StatusDegraded, connection.ReasonKeyUnavailable)
					time.Sleep(5 * time.Minute)
				}
				r.wantRequests(t, 0)
				if got := r.bus.Events(); len(got) != 1 || got[0].Detail["reason"] != "key_unavailable" {
					t.Errorf("events: got %v, want one of the status", got)
				}
				c.mend(t, r)
				if _, done, failed, err := sweep(t.Context(), r.Refresher); done != 1 || failed != 0 || err != nil {
					t.Errorf("Sweep: got %d done, %d failed, %v; want 1, 0", done, failed, err)
				}
				r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
			})
		})
	}
}

// A sweep that could not read the credential says nothing of one that was
// refreshed, or replaced, meanwhile.
func TestSTO08IsNotSaidOfANewerCredential(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		slow := r.start()
		slow.on["before secret get 1"] = r.lockSecrets
		slow.on["before update 3"] = func() { r.unlockSecrets(); r.reconnect(t) }
		if _, _, failed, err := sweep(t.Context(), slow.Refresher); failed != 1 || err != nil {
			t.Errorf("Sweep: got %d failed, %v; want 1", failed, err)
		}
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
	})
}
