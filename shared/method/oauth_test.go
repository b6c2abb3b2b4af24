package method_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

var code = method.AuthorizationCode{}

func TestAuthorizeURL(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("oauth2_authorization_code")
	target.Scopes = []string{"read", "write"}
	target.Scheme.OAuth.AuthorizeQuery = map[string]string{"access_type": "offline"}
	handoff := method.Authorization{State: secret.FromString("state-1"), Challenge: "challenge-1", Nonce: "nonce-1"}
	want := url.Values{
		"response_type": {"code"}, "client_id": {methodtest.ClientID}, "redirect_uri": {target.RedirectURI}, "scope": {"read write"},
		"state": {"state-1"}, "code_challenge": {"challenge-1"}, "code_challenge_method": {"S256"}, "nonce": {"nonce-1"}, "access_type": {"offline"},
	}
	if diff := cmp.Diff(want, authorizeQuery(t, target, handoff)); diff != "" {
		t.Errorf("authorization request differs (-want +got):\n%s", diff)
	}

	target.Scopes, target.Scheme.OAuth.AuthorizeQuery = nil, nil
	want = url.Values{"response_type": {"code"}, "client_id": {methodtest.ClientID}, "redirect_uri": {target.RedirectURI}, "state": {"state-1"}}
	if diff := cmp.Diff(want, authorizeQuery(t, target, method.Authorization{State: handoff.State})); diff != "" {
		t.Errorf("shortest authorization request differs (-want +got):\n%s", diff)
	}
}

func authorizeQuery(t *testing.T, target method.Target, h method.Authorization) url.Values {
	t.Helper()
	address, err := code.AuthorizeURL(target, h)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil || u.Host != "auth.example.com" || u.Path != "/authorize" {
		t.Fatalf("got %q, want the authorize endpoint", address)
	}
	return u.Query()
}

func TestScopeSeparator(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("oauth2_authorization_code")
	target.Scopes, target.Scheme.OAuth.ScopeSeparator = []string{"read", "write"}, ","
	if got := authorizeQuery(t, target, method.Authorization{}).Get("scope"); got != "read,write" {
		t.Errorf("scope: got %q, want read,write", got)
	}
}

func TestEndpointWithoutItsValue(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("oauth2_authorization_code")
	target.Scheme.OAuth.AuthorizeURL, target.Scheme.OAuth.TokenURL = "https://{shop}.example.com/a", "https://{shop}.example.com/t"
	_, authorize := code.AuthorizeURL(target, method.Authorization{})
	_, exchange := code.Exchange(target, secret.FromString("c"), secret.Bytes{})
	_, refresh := code.Refresh(target, secret.FromString("r"))
	for _, err := range []error{authorize, exchange, refresh} {
		if !errors.Is(err, catalog.ErrMissing) {
			t.Errorf("got %v, want a missing value", err)
		}
	}
}

// The scheme's own parameters belong to the first grant; a refresh sends what
// RFC 6749 6 names and nothing else.
func TestForm(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("oauth2_authorization_code")
	target.Scheme.OAuth.TokenForm = map[string]string{"audience": "crm"}
	target.Scopes = []string{"read"}
	for name, c := range map[string]struct {
		make func() (method.Request, error)
		want map[string]string
	}{
		"code with PKCE": {
			func() (method.Request, error) {
				return code.Exchange(target, secret.FromString("code-1"), secret.FromString("verifier-1"))
			},
			map[string]string{"grant_type": "authorization_code", "code": "code-1", "redirect_uri": target.RedirectURI, "code_verifier": "verifier-1", "audience": "crm"},
		},
		"code without PKCE": {
			func() (method.Request, error) {
				return code.Exchange(target, secret.FromString("code-1"), secret.Bytes{})
			},
			map[string]string{"grant_type": "authorization_code", "code": "code-1", "redirect_uri": target.RedirectURI, "audience": "crm"},
		},
		"refresh": {
			func() (method.Request, error) { return code.Refresh(target, secret.FromString("refresh-1")) },
			map[string]string{"grant_type": "refresh_token", "refresh_token": "refresh-1"},
		},
		"client credentials": {
			func() (method.Request, error) { return method.ClientCredentials{}.Grant(target, nil) },
			map[string]string{"grant_type": "client_credentials", "scope": "read", "audience": "crm"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made, err := c.make()
			if err != nil {
				t.Fatal(err)
			}
			r, _ := made.(method.TokenRequest)
			if diff := cmp.Diff(c.want, revealed(r.Form)); diff != "" {
				t.Errorf("form differs (-want +got):\n%s", diff)
			}
			if r.URL != "https://auth.example.com/token" || r.ClientID != methodtest.ClientID || r.ClientSecret.Reveal() != methodtest.ClientSecret {
				t.Errorf("got %s as %s, want the token endpoint as the template's client", r.URL, r.ClientID)
			}
		})
	}
}

func TestConnectionsOwnClient(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("oauth2_client_credentials")
	target.ClientKey = 3
	if r := granted(t, target, nil); r.ClientKey != 3 {
		t.Errorf("of the template: got client key %d", r.ClientKey)
	}
	r := granted(t, target, given("clientId", "own", "clientSecret", "own-secret"))
	if r.ClientKey != 0 {
		t.Errorf("of the connection: got client key %d, which is another client's", r.ClientKey)
	}
	if r.ClientID != "own" || r.ClientSecret.Reveal() != "own-secret" {
		t.Errorf("got client %q, want the connection's own", r.ClientID)
	}
	if r = granted(t, methodtest.Target("oauth2_client_credentials"), given("clientId", "own")); !r.ClientSecret.IsZero() {
		t.Error("a client without a secret is sent with another's")
	}
}

func granted(t *testing.T, target method.Target, fields map[string]secret.Bytes) method.TokenRequest {
	t.Helper()
	made, err := method.ClientCredentials{}.Grant(target, fields)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := made.(method.TokenRequest)
	return r
}

func TestPKCE(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{"required": true, "supported": true, "": true, "unsupported": false} {
		if got := method.PKCE(&catalog.OAuth{PKCE: word}); got != want {
			t.Errorf("PKCE %q: got %v, want %v", word, got, want)
		}
	}
}

// The token of a client that is the connection's own cannot be revoked as the
// template's, or as nobody.
func TestRevokeOfAClientsGrant(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]method.Revocation{methodtest.ClientID: method.Revoked, "": method.NotSupported} {
		p, target := methodtest.New(), methodtest.Target("oauth2_client_credentials")
		target.ClientID = id
		got, err := method.ClientCredentials{}.Revoke(t.Context(), method.Reach{HTTP: p}, target, secret.FromString("tok"), "access_token")
		if got != want || err != nil || (len(p.Requests("/revoke")) == 1) != (want == method.Revoked) {
			t.Errorf("client %q: got %s, %v, want %s", id, got, err, want)
		}
	}
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		step  methodtest.Step
		url   string
		token string
		want  method.Revocation
		sent  int
	}{
		"revoked":              {methodtest.Step{}, "https://auth.example.com/revoke", "tok", method.Revoked, 1},
		"no content":           {methodtest.Step{Status: 204}, "https://auth.example.com/revoke", "tok", method.Revoked, 1},
		"unknown already":      {methodtest.Step{Status: 400, Body: `{"error":"invalid_token"}`}, "https://auth.example.com/revoke", "tok", method.Revoked, 1},
		"client refused":       {methodtest.Step{Status: 401, Body: `{"error":"invalid_client"}`}, "https://auth.example.com/revoke", "tok", method.RevokePending, 1},
		"refused for good":     {methodtest.Step{Status: 400, Body: `{"error":"invalid_request"}`}, "https://auth.example.com/revoke", "tok", method.RevokeFailed, 1},
		"forbidden":            {methodtest.Step{Status: 403}, "https://auth.example.com/revoke", "tok", method.RevokeFailed, 1},
		"no such endpoint":     {methodtest.Step{Status: 404}, "https://auth.example.com/revoke", "tok", method.RevokeFailed, 1},
		"too slow":             {methodtest.Step{Status: 408}, "https://auth.example.com/revoke", "tok", method.RevokePending, 1},
		"too early":            {methodtest.Step{Status: 425}, "https://auth.example.com/revoke", "tok", method.RevokePending, 1},
		"too often":            {methodtest.Step{Status: 429}, "https://auth.example.com/revoke", "tok", method.RevokePending, 1},
		"server error":         {methodtest.Step{Status: 503, Body: "<html>"}, "https://auth.example.com/revoke", "tok", method.RevokePending, 1},
		"redirect":             {methodtest.Step{Status: 302}, "https://auth.example.com/revoke", "tok", method.RevokePending, 1},
		"unreachable":          {methodtest.Step{Err: errors.New("reset")}, "https://auth.example.com/revoke", "tok", method.RevokePending, 1},
		"no endpoint":          {methodtest.Step{}, "", "tok", method.NotSupported, 0},
		"no token":             {methodtest.Step{}, "https://auth.example.com/revoke", "", method.NothingToRevoke, 0},
		"none of this account": {methodtest.Step{}, "https://{shop}.example.com/revoke", "tok", method.NotSupported, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := methodtest.New()
			p.Script("/revoke", c.step)
			target := methodtest.Target("oauth2_authorization_code")
			target.Scheme.OAuth.RevokeURL = c.url
			got, err := code.Revoke(t.Context(), method.Reach{HTTP: p}, target, secret.FromString(c.token), "refresh_token")
			if got != c.want || (err != nil) != (name == "unreachable") {
				t.Errorf("Revoke: got %s, %v; want %s", got, err, c.want)
			}
			sent := p.Requests("/revoke")
			if len(sent) != c.sent || c.sent == 1 && sent[0] != "token=tok&token_type_hint=refresh_token" {
				t.Errorf("requests: got %q, want %d", sent, c.sent)
			}
		})
	}
}
