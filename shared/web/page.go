package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/fault"
)

// permissions are the powers of a browser that no page of ours has a use for.
const permissions = "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()"

// page answers a browser. The headers keep tickets, codes and states out of
// referrers, caches and frames (RFC 9700 4.2, 4.16), no script runs, and whoever
// opened the window has no hold on the page: cross-origin-opener-policy parts the
// two, so that the page has no opener and its window looks closed to the one.
func page(e events.APIGatewayV2HTTPRequest, b api.Browser) events.APIGatewayV2HTTPResponse {
	res := events.APIGatewayV2HTTPResponse{
		StatusCode: b.Status, Body: b.HTML, Cookies: append(b.Cookies, keepLanguage(e)...),
		Headers: map[string]string{
			"content-type":                 "text/html; charset=utf-8",
			"content-language":             string(languageOf(e)),
			"vary":                         "accept-language, cookie",
			"cache-control":                "no-store",
			"referrer-policy":              "no-referrer",
			"x-content-type-options":       "nosniff",
			"x-frame-options":              "DENY",
			"strict-transport-security":    "max-age=63072000",
			"cross-origin-opener-policy":   "same-origin",
			"cross-origin-resource-policy": "same-origin",
			"permissions-policy":           permissions,
			"content-security-policy":      policy(b.HTML),
		},
	}
	if b.Location != "" {
		res.Headers["location"] = b.Location
	}
	return res
}

// policy is the content security policy of a page. Browsers apply form-action to
// every redirect after a form was sent, too, and ours lead on to a system that may
// send the person to yet another host to sign in, or back to the page that asked:
// no list of origins is complete. So only a page without a form forbids all.
func policy(html string) string {
	p := "default-src 'none'; style-src " + browser.StyleSource() + "; img-src data:; base-uri 'none'; frame-ancestors 'none'"
	if !strings.Contains(html, "<form") {
		p += "; form-action 'none'"
	}
	return p
}

// errorPage is a fixed page: what the browser brought is not repeated.
func errorPage(e events.APIGatewayV2HTTPRequest, err error, status int) api.Browser {
	again := ""
	var retry *browser.Again
	if errors.As(err, &retry) {
		again = retry.Path
	}
	p := browser.Failure(languageOf(e), fault.From(err), status, e.RequestContext.RequestID, again)
	return api.Browser{Status: status, HTML: p.HTML()}
}

// languageCookie keeps a language that a link asked for while the person goes
// through a form, to another system and back. It says nothing else.
const languageCookie = "__Host-tenon-language"

// languageOf is the one that the query asks for, or did before, or that the
// browser prefers.
func languageOf(e events.APIGatewayV2HTTPRequest) browser.Language {
	return browser.Prefer(e.Headers["accept-language"], asked(e), cookiesOf(e)[languageCookie])
}

func keepLanguage(e events.APIGatewayV2HTTPRequest) []string {
	l, ok := browser.Known(asked(e))
	if !ok {
		return nil
	}
	c := http.Cookie{Name: languageCookie, Value: string(l), Path: "/", MaxAge: 1800, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	return []string{c.String()}
}

func asked(e events.APIGatewayV2HTTPRequest) string {
	query, err := url.ParseQuery(e.RawQueryString)
	if err != nil {
		return ""
	}
	return query.Get("lang")
}
