package issuer_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestBrowserIsRememberedForSilentRequests(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	held := b.held(ask())
	w := b.send(http.MethodPost, "/authorize", url.Values{"request": {held}, "person": {"vera"}})
	cookie := w.Result().Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/dev/issuer/" || !strings.HasSuffix(cookie.Name, "-8787") {
		t.Errorf("got the cookie %s", cookie)
	}
	silent := ask("prompt", "none", "nonce", "no-2")
	_, got := b.token(redemption(b.told(b.authorize(silent)).Get("code")))
	if id := verify(t, b.issuer, got.IDToken); id["sub"] != "vera" || id["nonce"] != "no-2" {
		t.Errorf("got %v, want vera", id)
	}
	b.held(ask()) // Asked aloud, a known browser gets the page all the same.
	other := b.another()
	if told := other.told(other.authorize(silent)); told.Get("error") != "login_required" {
		t.Errorf("another browser: got %v, want login_required", told)
	}
	*b.now = b.now.Add(12 * time.Hour)
	if told := b.told(b.authorize(silent)); told.Get("error") != "login_required" {
		t.Errorf("after twelve hours: got %v, want login_required", told)
	}
}

func TestEndSession(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	tokens := b.signIn("olive")
	var stolen string
	for _, value := range b.cookies {
		stolen = value
	}
	query := url.Values{"post_logout_redirect_uri": {origin + "/console/"}, "state": {"a b"}}
	w := b.send(http.MethodGet, "/end-session?"+query.Encode(), nil)
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != origin+"/console/?state=a+b" {
		t.Errorf("got %d to %q, want the console", w.Code, got)
	}
	if len(b.cookies) > 0 {
		t.Error("the cookie is still there")
	}
	b.cookies["tenon-dev-issuer-8787"] = stolen
	if told := b.told(b.authorize(ask("prompt", "none"))); told.Get("error") != "login_required" {
		t.Errorf("with the old cookie: got %v, want login_required", told)
	}
	if _, got := b.refresh(tokens.RefreshToken); got.Error != "invalid_grant" {
		t.Errorf("refresh: got %+v, want invalid_grant", got)
	}
}

func TestEndSessionGoesToTheConsoleOnly(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]int{
		"": 200, origin + "/console": 303, origin + "/console/connections": 303, "http://localhost:8787/console": 303,
		"https://evil.example/console": 400, origin + "/consoles": 400, origin + "/v1/tenants": 400, "/console": 400, "//evil.example/console": 400,
		origin + "/console/../v1": 400, origin + "/console/%2e%2e/v1": 400, origin + `/console/\..\v1`: 400, origin + "/console//x": 400,
		"http://127.0.0.1:8787@evil.example/console": 400, "http://127.0.0.1:87870/console": 400, "javascript:alert(1)": 400,
	} {
		b := newBrowser(t)
		b.signIn("olive")
		w := b.send(http.MethodGet, "/end-session?"+url.Values{"post_logout_redirect_uri": {uri}}.Encode(), nil)
		if w.Code != want || (w.Header().Get("Location") != "") != (want == 303) || len(b.cookies) > 0 {
			t.Errorf("%s: got %d to %q, want %d", uri, w.Code, w.Header().Get("Location"), want)
		}
	}
}

func TestDiscoveryHasTheEndpoints(t *testing.T) {
	t.Parallel()
	var document struct {
		Authorization string   `json:"authorization_endpoint"`
		Token         string   `json:"token_endpoint"`
		End           string   `json:"end_session_endpoint"`
		Challenges    []string `json:"code_challenge_methods_supported"`
		Scopes        []string `json:"scopes_supported"`
	}
	get(t, open(t, t.TempDir()), "/.well-known/openid-configuration", &document)
	if document.Authorization != baseURL+"/authorize" || document.Token != baseURL+"/token" || document.End != baseURL+"/end-session" {
		t.Errorf("got %+v", document)
	}
	if len(document.Challenges) != 1 || document.Challenges[0] != "S256" || len(document.Scopes) < 10 {
		t.Errorf("got %+v", document)
	}
}
