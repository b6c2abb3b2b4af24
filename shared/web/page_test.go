package web_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func wantPageHeaders(t *testing.T, answer webtest.Answer, location string) {
	t.Helper()
	want := map[string]string{
		"content-type":                 "text/html; charset=utf-8",
		"content-language":             "en",
		"vary":                         "accept-language, cookie",
		"cache-control":                "no-store",
		"referrer-policy":              "no-referrer",
		"x-content-type-options":       "nosniff",
		"x-frame-options":              "DENY",
		"strict-transport-security":    "max-age=63072000",
		"cross-origin-opener-policy":   "same-origin",
		"cross-origin-resource-policy": "same-origin",
		"permissions-policy":           "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()",
		"content-security-policy":      "default-src 'none'; style-src " + browser.StyleSource() + "; img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
	}
	if location != "" {
		want["location"] = location
	}
	if diff := cmp.Diff(want, answer.Headers); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

// WEB-02: no page has a script, a style or a picture but its own, nor an opener.
func TestWEB02PolicyOfPagesWithForms(t *testing.T) {
	t.Parallel()
	form := browser.Entry(browser.English, "/x", "Go", nil)
	policy := answering(t, routes.OAuthStart, api.Browser{Status: 200, HTML: form}, nil).WantPage(200).Headers["content-security-policy"]
	if strings.Contains(policy, "form-action") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, browser.StyleSource()) {
		t.Errorf("got %s, want a form that may lead to the system", policy)
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
		Cookies: map[string]string{"__Host-a": "1=2", "b": ""}, Language: "en",
	}
	if diff := cmp.Diff(want, seen.in.Visit); diff != "" {
		t.Errorf("visit (-want +got):\n%s", diff)
	}
}

// A language that the link asks for is kept while the person is on the way; else
// the browser decides. Nothing else of the query comes back.
func TestLanguageOfPages(t *testing.T) {
	t.Parallel()
	const kept = "__Host-tenon-language=de; Path=/; Max-Age=1800; HttpOnly; Secure; SameSite=Lax"
	for name, test := range map[string]struct {
		accept, query, cookie string
		want, text            string
		cookies               []string
	}{
		"of the browser":    {accept: "de-CH, fr;q=0.5", want: "de", text: "Dieser Link ist nicht gültig."},
		"of the link":       {accept: "fr", query: "lang=de", want: "de", text: "Dieser Link ist nicht gültig.", cookies: []string{kept}},
		"as before":         {accept: "fr", cookie: "__Host-tenon-language=de", want: "de", text: "Dieser Link ist nicht gültig."},
		"the link again":    {accept: "en", query: "lang=fr", cookie: "__Host-tenon-language=de", want: "fr", text: "Ce lien n’est pas valable.", cookies: []string{strings.Replace(kept, "=de", "=fr", 1)}},
		"one there is none": {accept: "fr", query: "lang=%3Cscript%3E", cookie: "__Host-tenon-language=x%0d%0a", want: "fr", text: "Ce lien n’est pas valable."},
		"a broken query":    {accept: "fr", query: "lang=de&%", want: "fr", text: "L’adresse n’est pas valable."},
	} {
		h := webtest.New(t, routes.OAuthStart, func(_ context.Context, _ auth.Caller, in api.OAuthStart) (api.Browser, error) {
			if in.Language != test.want {
				t.Errorf("%s: the handler is told %q, want %q", name, in.Language, test.want)
			}
			return api.Browser{}, fault.New(fault.Invalid, fault.CodeHandoffInvalid, "This link is not valid.")
		})
		send := event(routes.OAuthStart.Route)
		send.Headers["accept-language"], send.RawQueryString, send.Cookies = test.accept, test.query, []string{test.cookie}
		answer := h.Send(send).WantPage(400, test.text, `<html lang="`+test.want+`">`).WantHeader("content-language", test.want)
		if diff := cmp.Diff(test.cookies, answer.Cookies); diff != "" {
			t.Errorf("%s: cookies (-want +got):\n%s", name, diff)
		}
	}
}

// A failure that can be tried again on a page of ours leads there.
func TestFailureLeadsBack(t *testing.T) {
	t.Parallel()
	failed := &browser.Again{Path: "/connect/cst_1", Err: fault.New(fault.Conflict, fault.CodeAccountMismatch, "This is another account than the one connected before.")}
	answering(t, routes.OAuthCallback, api.Browser{}, failed).WantPage(409, "This is another account", `action="/connect/cst_1"`, "request-1")
}
