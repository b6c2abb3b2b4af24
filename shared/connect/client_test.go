package connect_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

const (
	secondID     = "client-2"
	secondSecret = "client-secret-" + mark + "-0002"
)

// rotate makes a second client the primary of the template.
func (w *world) rotate(made template.Template) {
	w.t.Helper()
	id, value := secondID, secret.FromString(secondSecret)
	_, err := w.Templates.Update(w.t.Context(), caller(auth.Organization, "bo"), made.ID, "*", template.Change{
		ClientID: &id, ClientSecret: &value, KeepPrevious: true,
	})
	must(w.t, err)
}

// uses returns the template's connections by the client that minted them.
func (w *world) uses(made template.Template) map[int]int {
	w.t.Helper()
	uses, err := w.templates.Uses(w.t.Context(), made.Owner, made.ID)
	must(w.t, err)
	return uses
}

// While a client is rotated new grants are the primary's, and what the other
// client minted is revoked by that one.
func TestGrantsDuringARotation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.conceal(clientSecret, secondSecret)
	made := w.demo("oauth2_authorization_code")
	moved, left, pending := w.connected(made), w.connected(made), w.pending(made)
	if diff := cmp.Diff(map[int]int{0: 1, 1: 2}, w.uses(made)); diff != "" || moved.Credential.MintedBy != 1 {
		t.Errorf("uses (-want +got):\n%s", diff)
	}
	w.provider.clients[secondID] = secondSecret
	w.rotate(made)
	for _, c := range []connection.Connection{moved, pending} {
		j := w.travel(connect.Ask{ConnectionID: c.ID})
		if got := j.address.Query().Get("client_id"); got != secondID {
			t.Errorf("the person was sent as client %s", got)
		}
		_, err := w.finish(j)
		must(t, err)
		if now := w.get(c.ID); now.Credential.MintedBy != 2 || w.status(c.ID) != "active" {
			t.Errorf("minted by %d, %s", now.Credential.MintedBy, w.status(c.ID))
		}
	}
	if diff := cmp.Diff(map[int]int{1: 1, 2: 2}, w.uses(made)); diff != "" {
		t.Errorf("uses (-want +got):\n%s", diff)
	}
	for _, c := range []connection.Connection{moved, left} {
		revocation, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
		must(t, err)
		if revocation != method.Revoked {
			t.Errorf("receipt %s", revocation)
		}
	}
	if diff := cmp.Diff([]string{secondID, clientID}, w.provider.revokers); diff != "" {
		t.Errorf("revoked by (-want +got):\n%s", diff)
	}
}

// TOK-13: a client that is refused when a code is redeemed is the template's
// incident too; the next code that is redeemed ends it.
func TestTOK13RefusedClientInAHandoff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	w.provider.clients[clientID] = "another"
	for range 3 {
		c := w.pending(made)
		_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
		refused(t, err, fault.CodeProviderError)
		if got := w.get(c.ID); got.Lifecycle != connection.Pending || got.Health.Reason != "" {
			t.Errorf("connection is %s, reason %q", got.Lifecycle, got.Health.Reason)
		}
	}
	told := slices.DeleteFunc(w.bus.Types(), func(kind string) bool { return kind != notify.TemplateClientRefused })
	stored, err := w.templates.Get(t.Context(), made.Owner, made.ID)
	if err != nil || len(told) != 1 || stored.RefusedAt.IsZero() {
		t.Errorf("told %d times, refused at %s, %v", len(told), stored.RefusedAt, err)
	}
	w.provider.clients[clientID] = clientSecret
	w.connected(made)
	if stored, err := w.templates.Get(t.Context(), made.Owner, made.ID); err != nil || !stored.RefusedAt.IsZero() {
		t.Errorf("refused at %s, %v", stored.RefusedAt, err)
	}
}
