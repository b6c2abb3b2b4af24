package web

import (
	"net/http"
	"reflect"
	"strconv"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/browser"
)

var browserType = reflect.TypeFor[api.Browser]()

// page answers a browser. The headers keep tickets, codes and states out of
// referrers, caches and frames (RFC 9700 4.2, 4.16), and no script runs.
func page(b api.Browser) events.APIGatewayV2HTTPResponse {
	res := events.APIGatewayV2HTTPResponse{
		StatusCode: b.Status, Body: b.HTML, Cookies: b.Cookies,
		Headers: map[string]string{
			"content-type":              "text/html; charset=utf-8",
			"cache-control":             "no-store",
			"referrer-policy":           "no-referrer",
			"x-content-type-options":    "nosniff",
			"x-frame-options":           "DENY",
			"strict-transport-security": "max-age=63072000",
			"content-security-policy":   "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
		},
	}
	if b.Location != "" {
		res.Headers["location"] = b.Location
	}
	return res
}

// errorPage is a fixed page: what the browser brought is not repeated.
func errorPage(status int, detail, requestID string) api.Browser {
	note := browser.Note("Request " + requestID + ", status " + strconv.Itoa(status) + ".")
	return api.Browser{Status: status, HTML: browser.Document(http.StatusText(status), detail, note)}
}
