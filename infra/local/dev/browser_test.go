package dev_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// testBrowser is what a browser finds beside the API.
func testBrowser(t *testing.T, e *environment) {
	base := fmt.Sprintf("http://127.0.0.1:%d", e.port)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(method, path string, header map[string]string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), method, base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range header {
			r.Header.Set(name, value)
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return res
	}
	if res := ask("GET", "/", nil); res.StatusCode != http.StatusFound || res.Header.Get("Location") != "/console" {
		t.Errorf("GET /: got %d to %q, want the console", res.StatusCode, res.Header.Get("Location"))
	}
	signIn := "/dev/issuer/authorize?response_type=code&client_id=tenon-console&code_challenge_method=S256&prompt=none" +
		"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&redirect_uri=" + base + "/console/signed-in"
	if got := ask("GET", signIn, nil).Header.Get("Location"); !strings.HasPrefix(got, base+"/console/signed-in?error=login_required") {
		t.Errorf("sign-in: got %q", got)
	}
	for origin, want := range map[string]string{site: site, "https://evil.example": "", "https://console.example": ""} { // The last is that of the template.
		preflight := ask("OPTIONS", "/v1/whoami", map[string]string{"Origin": origin, "Access-Control-Request-Method": "GET"})
		if got := preflight.Header.Get("Access-Control-Allow-Origin"); preflight.StatusCode != http.StatusNoContent || got != want {
			t.Errorf("preflight of %s: got %d and %q, want %q", origin, preflight.StatusCode, got, want)
		}
		if got := ask("POST", "/dev/token", map[string]string{"Origin": origin}); got.StatusCode != http.StatusForbidden || got.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("a token for %s: got %d, want 403", origin, got.StatusCode)
		}
	}
}
