package web

import (
	"html"
	"net/http"
	"reflect"
	"strconv"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/shared/api"
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

// Document returns a complete page of ours. Everything given is escaped except
// form, which the caller built of escaped parts.
func Document(title, text, form string) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>` +
		html.EscapeString(title) + `</title><style>` + style + `</style></head><body><main><h1>` + html.EscapeString(title) + `</h1><p>` +
		html.EscapeString(text) + `</p>` + form + `</main></body></html>`
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}main{max-width:34rem;margin:12vh auto;padding:0 1.5rem}` +
	`dt{font-weight:600}dd{margin:0 0 .75rem}button{font:inherit;padding:.6rem 1.2rem;border-radius:.4rem;border:1px solid;cursor:pointer}small{opacity:.7}`

// errorPage is a fixed page: what the browser brought is not repeated.
func errorPage(status int, detail, requestID string) api.Browser {
	return api.Browser{
		Status: status,
		HTML: Document(http.StatusText(status), detail,
			`<p><small>Request `+html.EscapeString(requestID)+`, status `+strconv.Itoa(status)+`.</small></p>`),
	}
}
