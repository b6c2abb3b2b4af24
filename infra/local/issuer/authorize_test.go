package issuer_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestChoiceGoesBackToTheConsole(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	told := b.choose("olive", ask())
	if told.Get("code") == "" {
		t.Error("there is no code")
	}
	told.Del("code")
	if diff := cmp.Diff(url.Values{"state": {"st&1"}, "iss": {baseURL}}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestPageOfThePeople(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	w := b.authorize(ask("state", `"><script>alert(1)</script>`))
	page := w.Body.String()
	for _, want := range []string{
		"Olive Ortega", "Adam Acker", "Vera Voss", "stands in for the OpenID Connect issuer of your stage",
		`<html lang="en">`, `action="/dev/issuer/authorize"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "http:") {
		t.Errorf("the page has a script or an address of elsewhere:\n%s", page)
	}
	policy := w.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "style-src 'sha256-", "frame-ancestors 'none'", "base-uri 'none'", "form-action http://127.0.0.1:8787 http://localhost:8787"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy %q lacks %q", policy, want)
		}
	}
	if len(b.cookies) > 0 {
		t.Error("a cookie was set before anybody was chosen")
	}
}

func TestForeignRequestIsNeverRedirected(t *testing.T) {
	t.Parallel()
	for name, query := range map[string]url.Values{
		"no client":            ask("client_id", ""),
		"other client":         ask("client_id", "tenon-dev"),
		"two clients":          {"client_id": {"tenon-console", "tenon-console"}, "redirect_uri": {signedIn}},
		"no redirect URI":      ask("redirect_uri", ""),
		"other origin":         ask("redirect_uri", "https://evil.example/console/signed-in"),
		"other port":           ask("redirect_uri", "http://127.0.0.1:8788/console/signed-in"),
		"other path":           ask("redirect_uri", origin+"/console/signed-in/../../v1"),
		"longer":               ask("redirect_uri", signedIn+"?x=1"),
		"user in the URI":      ask("redirect_uri", "http://127.0.0.1:8787@evil.example/console/signed-in"),
		"two redirect URIs":    {"client_id": {"tenon-console"}, "redirect_uri": {signedIn, "https://evil.example"}},
		"and everything wrong": {"redirect_uri": {"https://evil.example"}, "prompt": {"none"}},
	} {
		w := newBrowser(t).authorize(query)
		if w.Code != http.StatusBadRequest || w.Header().Get("Location") != "" || !strings.Contains(w.Body.String(), `role="alert"`) {
			t.Errorf("%s: got %d to %q, want an error page", name, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestWrongRequestIsTold(t *testing.T) {
	t.Parallel()
	twice := ask()
	twice.Add("scope", "openid")
	for name, test := range map[string]struct {
		query url.Values
		want  string
	}{
		"no response type":     {ask("response_type", ""), "invalid_request"},
		"implicit flow":        {ask("response_type", "token"), "unsupported_response_type"},
		"hybrid flow":          {ask("response_type", "code id_token"), "unsupported_response_type"},
		"fragment":             {ask("response_mode", "fragment"), "invalid_request"},
		"no PKCE":              {ask("code_challenge", "", "code_challenge_method", ""), "invalid_request"},
		"no challenge":         {ask("code_challenge", ""), "invalid_request"},
		"no method":            {ask("code_challenge_method", ""), "invalid_request"},
		"plain PKCE":           {ask("code_challenge_method", "plain"), "invalid_request"},
		"short challenge":      {ask("code_challenge", challenge[1:]), "invalid_request"},
		"request object":       {ask("request", "e30.e30."), "request_not_supported"},
		"request by reference": {ask("request_uri", "https://evil.example"), "request_uri_not_supported"},
		"none and login":       {ask("prompt", "none login"), "invalid_request"},
		"nobody yet":           {ask("prompt", "none"), "login_required"},
		"repeated":             {twice, "invalid_request"},
	} {
		b := newBrowser(t)
		told := b.told(b.authorize(test.query))
		if told.Get("error") != test.want || told.Get("state") != "st&1" || told.Get("iss") != baseURL || told.Has("code") || told.Get("error_description") == "" {
			t.Errorf("%s: got %v, want %s", name, told, test.want)
		}
	}
}

func TestChoiceIsProtected(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	held := b.held(ask())
	for name, test := range map[string]struct {
		form   url.Values
		header http.Header
		wait   time.Duration
		want   int
	}{
		"no request":      {form: url.Values{"person": {"olive"}}, want: 400},
		"guessed request": {form: url.Values{"person": {"olive"}, "request": {strings.Repeat("A", 26)}}, want: 400},
		"nobody":          {form: url.Values{"request": {held}}, want: 400},
		"unknown person":  {form: url.Values{"request": {held}, "person": {"eve"}}, want: 400},
		"page of a site":  {form: url.Values{"request": {held}, "person": {"olive"}}, header: http.Header{"Sec-Fetch-Site": {"cross-site"}}, want: 403},
		"page of a port":  {form: url.Values{"request": {held}, "person": {"olive"}}, header: http.Header{"Origin": {"http://127.0.0.1:9999"}}, want: 403},
		"too late":        {form: url.Values{"request": {held}, "person": {"olive"}}, wait: 10 * time.Minute, want: 400},
	} {
		other := b.another()
		now := b.now.Add(test.wait)
		before := *b.now
		*b.now = now
		other.header = test.header
		w := other.send(http.MethodPost, "/authorize", test.form)
		*b.now = before
		if w.Code != test.want || w.Header().Get("Location") != "" || len(other.cookies) > 0 {
			t.Errorf("%s: got %d to %q with cookies %v, want %d", name, w.Code, w.Header().Get("Location"), other.cookies, test.want)
		}
	}
}

func TestCancelIsTold(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	told := b.told(b.send(http.MethodPost, "/authorize", url.Values{"request": {b.held(ask())}, "cancel": {"yes"}}))
	if told.Get("error") != "access_denied" || told.Get("state") != "st&1" || len(b.cookies) > 0 {
		t.Errorf("got %v and cookies %v, want access_denied", told, b.cookies)
	}
}

func TestBothNamesOfTheMachine(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	const local = "http://localhost:8787"
	form := url.Values{"request": {b.held(ask("redirect_uri", local+"/console/signed-in"))}, "person": {"vera"}}
	if got := b.send(http.MethodPost, "/authorize", form).Header().Get("Location"); !strings.HasPrefix(got, local+"/console/signed-in?code=") {
		t.Errorf("got %q", got)
	}
	for from, want := range map[string]string{local: local, origin: origin, "http://localhost:9999": "", "null": ""} {
		b.header = http.Header{"Origin": {from}}
		for _, path := range []string{"/token", "/authorize"} {
			got := b.send(http.MethodPost, path, nil).Header().Get("Access-Control-Allow-Origin")
			if path == "/authorize" {
				want = ""
			}
			if got != want {
				t.Errorf("%s for %s: got %q, want %q", path, from, got, want)
			}
		}
	}
}
