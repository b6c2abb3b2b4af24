package template_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// The end that is stated of a client secret goes with that secret: a rotation
// begins with another, and the former keeps its own.
func TestStatedEndGoesWithItsSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.Now().AddDate(1, 0, 0).UTC(), w.Now().AddDate(2, 0, 0).UTC()
	d := define("")
	d.SecretEndsAt = &first
	made := w.make("acme", d)
	if stored := w.stored(made); !stored.Secret.ExpiresAt.Equal(first) || !stored.Lapses().Equal(first) || stored.ExpiryDue.IsZero() {
		t.Errorf("secret %+v, looked at %s", stored.Secret, stored.ExpiryDue)
	}
	if shown := w.API(t.Context(), made).ClientSecret; shown.ExpiresAt == nil || !shown.ExpiresAt.Equal(first) {
		t.Errorf("shown %+v", shown)
	}
	change := template.Change{ClientSecret: pointer(secret.FromString("fake-client-secret-0002")), SecretEndsAt: &second, KeepPrevious: true}
	changed, err := w.Update(t.Context(), caller("acme"), made.ID, "*", change)
	must(t, err)
	if !changed.Secret.ExpiresAt.Equal(second) || !changed.Previous.Secret.ExpiresAt.Equal(first) || !changed.Lapses().Equal(first) {
		t.Errorf("primary %+v, secondary %+v", changed.Secret, changed.Previous.Secret)
	}
	shown, err := w.Detailed(t.Context(), caller("acme"), changed)
	must(t, err)
	if len(shown.Clients) != 2 || !shown.Clients[0].ExpiresAt.Equal(second) || !shown.Clients[1].ExpiresAt.Equal(first) {
		t.Errorf("shown %+v", shown.Clients)
	}
}

// The end of the secret that stays can be stated later, and a look that was
// planned stays where the dates stay.
func TestEndIsStatedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define(""))
	if stored := w.stored(made); !stored.ExpiryDue.IsZero() || !stored.Lapses().IsZero() {
		t.Errorf("without an end: looked at %s", stored.ExpiryDue)
	}
	end := w.Now().AddDate(1, 0, 0).UTC()
	before := w.client(made)
	changed, err := w.Update(t.Context(), caller("acme"), made.ID, "*", template.Change{SecretEndsAt: &end})
	must(t, err)
	if !changed.Secret.ExpiresAt.Equal(end) || w.client(changed) != before || changed.ExpiryDue.Sub(changed.UpdatedAt) != due.Soon {
		t.Errorf("secret %+v, looked at %s", changed.Secret, changed.ExpiryDue)
	}
	renamed, err := w.Update(t.Context(), caller("acme"), made.ID, "*", template.Change{Name: pointer("Another")})
	must(t, err)
	if !renamed.ExpiryDue.Equal(changed.ExpiryDue) || !renamed.Secret.ExpiresAt.Equal(end) {
		t.Errorf("a new name plans another look: %s", renamed.ExpiryDue)
	}
	replaced, err := w.Update(t.Context(), caller("acme"), made.ID, "*", template.Change{ClientSecret: pointer(secret.FromString("fake-client-secret-0002"))})
	must(t, err)
	if !replaced.Secret.ExpiresAt.IsZero() || !replaced.ExpiryDue.IsZero() {
		t.Errorf("a new secret has the end of the one before: %+v, looked at %s", replaced.Secret, replaced.ExpiryDue)
	}
}

// An end that cannot be meant is refused before a secret is stored.
func TestEndIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("acme", define(""))
	secrets := len(w.secrets.Names())
	for name, end := range map[string]time.Time{"past": w.Now().Add(-time.Second), "too far": w.Now().AddDate(10, 0, 1), "zero": {}} {
		d := define("other")
		d.SecretEndsAt = &end
		_, err := w.Create(t.Context(), caller("acme"), d)
		refused(t, err, fault.CodeValidationFailed)
		_, err = w.Update(t.Context(), caller("acme"), made.ID, "*", template.Change{SecretEndsAt: &end, ClientSecret: pointer(secret.FromString("fake-client-secret-0002"))})
		refused(t, err, fault.CodeValidationFailed)
		if got := len(w.secrets.Names()); got != secrets {
			t.Errorf("%s: %d secrets, want %d", name, got, secrets)
		}
	}
	key := define("key")
	key.Scheme, key.Scopes, key.ClientID, key.ClientSecret = "api_key", nil, "", secret.Bytes{}
	key.SecretEndsAt = pointer(w.Now().AddDate(1, 0, 0))
	_, err := w.Create(t.Context(), caller("acme"), key)
	refused(t, err, fault.CodeValidationFailed)
}
