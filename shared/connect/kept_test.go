package connect_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

const lastKey = "key-" + mark + "-last-0004"

// While a key is pending the current one cannot be replaced over its head.
func TestReplaceWhilePending(t *testing.T) {
	t.Parallel()
	w, c := staged(t)
	asked := len(w.provider.asked("me"))
	_, err := w.put(c.ID, "*", nextKey)
	refused(t, err, fault.CodeConflict)
	if diff := cmp.Diff(c, w.get(c.ID)); diff != "" || len(w.provider.asked("me")) > asked {
		t.Errorf("record (-before +after):\n%s", diff)
	}
	w.labelled(c.ID)
}

// A key staged while its replacement is verified is not lost over it.
func TestReplaceOvertakenByAStagedKey(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	w.provider.keys[lastKey] = "bob"
	w.provider.before = func(string) {
		w.provider.before = nil
		_, err := w.stage(c.ID, "*", lastKey)
		must(t, err)
	}
	_, err := w.put(c.ID, "*", nextKey)
	refused(t, err, fault.CodeConflict)
	w.serves(c.ID, goodKey)
	w.labelled(c.ID) // The one that was refused is out of the secret store.
	_, err = w.promote(c.ID, 0, grace)
	must(t, err)
	w.serves(c.ID, lastKey)
	w.labelled(c.ID)
}

// No version number is used twice, whatever became of its credential.
func TestVersionNumbersAreUsedOnce(t *testing.T) {
	t.Parallel()
	w, c := staged(t)
	_, err := w.stage(c.ID, "*", nextKey) // Supersedes the second.
	must(t, err)
	w.wantVersions(c.ID, 3, 1, 0)
	w.labelled(c.ID)
	_, err = w.drop(c.ID, 0)
	must(t, err)
	w.wantVersions(c.ID, 0, 1, 0)
	w.labelled(c.ID)
	_, err = w.promote(c.ID, 3, grace)
	refused(t, err, fault.CodeConflict)
	_, err = w.put(c.ID, "*", nextKey)
	must(t, err)
	w.wantVersions(c.ID, 0, 4, 0)
	_, err = w.stage(c.ID, "*", goodKey)
	must(t, err)
	w.wantVersions(c.ID, 5, 4, 0)
	w.labelled(c.ID)
}

func TestRollBack(t *testing.T) {
	t.Parallel()
	w, c := promoted(t)
	delete(w.provider.keys, goodKey)
	_, err := w.promote(c.ID, 1, grace)
	refused(t, err, fault.CodeVerificationFailed)
	w.serves(c.ID, nextKey)
	w.labelled(c.ID)
	w.provider.keys[goodKey] = "bob"
	_, err = w.stage(c.ID, "*", nextKey)
	must(t, err)
	_, err = w.promote(c.ID, 1, grace)
	must(t, err)
	w.serves(c.ID, goodKey)
	w.wantVersions(c.ID, 3, 1, 2) // What is pending stays so.
	w.labelled(c.ID)
	_, err = w.promote(c.ID, 2, grace)
	must(t, err)
	w.serves(c.ID, nextKey)
	w.wantVersions(c.ID, 3, 2, 1)
	_, err = w.promote(c.ID, 2, grace) // It is current already.
	must(t, err)
	w.wantVersions(c.ID, 3, 2, 1)
	_, err = w.promote(c.ID, 0, grace)
	must(t, err)
	w.wantVersions(c.ID, 0, 3, 2)
	w.labelled(c.ID)
	_, err = w.promote(c.ID, 1, grace)
	refused(t, err, fault.CodeConflict)
}

// CRD-03: when the grace ends the old key is destroyed.
func TestGraceEnds(t *testing.T) {
	t.Parallel()
	w, c := promoted(t)
	must(t, w.EndGrace(t.Context(), reconciler, c.ID))
	w.wantVersions(c.ID, 0, 2, 1)
	w.clock.advance(grace)
	_, err := w.promote(c.ID, 1, grace)
	refused(t, err, fault.CodeConflict) // Though nobody has destroyed it yet.
	must(t, w.EndGrace(t.Context(), reconciler, c.ID))
	w.wantVersions(c.ID, 0, 2, 0)
	w.labelled(c.ID)
	now := w.get(c.ID)
	if !now.Due.Reconcile.IsZero() || now.Revision != c.Revision+1 {
		t.Errorf("due %+v, revision %d after %d", now.Due, now.Revision, c.Revision)
	}
	must(t, w.EndGrace(t.Context(), reconciler, c.ID))
	must(t, w.EndGrace(t.Context(), reconciler, "con_01JD0000000000000000000000"))
	if diff := cmp.Diff([]string{"allowed"}, w.outcomes(audit.CredentialDiscard, c.ID)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	w.serves(c.ID, nextKey)
}

// The deletion of a connection is not meddled with: it destroys everything.
func TestGraceEndsWhileDeleting(t *testing.T) {
	t.Parallel()
	w, c := promoted(t)
	_, err := w.Connections.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error { c.Lifecycle = connection.Deleting; return nil })
	must(t, err)
	w.clock.advance(grace)
	n := w.power.count()
	must(t, w.EndGrace(t.Context(), reconciler, c.ID))
	if wrote := w.power.since(n); len(wrote) > 0 {
		t.Errorf("wrote %v", wrote)
	}
}

func TestNoGrace(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *world, id string) error{
		"promoted without": func(w *world, id string) error { _, err := w.promote(id, 0, 0); return err },
		"discarded early": func(w *world, id string) error {
			if _, err := w.promote(id, 0, grace); err != nil {
				return err
			}
			_, err := w.drop(id, 1)
			return err
		},
		"replaced": func(w *world, id string) error {
			if _, err := w.promote(id, 0, grace); err != nil {
				return err
			}
			_, err := w.put(id, "*", nextKey)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c := staged(t)
			must(t, end(w, c.ID))
			w.serves(c.ID, nextKey)
			if now := w.get(c.ID); now.Previous != nil {
				t.Errorf("previous %+v", now.Previous)
			}
			w.labelled(c.ID)
			_, err := w.promote(c.ID, 1, grace)
			refused(t, err, fault.CodeConflict)
			w.clock.advance(2 * grace)
			must(t, w.EndGrace(t.Context(), reconciler, c.ID))
			if due := w.get(c.ID).Due.Reconcile; !due.IsZero() {
				t.Errorf("still due at %s", due)
			}
		})
	}
}

// What else the reconciler is to do is not put off.
func TestGraceDoesNotPutOff(t *testing.T) {
	t.Parallel()
	w, c := staged(t)
	soon := w.Now().Add(time.Minute)
	_, err := w.Connections.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error {
		c.RetireAt = soon
		c.PlanReconcile()
		return nil
	})
	must(t, err)
	_, err = w.promote(c.ID, 0, grace)
	must(t, err)
	if due := w.get(c.ID).Due.Reconcile; !due.Equal(soon) {
		t.Errorf("due at %s, want %s", due, soon)
	}
	w.clock.advance(time.Minute)
	must(t, w.EndGrace(t.Context(), reconciler, c.ID))
	if now := w.get(c.ID); now.Previous == nil || !now.Due.Reconcile.Equal(now.Previous.Until) {
		t.Errorf("due %+v, previous %+v", now.Due, now.Previous)
	}
}

// A paused connection may be rotated, and stays paused; a deleted one is gone
// with every version.
func TestRotationAndLifecycle(t *testing.T) {
	t.Parallel()
	w, c := staged(t)
	_, err := w.Connections.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error { c.Lifecycle = connection.Disabled; return nil })
	must(t, err)
	_, err = w.promote(c.ID, 0, grace)
	must(t, err)
	if got := w.status(c.ID); got != "disabled/disabled" {
		t.Errorf("status %s", got)
	}
	_, err = w.stage(c.ID, "*", goodKey)
	must(t, err)
	w.provider.before = func(string) {
		w.provider.before = nil
		_, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
		must(t, err)
	}
	_, err = w.promote(c.ID, 0, grace)
	if err == nil {
		t.Error("a deleted connection was promoted")
	}
	if names := w.secretsOf("acme"); len(names) > 0 {
		t.Errorf("secrets %v are left", names)
	}
	_, err = w.promote(c.ID, 0, grace)
	refused(t, err, fault.CodeNotFound)
}

// A client of the connection's own is verified by a grant of the new client.
func TestRotateAClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: w.demo("oauth2_client_credentials").ID, Name: "CRM"})
	must(t, err)
	w.own(c, clientID, clientSecret)
	const another = "another-secret-" + mark
	w.keep(c.ID, "client-2", another)
	_, err = w.promote(c.ID, 0, grace)
	refused(t, err, fault.CodeVerificationFailed)
	w.provider.clients = map[string]string{"client-2": another}
	before := w.get(c.ID)
	_, err = w.promote(c.ID, 0, grace)
	must(t, err)
	now := w.get(c.ID)
	if k := now.Credential; k.User != "client-2" || !k.Refreshable || k.ExpiresAt.IsZero() || now.Refresh.Epoch == before.Refresh.Epoch {
		t.Errorf("credential %+v, epoch %d after %d", k, now.Refresh.Epoch, before.Refresh.Epoch)
	}
	if got := w.material(c.ID).Fields["clientId"].Reveal(); got != "client-2" || w.provider.tokens[w.hotCopy(c.ID).AccessToken.Reveal()] != "machine" {
		t.Errorf("the client is %s", got)
	}
	w.labelled(c.ID)
}

// own gives a connection a client of its own: no connector of the catalog takes
// one yet.
func (w *world) own(c connection.Connection, id, secret string) {
	w.t.Helper()
	at := vault.Locator{Secret: c.SecretName, Version: vault.Token(c.SecretName, id)}
	key, err := w.Keys.DataKey(w.t.Context(), c.Tenant)
	must(w.t, err)
	_, err = w.stored.Create(w.t.Context(), at.Secret, key.KeyARN, at.Version, w.client(c, id, secret))
	must(w.t, err)
	_, err = w.Connections.Update(w.t.Context(), c.Tenant, c.ID, func(c *connection.Connection) error { c.Credential.At = at; return nil })
	must(w.t, err)
}

// keep makes a client the pending one.
func (w *world) keep(connectionID, id, secret string) {
	w.t.Helper()
	c := w.get(connectionID)
	version, err := w.stored.Put(w.t.Context(), c.SecretName, vault.Token(c.SecretName, id), w.client(c, id, secret))
	must(w.t, err)
	_, err = w.Connections.Update(w.t.Context(), c.Tenant, c.ID, func(c *connection.Connection) error {
		c.Stage(connection.Kept{At: vault.Locator{Secret: c.SecretName, Version: version}}, w.Now())
		return nil
	})
	must(w.t, err)
}

func (w *world) client(c connection.Connection, id, value string) secret.Bytes {
	w.t.Helper()
	fields := map[string]secret.Bytes{"clientId": secret.FromString(id), "clientSecret": secret.FromString(value)}
	encoded, err := vault.Material{Tenant: c.Tenant, Resource: c.ID, Fields: fields}.Encode()
	must(w.t, err)
	return encoded
}
