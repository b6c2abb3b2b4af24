package web_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func wantPageHeaders(t *testing.T, answer webtest.Answer, location string) {
	t.Helper()
	want := map[string]string{
		"content-type":              "text/html; charset=utf-8",
		"cache-control":             "no-store",
		"referrer-policy":           "no-referrer",
		"x-content-type-options":    "nosniff",
		"x-frame-options":           "DENY",
		"strict-transport-security": "max-age=63072000",
		"content-security-policy":   "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
	}
	if location != "" {
		want["location"] = location
	}
	if diff := cmp.Diff(want, answer.Headers); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestPageKeepsCodesOutOfReferrersCachesAndFrames(t *testing.T) {
	t.Parallel()
	page := api.Browser{Status: 200, HTML: "<p>Go on?</p>", Cookies: []string{"a=b; Secure"}}
	answer := answering(t, routes.OAuthStart, page, nil).WantPage(200, "<p>Go on?</p>")
	wantPageHeaders(t, answer, "")
	if diff := cmp.Diff(page.Cookies, answer.Cookies); diff != "" {
		t.Errorf("cookies (-want +got):\n%s", diff)
	}
	redirect := answering(t, routes.OAuthConfirm, api.Browser{Status: 303, Location: "https://provider.example/authorize"}, nil)
	if redirect.StatusCode != 303 || redirect.Body != "" {
		t.Errorf("got %d %q", redirect.StatusCode, redirect.Body)
	}
	wantPageHeaders(t, redirect, "https://provider.example/authorize")
}

func TestFailureOfABrowserRouteIsAPage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err    error
		status int
		text   string
	}{
		{fault.New(fault.Conflict, fault.CodeHandoffUsed, "The link was used <already>."), 409, "The link was used &lt;already&gt;."},
		{errors.New("canary"), 500, "Internal error."},
	} {
		answer := answering(t, routes.OAuthCallback, api.Browser{}, test.err).WantPage(test.status, test.text, "request-1")
		wantPageHeaders(t, answer, "")
		if strings.Contains(answer.Body, "canary") {
			t.Errorf("got %s", answer.Body)
		}
	}
	h, seen := record(t, routes.OAuthStart)
	send := event(routes.OAuthStart.Route)
	send.PathParameters = map[string]string{"handoffId": "hof_<script>"}
	wantPageHeaders(t, h.Send(send).WantPage(404), "")
	if seen.count != 0 {
		t.Error("the handler was called")
	}
}

func TestBrowserRouteReadsQueryFormAndCookies(t *testing.T) {
	t.Parallel()
	h, seen := record(t, routes.OAuthConfirm)
	send := event(routes.OAuthConfirm.Route)
	send.RawQueryString, send.Body = "ticket=a%2Bb&x=1&x=2", "Zm9ybT1hJTI2Yg==" // form=a%26b
	send.IsBase64Encoded = true
	send.Cookies = []string{"__Host-a=1=2", "b=", "junk"}
	h.Send(send).WantPage(200)
	want := api.Visit{
		Query: map[string][]string{"ticket": {"a+b"}, "x": {"1", "2"}}, Form: map[string][]string{"form": {"a&b"}},
		Cookies: map[string]string{"__Host-a": "1=2", "b": ""},
	}
	if diff := cmp.Diff(want, seen.in.Visit); diff != "" {
		t.Errorf("visit (-want +got):\n%s", diff)
	}
}
