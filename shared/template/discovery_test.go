package template_test

import (
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

const issuer = "https://login.example.com/realm"

func metadata(changes map[string]any) map[string]any {
	m := map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
		"revocation_endpoint": issuer + "/revoke", "userinfo_endpoint": issuer + "/userinfo", "jwks_uri": issuer + "/jwks",
		"authorization_response_iss_parameter_supported": true,
	}
	maps.Copy(m, changes)
	return m
}

func defineOIDC() template.Define {
	return template.Define{
		Connector: "custom-oidc", Name: "Login", Scheme: "oauth2_authorization_code", Inputs: map[string]string{"issuer": issuer},
		ClientID: "client-1", ClientSecret: secret.FromString(firstSecret),
	}
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.HTTP = doer(func(r *http.Request) (*http.Response, error) {
		if r.Method != "GET" || r.URL.String() != issuer+"/.well-known/openid-configuration" || r.Header.Get("Authorization") != "" {
			t.Errorf("asked %s %s", r.Method, r.URL)
		}
		return answers(200, metadata(nil))(r)
	})
	made := w.make("acme", defineOIDC())
	want := template.Endpoints{
		Issuer: issuer, Authorize: issuer + "/authorize", Token: issuer + "/token", Revoke: issuer + "/revoke",
		Userinfo: issuer + "/userinfo", JWKS: issuer + "/jwks", IssuerInCallback: true, CheckedAt: made.Endpoints.CheckedAt,
	}
	if diff := cmp.Diff(want, *made.Endpoints); diff != "" {
		t.Errorf("endpoints (-want +got):\n%s", diff)
	}
	// What the issuer says later does not move tokens elsewhere by itself.
	w.HTTP = doer(unreachable)
	target, err := w.Address(t.Context(), connection.Connection{TemplateOwner: "acme", TemplateID: made.ID})
	must(t, err)
	got := []string{target.Scheme.OAuth.AuthorizeURL, target.Values["authorizeEndpoint"].Text, target.Values["tokenEndpoint"].Text, target.Scheme.OAuth.JWKSURL}
	if diff := cmp.Diff([]string{"{authorizeEndpoint}", want.Authorize, want.Token, want.JWKS}, got); diff != "" || !target.Scheme.OAuth.IssuerRequired {
		t.Errorf("target (-want +got):\n%s", diff)
	}
}

// OAF-23: metadata that could send a code, a client secret or a token elsewhere
// is refused, and no template is made.
func TestDiscoveryRefuses(t *testing.T) {
	t.Parallel()
	const evil = "https://evil.example"
	page := doer(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("<html>sign in</html>"))}, nil
	})
	for name, from := range map[string]doer{
		"another issuer":                   answers(200, metadata(map[string]any{"issuer": evil})),
		"the issuer of a realm":            answers(200, metadata(map[string]any{"issuer": "https://login.example.com"})),
		"the issuer in upper case":         answers(200, metadata(map[string]any{"issuer": "https://LOGIN.example.com/realm"})),
		"no issuer":                        answers(200, metadata(map[string]any{"issuer": nil})),
		"no token endpoint":                answers(200, metadata(map[string]any{"token_endpoint": nil})),
		"a token endpoint of another host": answers(200, metadata(map[string]any{"token_endpoint": evil + "/token"})),
		"an authorize endpoint of another": answers(200, metadata(map[string]any{"authorization_endpoint": evil + "/a"})),
		"a revocation endpoint of another": answers(200, metadata(map[string]any{"revocation_endpoint": evil + "/r"})),
		"a userinfo endpoint of another":   answers(200, metadata(map[string]any{"userinfo_endpoint": evil + "/u"})),
		"keys of another host":             answers(200, metadata(map[string]any{"jwks_uri": evil + "/jwks"})),
		"keys inside":                      answers(200, metadata(map[string]any{"jwks_uri": "http://169.254.169.254/latest"})),
		"a similar host":                   answers(200, metadata(map[string]any{"token_endpoint": "https://login.example.com.evil.example/token"})),
		"a host below":                     answers(200, metadata(map[string]any{"token_endpoint": "https://a.login.example.com/token"})),
		"another port":                     answers(200, metadata(map[string]any{"token_endpoint": "https://login.example.com:8443/token"})),
		"plain http":                       answers(200, metadata(map[string]any{"token_endpoint": "http://login.example.com/token"})),
		"a user":                           answers(200, metadata(map[string]any{"token_endpoint": "https://x@login.example.com/token"})),
		"a fragment":                       answers(200, metadata(map[string]any{"token_endpoint": issuer + "/token#x"})),
		"a path without a host":            answers(200, metadata(map[string]any{"token_endpoint": "/token"})),
		"an endpoint that is a list":       answers(200, metadata(map[string]any{"token_endpoint": []string{issuer + "/token"}})),
		"a scheme-relative endpoint":       answers(200, metadata(map[string]any{"token_endpoint": "//login.example.com/token"})),
		"a javascript authorize endpoint":  answers(200, metadata(map[string]any{"authorization_endpoint": "javascript:alert(1)"})),
		"a redirect":                       answers(302, metadata(nil)),
		"not there":                        answers(404, metadata(nil)),
		"a failure":                        answers(500, metadata(nil)),
		"a list":                           answers(200, []string{issuer}),
		"an endless answer":                answers(200, metadata(map[string]any{"x": strings.Repeat("a", 5<<20)})),
		"no answer":                        unreachable,
		"a page":                           page,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.HTTP = from
			_, err := w.Create(t.Context(), caller("acme"), defineOIDC())
			refused(t, err, fault.CodeVerificationFailed)
			found, _, err := w.store.List(t.Context(), "acme", "", 10)
			must(t, err)
			if len(found) > 0 || len(w.secrets.Names()) > 0 {
				t.Errorf("%d templates and the secrets %v were made", len(found), w.secrets.Names())
			}
		})
	}
}

func TestDiscoveryAcceptsASlashAtTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.HTTP = answers(200, metadata(map[string]any{"issuer": issuer + "/", "revocation_endpoint": nil}))
	made := w.make("acme", defineOIDC())
	if made.Endpoints.Issuer != issuer+"/" || made.Endpoints.Revoke != "" {
		t.Errorf("endpoints %+v: the issuer must stay as it calls itself", made.Endpoints)
	}
}

// The issuer belongs to the client: it cannot be left to each connection.
func TestDiscoveryWantsTheIssuer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := defineOIDC()
	d.Inputs = nil
	_, err := w.Create(t.Context(), caller("acme"), d)
	refused(t, err, fault.CodeValidationFailed)
	w.HTTP = answers(200, metadata(nil))
	made := w.make("acme", defineOIDC())
	_, err = w.Update(t.Context(), caller("acme"), made.ID, "*", template.Change{Inputs: map[string]string{}})
	refused(t, err, fault.CodeValidationFailed)
	// Another issuer is asked for its own endpoints, and refused with these.
	_, err = w.Update(t.Context(), caller("acme"), made.ID, "*", template.Change{Inputs: map[string]string{"issuer": "https://other.example.com"}})
	refused(t, err, fault.CodeVerificationFailed)
	if diff := cmp.Diff(made.Endpoints, w.stored(made).Endpoints); diff != "" {
		t.Errorf("endpoints (-before +after):\n%s", diff)
	}
}
