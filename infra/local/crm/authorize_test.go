package crm_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestConsentPage(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	w := l.get("/oauth/authorize?"+authorization("state", `"><script>alert(1)</script>`).Encode(), nil)
	body := w.Body.String()
	for _, want := range []string{"Tenon (local)", "Read your contacts", "Create contacts", "Alice Archer", "Bob Baker", "Deny"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not contain %q", want)
		}
	}
	if strings.Contains(body, "<script") {
		t.Error("the page contains a script")
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(body)[1]
	sum := sha256.Sum256([]byte(style))
	policy := w.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q does not contain %s", policy, want)
		}
	}
}

func TestConsentAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ decision, want string }{
		"allow": {"allow", "code"},
		"deny":  {"deny", "error"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			fields, cookie := l.form(authorization("redirect_uri", callback))
			w := l.postForm("/oauth/authorize", cookie, with(fields, "decision", test.decision, "account", "bob"))
			if w.Code != http.StatusSeeOther {
				t.Fatalf("got %d %s, want 303", w.Code, w.Body)
			}
			target := l.location(w)
			if got := target.Scheme + "://" + target.Host + target.Path; got != callback {
				t.Errorf("redirect: got %s, want %s", got, callback)
			}
			query := target.Query()
			if query.Get(test.want) == "" || len(query) != 3 {
				t.Errorf("got %v, want %s, state and iss", query, test.want)
			}
			if query.Get("state") != "state-1" || query.Get("iss") != baseURL {
				t.Errorf("got state %q and iss %q", query.Get("state"), query.Get("iss"))
			}
			if test.decision == "deny" && query.Get("error") != "access_denied" {
				t.Errorf("error: got %s, want access_denied", query.Get("error"))
			}
		})
	}
}

func TestNothingIsSentToAnUnknownRedirectURI(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for name, changes := range map[string][]string{
		"unknown client":      {"client_id", "nobody"},
		"no redirect":         {"redirect_uri", ""},
		"other origin":        {"redirect_uri", "http://evil.example/v1/oauth/callback/x"},
		"origin as prefix":    {"redirect_uri", "http://127.0.0.1:8787.evil.example/v1/oauth/callback/x"},
		"user info":           {"redirect_uri", "http://127.0.0.1:8787@evil.example/v1/oauth/callback/x"},
		"other path":          {"redirect_uri", "http://127.0.0.1:8787/v1/connections"},
		"dot segments":        {"redirect_uri", "http://127.0.0.1:8787/v1/oauth/callback/../../x"},
		"escaped dot segment": {"redirect_uri", "http://127.0.0.1:8787/v1/oauth/callback/%2e%2e/x"},
		"query":               {"redirect_uri", callback + "?next=x"},
		"fragment":            {"redirect_uri", callback + "#x"},
	} {
		w := l.get("/oauth/authorize?"+authorization(changes...).Encode(), nil)
		if w.Code != http.StatusBadRequest || w.Header().Get("Location") != "" {
			t.Errorf("%s: got %d and location %q, want 400 and none", name, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestAuthorizationErrorsGoBack(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	repeated := func(name string) url.Values {
		query := authorization()
		query.Add(name, query.Get(name))
		return query
	}
	tests := map[string]struct {
		query url.Values
		want  string
	}{
		"implicit grant":   {authorization("response_type", "token"), "unsupported_response_type"},
		"no PKCE":          {authorization("code_challenge", ""), "invalid_request"},
		"plain PKCE":       {authorization("code_challenge_method", "plain"), "invalid_request"},
		"no PKCE method":   {authorization("code_challenge_method", ""), "invalid_request"},
		"short challenge":  {authorization("code_challenge", "abc"), "invalid_request"},
		"unknown scope":    {authorization("scope", "crm.read admin"), "invalid_scope"},
		"repeated scope":   {repeated("scope"), "invalid_request"},
		"repeated PKCE":    {repeated("code_challenge"), "invalid_request"},
		"repeated state":   {repeated("state"), "invalid_request"},
		"no response type": {authorization("response_type", ""), "unsupported_response_type"},
	}
	for name, test := range tests {
		w := l.get("/oauth/authorize?"+test.query.Encode(), nil)
		answer := l.location(w).Query()
		if w.Code != http.StatusSeeOther || answer.Get("error") != test.want {
			t.Errorf("%s: got %d and error %q, want 303 and %q", name, w.Code, answer.Get("error"), test.want)
		}
		if answer.Get("state") != "state-1" || answer.Get("iss") != baseURL {
			t.Errorf("%s: got state %q and iss %q", name, answer.Get("state"), answer.Get("iss"))
		}
	}
}

func TestConsentFormIsBoundToBrowserAndRequest(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	other, otherCookie := l.form(authorization())
	for name, attack := range map[string]func(fields url.Values, header http.Header){
		"no cookie":        func(_ url.Values, h http.Header) { h.Del("Cookie") },
		"attacker's token": func(f url.Values, _ http.Header) { f.Set("csrf", other.Get("csrf")) },
		"victim's cookie":  func(_ url.Values, h http.Header) { h["Cookie"] = otherCookie["Cookie"] },
		"no token":         func(f url.Values, _ http.Header) { f.Del("csrf") },
		"other state":      func(f url.Values, _ http.Header) { f.Set("state", "attacker") },
		"other scope":      func(f url.Values, _ http.Header) { f.Set("scope", "crm.write") },
		"other callback":   func(f url.Values, _ http.Header) { f.Set("redirect_uri", callback+"2") },
		"other challenge":  func(f url.Values, _ http.Header) { f.Set("code_challenge", challengeOf(verifier+"2")) },
		"foreign origin":   func(_ url.Values, h http.Header) { h.Set("Origin", "https://evil.example") },
	} {
		fields, header := l.form(authorization())
		with(fields, "decision", "allow", "account", "alice")
		attack(fields, header)
		w := l.postForm("/oauth/authorize", header, fields)
		if w.Code != http.StatusForbidden || w.Header().Get("Location") != "" {
			t.Errorf("%s: got %d and location %q, want 403 and none", name, w.Code, w.Header().Get("Location"))
		}
	}
}
