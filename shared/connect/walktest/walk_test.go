package walktest_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// scheme is one scheme of one entry.
type scheme struct {
	catalog.Scheme
	connector catalog.Connector
}

// each runs a test for every scheme of these types, of every entry and of the
// samples.
func each(t *testing.T, test func(t *testing.T, s scheme), types ...string) {
	t.Helper()
	entries, err := catalog.Catalog{Local: true}.List(catalog.Filter{})
	must(t, err)
	if len(entries) != len(catalog.IDs()) {
		t.Fatalf("%d entries of %d can be read", len(entries), len(catalog.IDs()))
	}
	for _, c := range slices.Concat(entries, samples(t)) {
		for _, s := range c.Schemes {
			if slices.Contains(types, s.Type) {
				t.Run(c.ID+"/"+s.ID, func(t *testing.T) {
					t.Parallel()
					test(t, scheme{s, c})
				})
			}
		}
	}
}

// walks are the scheme types that there is a walk for.
var walks = map[string]func(*testing.T, *world){
	"oauth2_authorization_code": walkHandoff,
	"oauth2_client_credentials": walkGrant,
	"oauth2_device_code":        walkDevice,
	"api_key":                   walkStatic,
	"basic":                     walkStatic,
	"client_certificate":        walkCertificate,
	"oauth2_jwt_bearer":         walkGrant,
	"oauth2_token_exchange":     walkGrant,
	"service_account_key":       walkGrant,
	"session_token":             walkGrant,
	"oauth1":                    walkOAuth1,
	"netsuite_tba":              walkStatic,
	"none":                      walkNone,
	"aws_assume_role":           walkRole,
	"aws_access_key":            walkStatic,
	"ssh_key":                   walkSSH,
	"database":                  walkStatic,
}

// TestEveryEntry walks every scheme of the catalog, with all that a person may
// give and with what must be given.
func TestEveryEntry(t *testing.T) {
	t.Parallel()
	entries, err := catalog.Catalog{Local: true}.List(catalog.Filter{})
	must(t, err)
	walkAll(t, entries)
}

// walkAll walks every scheme of the connectors.
func walkAll(t *testing.T, entries []catalog.Connector) {
	t.Helper()
	schemes := 0
	for _, c := range entries {
		for _, s := range c.Schemes {
			schemes++
			walk, ok := walks[s.Type]
			if !ok {
				t.Errorf("%s/%s: there is no walk for the scheme type %s; write one", c.ID, s.ID, s.Type)
				continue
			}
			for name, optional := range variants(c, s) {
				t.Run(c.ID+"/"+s.ID+"/"+name, func(t *testing.T) {
					t.Parallel()
					w := newWorld(t, c, s, optional, nil)
					walk(t, w)
					w.nothing()
				})
			}
		}
	}
	t.Logf("%d entries with %d schemes", len(entries), schemes)
}

// variants names the walks of a scheme: one more where something may be left out.
func variants(c catalog.Connector, s catalog.Scheme) map[string]bool {
	if slices.ContainsFunc(slices.Concat(c.InputsFor(s), s.Fields), func(in catalog.Input) bool { return in.Optional }) {
		return map[string]bool{"with options": true, "without options": false}
	}
	return map[string]bool{"plain": true}
}

func walkHandoff(t *testing.T, w *world) {
	c := w.connected()
	w.wantEstablished(t, c)
	first := w.wantToken(t, c.ID)
	if !c.Credential.Refreshable {
		w.lapse(t, c, first)
	} else {
		second := w.renewed(t, c.ID, first)
		w.renewed(t, c.ID, second) // With the token of the first refresh.
	}
	w.end(t, c.ID)
}

// walkGrant gets every token from what is kept. A key of ours that a later one
// has followed goes on signing for the connection.
func walkGrant(t *testing.T, w *world) {
	w.wantWrongRefused(t)
	c := w.connected()
	w.wantEstablished(t, c)
	first := w.wantToken(t, c.ID)
	signed := w.newKey()
	second := w.renewed(t, c.ID, first)
	w.renewed(t, c.ID, second)
	if pinned := w.get(c.ID).Credential.SigningKey; pinned != c.Credential.SigningKey || signed == (pinned == "") {
		t.Errorf("signed with key %q, then with %q", c.Credential.SigningKey, pinned)
	}
	w.end(t, c.ID)
}

// walkStatic saves nothing that the system refuses.
func walkStatic(t *testing.T, w *world) {
	w.wantWrongRefused(t)
	c, err := w.create(t.Context(), w.provider.Fields)
	must(t, err)
	c = w.get(c.ID)
	w.wantEstablished(t, c)
	l, err := w.lease(c.ID)
	must(t, err)
	w.wantPlaced(t, l.Credential, "", w.provider.Fields)
	_, err = w.connects.PutCredential(t.Context(), ann(), c.ID, "*", concealed(w.provider.Wrong))
	if !fault.Has(err, fault.CodeVerificationFailed) {
		t.Errorf("a wrong replacement: got %v, want %s", err, fault.CodeVerificationFailed)
	}
	if again, err := w.lease(c.ID); err != nil || cmp.Diff(l.Credential, again.Credential) != "" {
		t.Errorf("after a refused replacement: %v, or another credential", err)
	}
	w.end(t, c.ID)
}

// wantWrongRefused gives a credential that the system does not know, or lets it
// know none of our keys, and nothing is kept.
func (w *world) wantWrongRefused(t *testing.T) {
	t.Helper()
	p, want := w.provider, fault.CodeVerificationFailed
	switch known := p.Registered; {
	case len(p.Wrong) == 0 && len(known) == 0:
		return
	case len(p.Wrong) == 0:
		p.Registered = nil
		defer func() { p.Registered = known }()
		if p.Scheme.OAuth.ClientAuth == "private_key_jwt" {
			want = fault.CodeProviderError // The client is the template's.
		}
	}
	_, err := w.create(t.Context(), p.Wrong)
	if !fault.Has(err, want) {
		t.Errorf("a wrong credential: got %v, want %s", err, want)
	}
	w.nothing()
}

// wantEstablished checks what the connection knows of the account, and that the
// system says again that it works.
func (w *world) wantEstablished(t *testing.T, c connection.Connection) {
	t.Helper()
	s := connection.StatusOf(&c, w.tick())
	if s.Name != connection.StatusActive {
		t.Fatalf("status %s (%s)", s.Name, s.Reason)
	}
	if id, name := w.provider.Account(); id != "" {
		if diff := cmp.Diff(connection.Account{ID: id, Name: name}, c.Account); diff != "" {
			t.Errorf("account (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff(w.provider.Captured, c.Captured, equateEmpty); diff != "" {
		t.Errorf("captured (-want +got):\n%s", diff)
	}
	w.wantOutcome(t, c.ID, catalog.OK)
}

var equateEmpty = cmp.FilterValues(func(a, b map[string]string) bool { return len(a)+len(b) == 0 }, cmp.Ignore())

func (w *world) wantOutcome(t *testing.T, id string, want catalog.Outcome) {
	t.Helper()
	v, err := w.checks.Verify(t.Context(), ann(), id)
	if err != nil || v.Outcome != want {
		t.Errorf("verify: got %s, %v, want %s", v.Outcome, err, want)
	}
}

// wantToken leases an access token that the system accepts, in the place that
// the entry names.
func (w *world) wantToken(t *testing.T, id string) string {
	t.Helper()
	l, err := w.lease(id)
	must(t, err)
	access := l.Credential.AccessToken.Reveal()
	if !w.provider.Accepts(access) {
		t.Error("a lease hands out a token that the system does not accept")
	}
	w.wantPlaced(t, l.Credential, access, nil)
	return access
}

func (w *world) wantPlaced(t *testing.T, l vault.Leasable, access string, fields map[string]string) {
	t.Helper()
	headers, query := w.provider.Placed(access, fields)
	want := []map[string]string{headers, query, w.provider.PlacedValues(access, fields)}
	if diff := cmp.Diff(want, []map[string]string{revealed(l.Headers), revealed(l.Query), revealed(l.Values)}); diff != "" {
		t.Errorf("placement (-want +got):\n%s", diff)
	}
}

// renewed lets the access token run out and leases another.
func (w *world) renewed(t *testing.T, id, old string) string {
	t.Helper()
	expires := w.get(id).Credential.ExpiresAt
	if expires.IsZero() {
		t.Fatal("a credential that can be refreshed has no end: nothing would refresh it")
	}
	w.advance(expires.Sub(w.tick()) + 1)
	calls := w.provider.Calls(catalogtest.Token)
	access := w.wantToken(t, id)
	if access == old || w.provider.Calls(catalogtest.Token) != calls+1 {
		t.Errorf("the token is the old one: %t, after %d requests", access == old, w.provider.Calls(catalogtest.Token)-calls)
	}
	w.wantOutcome(t, id, catalog.OK)
	return access
}

// lapse is a year later: a token without end still serves, another is refused.
func (w *world) lapse(t *testing.T, c connection.Connection, access string) {
	t.Helper()
	w.advance(365 * 24 * 3600e9)
	if c.Credential.ExpiresAt.IsZero() {
		if got := w.wantToken(t, c.ID); got != access {
			t.Error("a lease hands out another token")
		}
		return
	}
	if l, err := w.lease(c.ID); err == nil {
		t.Errorf("a token that ended is handed out: %v", l.Credential)
	}
}

// end deletes the connection; the system is told where the entry says how, and
// accepts no token of it any more.
func (w *world) end(t *testing.T, id string) {
	t.Helper()
	l, _ := w.lease(id)
	revocation, err := w.connects.Disconnect(t.Context(), ann(), id, "")
	must(t, err)
	want := method.NotSupported
	if w.provider.CanRevoke() {
		want = method.Revoked
	}
	if revocation != want {
		t.Errorf("revocation %s, want %s", revocation, want)
	}
	if access := l.Credential.AccessToken; want == method.Revoked && w.provider.Accepts(access.Reveal()) {
		t.Error("the system still accepts the token")
	}
	if _, err := w.lease(id); !fault.Has(err, fault.CodeNotFound) {
		t.Errorf("lease afterwards: %v", err)
	}
}

func revealed(m map[string]secret.Bytes) map[string]string {
	out := map[string]string{}
	for name, value := range m {
		out[name] = value.Reveal()
	}
	return out
}

func concealed(m map[string]string) map[string]secret.Bytes {
	out := map[string]secret.Bytes{}
	for name, text := range m {
		out[name] = secret.FromString(text)
	}
	return out
}
