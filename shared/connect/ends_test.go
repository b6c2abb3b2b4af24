package connect_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
)

// Whoever saves a key may say when it ends; the word goes with the key, through
// its promotion and a rollback.
func TestStatedEndGoesWithItsKey(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	first, second := w.Now().AddDate(1, 0, 0), w.Now().AddDate(2, 0, 0)
	c, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "Key", Credential: apiKey(goodKey), EndsAt: first})
	must(t, err)
	if k := w.get(c.ID).Credential; !k.EndsAt.Equal(first) || !k.Static || !k.Lapses().Equal(first) || !k.ExpiresAt.IsZero() {
		t.Errorf("made: %+v", k)
	}
	staged, err := w.Put(t.Context(), w.caller, api.CredentialPut{ConnectionID: c.ID, IfMatch: "*", Mode: "staged", Credential: apiKey(nextKey), CredentialExpiresAt: &second})
	must(t, err)
	if shown := staged.API(w.Now()).PendingCredential; shown.LapsesAt == nil || !shown.LapsesAt.Equal(second) {
		t.Errorf("staged: %+v", shown)
	}
	_, err = w.Promote(t.Context(), w.caller, connect.Promotion{ConnectionID: c.ID, IfMatch: "*", Grace: time.Hour})
	must(t, err)
	if now := w.get(c.ID); !now.Credential.EndsAt.Equal(second) || !now.Previous.EndsAt.Equal(first) {
		t.Errorf("promoted: %+v, previous %+v", now.Credential, now.Previous)
	}
	_, err = w.Promote(t.Context(), w.caller, connect.Promotion{ConnectionID: c.ID, IfMatch: "*", Version: 1, Grace: time.Hour})
	must(t, err)
	if now := w.get(c.ID); !now.Credential.EndsAt.Equal(first) {
		t.Errorf("rolled back: %+v", now.Credential)
	}
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", apiKey(nextKey))
	must(t, err)
	if now := w.get(c.ID); !now.Credential.EndsAt.IsZero() || !now.Credential.Lapses().IsZero() {
		t.Errorf("a key of no known end has one: %+v", now.Credential)
	}
}

func TestStatedEndIsRefused(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	for name, end := range map[string]time.Time{"past": w.Now().Add(-time.Second), "too far": w.Now().AddDate(10, 0, 1)} {
		for _, mode := range []string{"replace", "staged"} {
			_, err := w.Put(t.Context(), w.caller, api.CredentialPut{ConnectionID: c.ID, IfMatch: "*", Mode: mode, Credential: apiKey(nextKey), CredentialExpiresAt: &end})
			if f := fault.From(err); !fault.Has(err, fault.CodeValidationFailed) || len(f.Fields) != 1 || f.Fields[0].Pointer != "/credentialExpiresAt" {
				t.Errorf("%s, %s: got %v", name, mode, err)
			}
		}
	}
	end := w.Now().AddDate(1, 0, 0)
	for _, put := range []api.CredentialPut{{}, {Generate: true}} {
		put.ConnectionID, put.IfMatch, put.CredentialExpiresAt = c.ID, "*", &end
		_, err := w.Put(t.Context(), w.caller, put)
		refused(t, err, fault.CodeValidationFailed)
	}
	w.serves(c.ID, goodKey)
}

// The end that a certificate says itself is known, and no later one is believed.
func TestKnownEndGoesFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Templates.Catalog.Added, w.Reach.Servers = append(w.Templates.Catalog.Added, vaultDoor()), everyone{&dropServer{hostKey: "x"}}
	made := w.template("door", "database", nil)
	ask := connect.New{
		TemplateID: made.ID, Name: "Door", Inputs: map[string]string{"host": "db.vendor.com", "port": "5432"},
		Credential: dated(t, w.Now()), EndsAt: w.Now().AddDate(9, 0, 0),
	}
	c, err := w.Create(t.Context(), w.caller, ask)
	must(t, err)
	k := w.get(c.ID).Credential
	if !k.EndsAt.Equal(k.ExpiresAt) || k.ExpiresAt.IsZero() || k.Lapses().After(w.Now().AddDate(5, 0, 0)) {
		t.Errorf("ends %s, expires %s", k.EndsAt, k.ExpiresAt)
	}
}
