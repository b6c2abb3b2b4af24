package connect_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// AUD-03: leases are refused before the provider is told, and then everything
// goes.
func TestDisconnect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.connected(made)
	refresh := w.material(c.ID).RefreshToken.Reveal()
	seen := 0
	w.provider.before = func(endpoint string) {
		now := w.get(c.ID)
		if seen++; now.Lifecycle != connection.Deleting || now.Due != (connection.Due{Reconcile: now.Due.Reconcile}) || now.Due.Reconcile.IsZero() || now.Refresh.Epoch == c.Refresh.Epoch {
			t.Errorf("at %s the connection was %s with due %+v", endpoint, now.Lifecycle, now.Due)
		}
	}
	n := w.power.count()
	revocation, err := w.Disconnect(t.Context(), w.caller, c.ID, `"2"`)
	must(t, err)
	form := w.provider.asked("revoke")
	if revocation != method.Revoked || seen != 1 || form[0].Get("token") != refresh || form[0].Get("token_type_hint") != "refresh_token" {
		t.Errorf("%s after %d calls", revocation, seen)
	}
	want := []string{"audit.append", "connections.update", "secrets.delete", "connections.delete"}
	if diff := cmp.Diff(want, w.power.since(n)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	w.nothing(made)
	events := w.bus.Events()
	last := events[len(events)-1]
	if last.Type != notify.ConnectionDeleted || last.Resource != c.ID || last.Detail["revocation"] != "revoked" {
		t.Errorf("last event %+v", last)
	}
	if diff := cmp.Diff([]string{"allowed"}, w.outcomes(audit.ConnectionDelete, c.ID)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	_, err = w.Disconnect(t.Context(), w.caller, c.ID, "")
	refused(t, err, fault.CodeNotFound)
}

// A rotated refresh token that is still in the item is the one to revoke.
func TestDisconnectRevokesTheNewestToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connected(w.demo("oauth2_authorization_code"))
	const rotated = "refresh-" + mark + "-rotated"
	sealed, err := w.Sealer.Seal(t.Context(), vault.Place{Tenant: "acme", Resource: c.ID, Purpose: vault.PurposeRefresh, Version: 7}, secret.FromString(rotated))
	must(t, err)
	_, err = w.Connections.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error {
		c.Refresh.Epoch, c.Refresh.Token, c.Refresh.TokenEpoch = 9, sealed, 7
		return nil
	})
	must(t, err)
	_, err = w.Disconnect(t.Context(), w.caller, c.ID, "")
	must(t, err)
	if diff := cmp.Diff([]string{rotated}, w.provider.forgotten()); diff != "" {
		t.Errorf("revoked (-want +got):\n%s", diff)
	}
}

// A grant of the template's client has one token, and that is revoked.
func TestDisconnectRevokesAClientsGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_client_credentials"))
	token := w.hotCopy(c.ID).AccessToken.Reveal()
	revocation, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
	must(t, err)
	if revocation != method.Revoked {
		t.Errorf("receipt %s", revocation)
	}
	if diff := cmp.Diff([]string{token}, w.provider.forgotten()); diff != "" {
		t.Errorf("revoked (-want +got):\n%s", diff)
	}
}

func TestDisconnectWithNothingToRevoke(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	key, err := w.create(made, goodKey)
	must(t, err)
	rest := w.rest() // Its template names no revocation endpoint.
	for id, want := range map[string]method.Revocation{
		key.ID: method.NotSupported, w.pending(made).ID: method.NothingToRevoke, w.connected(rest).ID: method.NotSupported,
	} {
		revocation, err := w.Disconnect(t.Context(), w.caller, id, "")
		must(t, err)
		if revocation != want {
			t.Errorf("receipt %s, want %s", revocation, want)
		}
	}
	w.nothing(made)
	w.nothing(rest)
}

func TestDisconnectRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connected(w.demo("oauth2_authorization_code"))
	reader := w.caller
	reader.Scopes = []string{"connections:read", "connections:lease"}
	_, err := w.Disconnect(t.Context(), w.caller, c.ID, `"1"`)
	refused(t, err, fault.CodePreconditionFailed)
	_, err = w.Disconnect(t.Context(), caller("globex", "eve"), c.ID, "")
	refused(t, err, fault.CodeNotFound)
	_, err = w.Disconnect(t.Context(), reader, c.ID, "")
	refused(t, err, fault.CodeForbidden)
	if diff := cmp.Diff(c, w.get(c.ID)); diff != "" || len(w.provider.forgotten()) > 0 {
		t.Errorf("record (-before +after):\n%s", diff)
	}
	if !strings.HasPrefix(w.material(c.ID).RefreshToken.Reveal(), "refresh-") {
		t.Error("the token is gone")
	}
}

// forgetful is a store that takes no answers.
type forgetful struct{ connection.Store }

func (forgetful) SaveAnswer(context.Context, string, string, int, []byte) error { return errPower }

// REF-12: the answer to a refresh that the record could not take stands in the
// secret store when the connection is deleted; the token in it is revoked, also
// when the provider can be told only with a later try.
func TestREF12DeletedWithAnAnswerInTheSecretStore(t *testing.T) {
	t.Parallel()
	for _, tries := range []int{0, 4} {
		w := newWorld(t)
		c := w.connected(w.demo("oauth2_authorization_code"))
		const rotated = "refresh-" + mark + "-rotated"
		w.provider.members["refresh_token"] = rotated
		refresher := &lease.Refresher{
			Store: forgetful{w.Connections}, Templates: w.Templates, Sealer: w.Sealer, Secrets: w.Secrets, Reach: method.Reach{HTTP: w.provider}, Events: w.bus,
			Outages: &outage.Monitor{Store: new(outagetest.Memory), Events: w.bus, Now: w.clock.now}, Audit: w.Audit, Now: w.clock.now,
			Sleep: func(_ context.Context, d time.Duration) error { w.clock.advance(d); return nil },
		}
		if _, err := refresher.Refresh(t.Context(), "acme", c.ID, func(*connection.Connection) bool { return false }); err == nil {
			t.Fatal("Refresh without a saved answer: no error")
		}
		w.provider.down["revoke"] = true
		for range tries {
			receipt, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
			must(t, err)
			if receipt != method.RevokePending {
				t.Errorf("receipt %s", receipt)
			}
		}
		w.provider.down["revoke"] = false
		receipt, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
		must(t, err)
		if diff := cmp.Diff([]string{rotated}, w.provider.forgotten()); diff != "" || receipt != method.Revoked {
			t.Errorf("after %d tries: receipt %s, revoked (-want +got):\n%s", tries, receipt, diff)
		}
	}
}
