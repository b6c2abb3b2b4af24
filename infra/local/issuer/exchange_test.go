package issuer_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCodeBecomesTokens(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	got := b.signIn("adam")
	access, id := verify(t, b.issuer, got.AccessToken), verify(t, b.issuer, got.IDToken)
	delete(access, "jti")
	scope, _ := access["scope"].(string)
	issued, expires := float64(clock.Unix()), float64(clock.Add(time.Hour).Unix())
	if diff := cmp.Diff(map[string]any{
		"iss": baseURL, "sub": "adam", "aud": "tenon", "client_id": "tenon-console", "tenant": "acme", "scope": scope,
		"iat": issued, "nbf": issued, "exp": expires,
	}, access); diff != "" {
		t.Errorf("access token (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{
		"iss": baseURL, "sub": "adam", "aud": "tenon-console", "nonce": "no-1", "name": "Adam Acker", "email": "adam@example.com",
		"tenant": "acme", "iat": issued, "auth_time": issued, "exp": expires,
	}, id); diff != "" {
		t.Errorf("ID token (-want +got):\n%s", diff)
	}
	if got.TokenType != "Bearer" || got.ExpiresIn != 3600 || got.Scope != "openid profile email "+scope || got.RefreshToken == "" {
		t.Errorf("got %+v", got)
	}
}

func TestPeopleHaveTheirScopes(t *testing.T) {
	t.Parallel()
	for person, test := range map[string]struct {
		tenant    string
		has, lack []string
	}{
		"olive": {"org", []string{"tenants:admin", "templates:write", "connections:write", "audit:read", "flows:write"}, []string{"connections:lease"}},
		"adam":  {"acme", []string{"connections:read", "connections:write", "templates:write", "flows:write", "settings:write", "audit:read"}, []string{"connections:lease", "tenants:admin"}},
		"vera":  {"acme", []string{"connections:read", "templates:read", "flows:read", "settings:read", "audit:read"}, []string{"connections:write", "connections:lease", "tenants:admin", "settings:write"}},
	} {
		b := newBrowser(t)
		claims := verify(t, b.issuer, b.signIn(person).AccessToken)
		scope, _ := claims["scope"].(string)
		scopes := strings.Fields(scope)
		if claims["tenant"] != test.tenant {
			t.Errorf("%s: got tenant %v, want %s", person, claims["tenant"], test.tenant)
		}
		for _, s := range test.has {
			if !slices.Contains(scopes, s) {
				t.Errorf("%s lacks %s", person, s)
			}
		}
		for _, s := range test.lack {
			if slices.Contains(scopes, s) {
				t.Errorf("%s has %s", person, s)
			}
		}
	}
}

func TestScopesAreNarrowed(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	got := b.signIn("vera", "scope", "connections:read connections:write unknown")
	if got.Scope != "connections:read" || got.IDToken != "" {
		t.Errorf("got scope %q and ID token %q, want connections:read and none", got.Scope, got.IDToken)
	}
	form := url.Values{"grant_type": {"refresh_token"}, "client_id": {"tenon-console"}, "refresh_token": {got.RefreshToken}, "scope": {"connections:write"}}
	if status, refused := b.token(form); status != http.StatusBadRequest || refused.Error != "invalid_scope" {
		t.Errorf("more than was granted: got %d %s, want invalid_scope", status, refused.Error)
	}
	wide := b.signIn("adam")
	form.Set("refresh_token", wide.RefreshToken)
	if status, narrow := b.token(form); status != http.StatusOK || narrow.Scope != "openid profile email connections:write" {
		t.Errorf("less than was granted: got %d %q", status, narrow.Scope)
	}
}

func TestTokenEndpointRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change []string
		want   string
	}{
		"no grant type":      {[]string{"grant_type", ""}, "invalid_request"},
		"other grant type":   {[]string{"grant_type", "password"}, "unsupported_grant_type"},
		"no client":          {[]string{"client_id", ""}, "invalid_client"},
		"other client":       {[]string{"client_id", "tenon-dev"}, "invalid_client"},
		"a secret":           {[]string{"client_secret", "x"}, "invalid_client"},
		"no code":            {[]string{"code", ""}, "invalid_request"},
		"other code":         {[]string{"code", strings.Repeat("A", 26)}, "invalid_grant"},
		"no verifier":        {[]string{"code_verifier", ""}, "invalid_request"},
		"wrong verifier":     {[]string{"code_verifier", strings.Repeat("a", 43)}, "invalid_grant"},
		"the challenge":      {[]string{"code_verifier", challenge}, "invalid_grant"},
		"no redirect URI":    {[]string{"redirect_uri", ""}, "invalid_request"},
		"other redirect URI": {[]string{"redirect_uri", "http://localhost:8787/console/signed-in"}, "invalid_grant"},
		"no refresh token":   {[]string{"grant_type", "refresh_token"}, "invalid_request"},
		"code to refresh":    {[]string{"grant_type", "refresh_token", "refresh_token", "code"}, "invalid_grant"},
	} {
		b := newBrowser(t)
		form := redemption(b.choose("olive", ask()).Get("code"), test.change...)
		if form.Get("refresh_token") == "code" {
			form.Set("refresh_token", form.Get("code"))
		}
		status, got := b.token(form)
		if status != http.StatusBadRequest || got.Error != test.want || got.AccessToken != "" || got.Description == "" {
			t.Errorf("%s: got %d %+v, want %s", name, status, got, test.want)
		}
	}
	b := newBrowser(t)
	form := redemption(b.choose("olive", ask()).Get("code"))
	form.Add("code_verifier", verifier)
	if _, got := b.token(form); got.Error != "invalid_request" {
		t.Errorf("two verifiers: got %s, want invalid_request", got.Error)
	}
	b.header = http.Header{"Authorization": {"Basic dGVub24tY29uc29sZTo="}}
	if status, got := b.token(redemption("x")); status != http.StatusUnauthorized || got.Error != "invalid_client" {
		t.Errorf("basic authentication: got %d %s, want 401 invalid_client", status, got.Error)
	}
}

// Whoever tried a code once has used it up, and a second use ends what the
// first got.
func TestCodeIsGoodOnce(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	code := b.choose("olive", ask()).Get("code")
	_, first := b.token(redemption(code))
	if _, second := b.token(redemption(code)); second.Error != "invalid_grant" {
		t.Errorf("replayed: got %+v, want invalid_grant", second)
	}
	if _, refreshed := b.refresh(first.RefreshToken); refreshed.Error != "invalid_grant" {
		t.Errorf("the refresh token after a replay: got %+v, want invalid_grant", refreshed)
	}

	code = b.choose("olive", ask()).Get("code")
	b.token(redemption(code, "code_verifier", strings.Repeat("a", 43)))
	if _, second := b.token(redemption(code)); second.Error != "invalid_grant" {
		t.Errorf("after a wrong verifier: got %+v, want invalid_grant", second)
	}
}

func TestCodeIsGoodForAMinute(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]string{59 * time.Second: "", 60 * time.Second: "invalid_grant"} {
		b := newBrowser(t)
		code := b.choose("olive", ask()).Get("code")
		*b.now = b.now.Add(wait)
		if _, got := b.token(redemption(code)); got.Error != want {
			t.Errorf("after %s: got %q, want %q", wait, got.Error, want)
		}
	}
}

func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	first := b.signIn("adam")
	*b.now = b.now.Add(50 * time.Minute)
	status, second := b.refresh(first.RefreshToken)
	if status != http.StatusOK || second.RefreshToken == first.RefreshToken || second.Scope != first.Scope {
		t.Fatalf("got %d %+v", status, second)
	}
	id := verify(t, b.issuer, second.IDToken)
	if _, has := id["nonce"]; has || id["sub"] != "adam" || id["auth_time"] != float64(clock.Unix()) || id["iat"] != float64(b.now.Unix()) {
		t.Errorf("got the ID token %v", id)
	}
	if _, again := b.refresh(first.RefreshToken); again.Error != "invalid_grant" {
		t.Errorf("used again: got %+v, want invalid_grant", again)
	}
	if _, third := b.refresh(second.RefreshToken); third.Error != "invalid_grant" {
		t.Errorf("after the reuse: got %+v, want the whole family refused", third)
	}
}
