package walktest_test

import (
	"crypto/x509"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/signing"
)

// ownKey reports whether a key of the tenant signs for the scheme.
func (w *world) ownKey() bool {
	s := w.provider.Scheme
	uploaded := slices.ContainsFunc(s.Fields, func(in catalog.Input) bool { return in.Type == catalog.TypeFile })
	return s.Assertion != nil && !uploaded && len(w.provider.Fields) == 0
}

// newKey makes a signing key of the tenant, if one signs for the scheme.
func (w *world) newKey() bool {
	w.t.Helper()
	if !w.ownKey() {
		return false
	}
	n := signing.New{Algorithm: w.provider.Scheme.Assertion.Algorithm, Size: 2048}
	if n.Algorithm == signing.ES256 {
		n.Size = 0
	}
	_, err := w.keys.Create(w.t.Context(), ann(), n)
	must(w.t, err)
	return true
}

// registerKey makes the tenant's first key known to the system.
func (w *world) registerKey() {
	w.t.Helper()
	if !w.newKey() {
		return
	}
	all, err := w.keys.Store.List(w.t.Context(), "acme")
	must(w.t, err)
	found, err := w.keys.Find(w.t.Context(), "acme", all[0].Algorithm, all[0].ID)
	must(w.t, err)
	public, err := x509.ParsePKIXPublicKey(all[0].PublicKey)
	must(w.t, err)
	w.provider.Registered = map[string]catalogtest.SigningKey{all[0].ID: {Public: public, Thumbprint: found.Thumbprint}}
}

// walkOAuth1 goes through the handoff where the entry has one, and gives a token
// where it takes one.
func walkOAuth1(t *testing.T, w *world) {
	if w.handsOff() {
		c := w.connected()
		w.wantEstablished(t, c)
		w.wantPair(t, c.ID)
		w.advance(365 * 24 * 3600e9)
		w.wantPair(t, c.ID) // The token has no end.
		_, err := w.connects.Disconnect(t.Context(), ann(), c.ID, "")
		must(t, err)
		w.nothing()
	}
	if len(w.provider.Fields) > 0 {
		walkStatic(t, w)
	}
}

// wantPair leases what signs, and nothing else.
func (w *world) wantPair(t *testing.T, id string) {
	t.Helper()
	l, err := w.lease(id)
	must(t, err)
	pair := w.provider.Pair(l.Credential.Values["token"].Reveal())
	if pair == nil {
		t.Fatal("a lease hands out a token that the system did not issue")
	}
	w.wantPlaced(t, l.Credential, "", pair)
	w.wantOutcome(t, id, catalog.OK)
}

// A temporary token that nobody agreed to, or another's verifier, is worth
// nothing.
func TestOAuth1VerifierOfAnother(t *testing.T) {
	t.Parallel()
	c := sample(t, "oauth1_handoff")
	w := newWorld(t, c, c.Schemes[0], true, nil)
	pending, err := w.create(t.Context(), nil)
	must(t, err)
	answer := w.consent(pending)
	answer.Query.Set("oauth_verifier", "guessed")
	if done, err := w.connects.Complete(t.Context(), answer); err == nil {
		t.Errorf("connected: %+v", done)
	}
	if got := w.get(pending.ID); got.Credential != nil || len(got.Lease) > 0 {
		t.Error("a credential was saved")
	}
	_, err = w.connects.Complete(t.Context(), w.consent(pending))
	must(t, err)
	w.wantPair(t, pending.ID)
}

// walkNone needs no person and keeps no secret.
func walkNone(t *testing.T, w *world) {
	c := w.connected()
	w.wantEstablished(t, c)
	l, err := w.lease(c.ID)
	must(t, err)
	w.wantPlaced(t, l.Credential, "", nil)
	revocation, err := w.connects.Disconnect(t.Context(), ann(), c.ID, "")
	must(t, err)
	if diff := cmp.Diff(method.NotSupported, revocation); diff != "" {
		t.Errorf("revocation (-want +got):\n%s", diff)
	}
}
