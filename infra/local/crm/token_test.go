package crm_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestExchange(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	form := with(exchange(l.code()), "client_id", "tenon-dev", "client_secret", l.secret)
	w := l.postForm("/oauth/token", nil, form)
	got := decode[tokens](t, w)
	if w.Code != http.StatusOK || got.TokenType != "Bearer" || got.ExpiresIn != 60 || got.Scope != "crm.read crm.write" {
		t.Errorf("got %d %+v", w.Code, got)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control: got %q, want no-store", got)
	}
	if !l.works(got.AccessToken) {
		t.Error("the access token does not work")
	}
}

func TestExchangeRefuses(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	tests := map[string]struct {
		changes []string
		want    string
	}{
		"wrong verifier":    {[]string{"code_verifier", strings.Repeat("x", 43)}, "invalid_grant"},
		"no verifier":       {[]string{"code_verifier", ""}, "invalid_grant"},
		"redirect mismatch": {[]string{"redirect_uri", callback + "2"}, "invalid_grant"},
		"no redirect":       {[]string{"redirect_uri", ""}, "invalid_grant"},
		"wrong code":        {[]string{"code", "guess"}, "invalid_grant"},
		"no grant type":     {[]string{"grant_type", ""}, "invalid_request"},
		"password grant":    {[]string{"grant_type", "password"}, "unsupported_grant_type"},
	}
	for name, test := range tests {
		status, got := l.token(exchange(l.code(), test.changes...))
		if status != http.StatusBadRequest || got.Error != test.want {
			t.Errorf("%s: got %d %s, want 400 %s", name, status, got.Error, test.want)
		}
	}
}

func TestCodeExpires(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	code := l.code()
	l.clock = l.clock.Add(time.Minute)
	if status, got := l.token(exchange(code)); status != 400 || got.Error != "invalid_grant" {
		t.Errorf("got %d %s, want 400 invalid_grant", status, got.Error)
	}
}

func TestReplayedCodeRevokesTheGrant(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	code := l.code()
	_, first := l.token(exchange(code))
	if status, got := l.token(exchange(code)); status != 400 || got.Error != "invalid_grant" {
		t.Errorf("replay: got %d %s, want 400 invalid_grant", status, got.Error)
	}
	if l.works(first.AccessToken) {
		t.Error("the access token survived the replay of its code")
	}
	if status, _ := l.token(refreshing(first.RefreshToken)); status != 400 {
		t.Errorf("refresh after replay: got %d, want 400", status)
	}
}

func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	first := l.connect()
	l.clock = l.clock.Add(time.Minute)
	if l.works(first.AccessToken) {
		t.Error("the access token works after its lifetime")
	}
	status, second := l.token(refreshing(first.RefreshToken))
	if status != http.StatusOK || second.RefreshToken == first.RefreshToken || !l.works(second.AccessToken) {
		t.Fatalf("refresh: got %d %+v", status, second)
	}
	status, narrowed := l.token(with(refreshing(second.RefreshToken), "scope", "crm.read"))
	if status != http.StatusOK || narrowed.Scope != "crm.read" {
		t.Errorf("narrowed: got %d %+v", status, narrowed)
	}
	status, widened := l.token(with(refreshing(narrowed.RefreshToken), "scope", "crm.read profile"))
	if status != http.StatusBadRequest || widened.Error != "invalid_scope" {
		t.Errorf("widened: got %d %s, want 400 invalid_scope", status, widened.Error)
	}
}

func TestReusedRefreshTokenRevokesTheFamily(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	first := l.connect()
	_, second := l.token(refreshing(first.RefreshToken))
	if status, got := l.token(refreshing(first.RefreshToken)); status != 400 || got.Error != "invalid_grant" {
		t.Errorf("reuse: got %d %s, want 400 invalid_grant", status, got.Error)
	}
	if l.works(second.AccessToken) {
		t.Error("the newest access token survived the reuse")
	}
	if status, _ := l.token(refreshing(second.RefreshToken)); status != 400 {
		t.Errorf("newest refresh token: got %d, want 400", status)
	}
}

func TestRefreshTokenEndsAfterThirtyIdleDays(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	first := l.connect()
	l.clock = l.clock.Add(30 * 24 * time.Hour)
	if status, got := l.token(refreshing(first.RefreshToken)); status != 400 || got.Error != "invalid_grant" {
		t.Errorf("got %d %s, want 400 invalid_grant", status, got.Error)
	}
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	status, got := l.token(url.Values{"grant_type": {"client_credentials"}, "scope": {"crm.read"}})
	if status != http.StatusOK || got.RefreshToken != "" || !l.works(got.AccessToken) {
		t.Errorf("got %d %+v, want a working access token alone", status, got)
	}
}

func TestClientAuthentication(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	grant := url.Values{"grant_type": {"client_credentials"}}
	basic := func(id, secret string) http.Header {
		r, _ := http.NewRequest(http.MethodGet, "/", nil)
		r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
		return r.Header
	}
	tests := map[string]struct {
		header http.Header
		form   []string
		status int
		want   string
	}{
		"basic":            {basic("tenon-dev", l.secret), nil, 200, ""},
		"post":             {nil, []string{"client_id", "tenon-dev", "client_secret", l.secret}, 200, ""},
		"wrong basic":      {basic("tenon-dev", "guess"), nil, 401, "invalid_client"},
		"wrong post":       {nil, []string{"client_id", "tenon-dev", "client_secret", "guess"}, 401, "invalid_client"},
		"no secret":        {nil, []string{"client_id", "tenon-dev"}, 401, "invalid_client"},
		"unknown client":   {basic("nobody", ""), nil, 401, "invalid_client"},
		"both":             {basic("tenon-dev", l.secret), []string{"client_secret", l.secret}, 400, "invalid_request"},
		"two client names": {basic("tenon-dev", l.secret), []string{"client_id", "other"}, 401, "invalid_client"},
	}
	for name, test := range tests {
		form := url.Values{}
		for key, values := range grant {
			form[key] = values
		}
		w := l.postForm("/oauth/token", test.header, with(form, test.form...))
		if got := decode[tokens](t, w); w.Code != test.status || got.Error != test.want {
			t.Errorf("%s: got %d %s, want %d %s", name, w.Code, got.Error, test.status, test.want)
		}
		if w.Code == http.StatusUnauthorized && !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Basic") {
			t.Errorf("%s: the 401 carries no Basic challenge", name)
		}
	}
}

func TestAnotherClientCannotUseTheTokens(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	code, mine := l.code(), l.connect()
	w := l.send(http.MethodPost, "/clients", nil, strings.NewReader(`{"client_name":"Thief"}`))
	thief := decode[map[string]any](t, w)
	as := func(form url.Values) url.Values {
		return with(form, "client_id", thief["client_id"].(string), "client_secret", thief["client_secret"].(string))
	}
	for name, form := range map[string]url.Values{"code": exchange(code), "refresh token": refreshing(mine.RefreshToken)} {
		if w := l.postForm("/oauth/token", nil, as(form)); w.Code != http.StatusBadRequest {
			t.Errorf("%s: got %d, want 400", name, w.Code)
		}
	}
	if w := l.postForm("/oauth/revoke", nil, as(url.Values{"token": {mine.RefreshToken}})); w.Code != http.StatusBadRequest {
		t.Errorf("revoke: got %d, want 400", w.Code)
	}
	if !l.works(mine.AccessToken) {
		t.Error("another client ended the grant")
	}
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	revoke := func(token string) int {
		form := url.Values{"token": {token}, "client_id": {"tenon-dev"}, "client_secret": {l.secret}}
		return l.postForm("/oauth/revoke", nil, form).Code
	}
	first := l.connect()
	if got := revoke(first.AccessToken); got != http.StatusOK || l.works(first.AccessToken) {
		t.Errorf("access token: got %d, works %v", got, l.works(first.AccessToken))
	}
	status, second := l.token(refreshing(first.RefreshToken))
	if status != http.StatusOK {
		t.Fatalf("refresh after revoking an access token: got %d, want 200", status)
	}
	if got := revoke(second.RefreshToken); got != http.StatusOK || l.works(second.AccessToken) {
		t.Errorf("refresh token: got %d, its access token works %v", got, l.works(second.AccessToken))
	}
	if status, _ := l.token(refreshing(second.RefreshToken)); status != http.StatusBadRequest {
		t.Errorf("refresh after revocation: got %d, want 400", status)
	}
	if got := revoke("unknown"); got != http.StatusOK {
		t.Errorf("unknown token: got %d, want 200", got)
	}
	w := l.postForm("/oauth/revoke", nil, url.Values{"token": {"x"}, "client_id": {"tenon-dev"}, "client_secret": {"guess"}})
	if w.Code != http.StatusUnauthorized {
		t.Errorf("wrong secret: got %d, want 401", w.Code)
	}
}

func TestOversizedAndRepeatedParametersAreRefused(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	big := l.postForm("/oauth/token", nil, url.Values{"code": {strings.Repeat("x", 70<<10)}})
	repeated := l.postForm("/oauth/token", nil, url.Values{"grant_type": {"refresh_token", "client_credentials"}})
	if big.Code != http.StatusBadRequest || repeated.Code != http.StatusBadRequest {
		t.Errorf("got %d and %d, want 400", big.Code, repeated.Code)
	}
}

func TestStateSurvivesARestart(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	first := l.connect()
	if err := l.crm.Close(); err != nil {
		t.Fatal(err)
	}
	l.open()
	if !l.works(first.AccessToken) {
		t.Error("the access token does not work after a restart")
	}
	_, second := l.token(refreshing(first.RefreshToken))
	l.open()
	if status, _ := l.token(refreshing(first.RefreshToken)); status != http.StatusBadRequest {
		t.Errorf("a consumed refresh token after a restart: got %d, want 400", status)
	}
	stats := decode[map[string]int](t, l.get("/stats", nil))
	want := map[string]int{
		"authorizations": 1, "codesExchanged": 1, "refreshes": 1, "refreshReuse": 1, "revocations": 0, "apiCalls": 1,
	}
	if diff := cmp.Diff(want, stats); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}

	data, err := os.ReadFile(filepath.Join(l.dir, "crm.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{first.AccessToken, first.RefreshToken, second.AccessToken, second.RefreshToken} {
		if strings.Contains(string(data), secret) {
			t.Error("the state file contains a token")
		}
	}
	info, err := os.Stat(filepath.Join(l.dir, "crm.json"))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("state file mode: got %o, want 600", got)
	}
}
