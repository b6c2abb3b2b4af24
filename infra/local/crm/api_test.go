package crm_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestBearerChallenges(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	live := l.connect()
	_, narrow := l.token(with(refreshing(l.connect().RefreshToken), "scope", "crm.read"))
	send := func(method string, header http.Header) (int, string) {
		w := l.send(method, "/api/contacts", header, strings.NewReader(`{"name":"Zed"}`))
		return w.Code, w.Header().Get("WWW-Authenticate")
	}
	check := func(name string, status int, challenge string, wantStatus int, wantChallenge string) {
		t.Helper()
		if status != wantStatus || !strings.Contains(challenge, wantChallenge) {
			t.Errorf("%s: got %d %q, want %d with %q", name, status, challenge, wantStatus, wantChallenge)
		}
	}
	status, challenge := send(http.MethodGet, nil)
	check("no token", status, challenge, 401, "Bearer realm")
	status, challenge = send(http.MethodGet, bearer("guess"))
	check("unknown token", status, challenge, 401, `error="invalid_token"`)
	status, challenge = send(http.MethodPost, bearer(narrow.AccessToken))
	check("missing scope", status, challenge, 403, `error="insufficient_scope", scope="crm.write"`)
	status, challenge = send(http.MethodPost, bearer(live.AccessToken))
	check("write", status, challenge, 201, "")
	l.clock = l.clock.Add(time.Minute)
	status, challenge = send(http.MethodGet, bearer(live.AccessToken))
	check("expired", status, challenge, 401, "The access token expired")
}

func TestContactsBelongToTheAccount(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	alice := l.connect()
	w := l.send(http.MethodPost, "/api/contacts", bearer(alice.AccessToken), strings.NewReader(`{"name":"Zed","email":"z@z.example","accountId":"acct_baker"}`))
	if w.Code != http.StatusCreated {
		t.Fatalf("create: got %d %s, want 201", w.Code, w.Body)
	}
	type list struct{ Contacts []struct{ Name string } }
	var names []string
	for _, c := range decode[list](t, l.get("/api/contacts", bearer(alice.AccessToken))).Contacts {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff([]string{"Carol Chandler", "Dave Dyer", "Zed"}, names); diff != "" {
		t.Errorf("contacts (-want +got):\n%s", diff)
	}
}

func TestUserinfo(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	got := decode[map[string]string](t, l.get("/oauth/userinfo", bearer(l.connect().AccessToken)))
	want := map[string]string{
		"sub": "user_alice", "name": "Alice Archer", "email": "alice@crm.example",
		"account_id": "acct_archer", "account_name": "Archer & Co.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("userinfo (-want +got):\n%s", diff)
	}
	if w := l.get("/oauth/userinfo", nil); w.Code != http.StatusUnauthorized {
		t.Errorf("without a token: got %d, want 401", w.Code)
	}
}

func TestKeysAndBasic(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	minted := decode[map[string]string](t, l.send(http.MethodPost, "/api/keys", nil, strings.NewReader(`{"account":"bob"}`)))
	for name, test := range map[string]struct {
		path, header, value string
		status              int
		account             string
	}{
		"minted key": {"/api/key/me", "X-Api-Key", minted["key"], 200, "acct_baker"},
		"demo key":   {"/api/key/me", "X-Api-Key", "crm_key_demo_0123456789abcdef", 200, "acct_archer"},
		"wrong key":  {"/api/key/me", "X-Api-Key", "crm_key_guess", 401, ""},
		"no key":     {"/api/key/me", "X-Other", "", 401, ""},
		"basic":      {"/api/basic/me", "Authorization", "Basic ZGVtbzpkZW1vLXBhc3N3b3Jk", 200, "acct_archer"},
		"no basic":   {"/api/basic/me", "X-Other", "", 401, ""},
	} {
		w := l.get(test.path, http.Header{test.header: {test.value}})
		got := decode[map[string]string](t, w)["account_id"]
		if w.Code != test.status || got != test.account {
			t.Errorf("%s: got %d %q, want %d %q", name, w.Code, got, test.status, test.account)
		}
	}
}

func TestForeignPagesCannotRegisterOrMint(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	evil := http.Header{"Origin": {"https://evil.example"}}
	for _, path := range []string{"/clients", "/api/keys"} {
		w := l.send(http.MethodPost, path, evil, strings.NewReader(`{"client_name":"x","account":"bob"}`))
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: got %d, want 403", path, w.Code)
		}
	}
}

func TestRegisteredClient(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	body := `{"client_name":"Other","redirect_uris":["https://app.example/cb?x=1"]}`
	w := l.send(http.MethodPost, "/clients", nil, strings.NewReader(body))
	if w.Code != http.StatusCreated {
		t.Fatalf("register: got %d %s, want 201", w.Code, w.Body)
	}
	id := decode[map[string]any](t, w)["client_id"].(string)
	exact := authorization("client_id", id, "redirect_uri", "https://app.example/cb?x=1")
	fields, cookie := l.form(exact)
	answer := l.postForm("/oauth/authorize", cookie, with(fields, "decision", "allow", "account", "bob"))
	if got := l.location(answer).Query(); got.Get("x") != "1" || got.Get("code") == "" {
		t.Errorf("redirect: got %v, want the registered query and a code", got)
	}
	for _, uri := range []string{"https://app.example/cb", "https://app.example/cb?x=1&y=2", callback} {
		if w := l.get("/oauth/authorize?"+authorization("client_id", id, "redirect_uri", uri).Encode(), nil); w.Code != http.StatusBadRequest {
			t.Errorf("%s: got %d, want 400", uri, w.Code)
		}
	}
	for _, uris := range []string{`["javascript:alert(1)"]`, `["https://a.example/#f"]`, `["/relative"]`} {
		w := l.send(http.MethodPost, "/clients", nil, strings.NewReader(`{"client_name":"x","redirect_uris":`+uris+`}`))
		if w.Code != http.StatusBadRequest {
			t.Errorf("%s: got %d, want 400", uris, w.Code)
		}
	}
}

func TestMetadataNamesWorkingEndpoints(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	got := decode[map[string]any](t, l.get("/.well-known/oauth-authorization-server", nil))
	if got["issuer"] != baseURL {
		t.Errorf("issuer: got %v, want %s", got["issuer"], baseURL)
	}
	for name, method := range map[string]string{
		"authorization_endpoint": http.MethodGet, "token_endpoint": http.MethodPost, "revocation_endpoint": http.MethodPost,
		"registration_endpoint": http.MethodPost, "userinfo_endpoint": http.MethodGet,
	} {
		endpoint, err := url.Parse(got[name].(string))
		if err != nil {
			t.Fatal(err)
		}
		path := strings.TrimPrefix(endpoint.Path, "/dev/crm")
		if w := l.send(method, path, nil, strings.NewReader("")); w.Code == http.StatusNotFound || w.Code == http.StatusMethodNotAllowed {
			t.Errorf("%s: got %d", name, w.Code)
		}
	}
}
