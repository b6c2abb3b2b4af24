// Package browser writes the few pages a person sees in a handoff: complete
// HTML documents without script, picture or third party. It depends on the
// standard library only.
package browser

import (
	"html"
	"strings"
)

// Document returns a complete page. Title and text are escaped; parts were
// made by the functions below.
func Document(title, text string, parts ...string) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>` +
		html.EscapeString(title) + `</title><style>` + style + `</style></head><body><main><h1>` + html.EscapeString(title) + `</h1><p>` +
		html.EscapeString(text) + `</p>` + strings.Join(parts, "") + `</main></body></html>`
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}main{max-width:34rem;margin:12vh auto;padding:0 1.5rem}` +
	`dt{font-weight:600}dd{margin:0 0 .75rem}button{font:inherit;padding:.6rem 1.2rem;border-radius:.4rem;border:1px solid;cursor:pointer}small{opacity:.75}`

// Facts returns a list of names and values, all escaped; empty values are left
// out.
func Facts(pairs ...[2]string) string {
	var b strings.Builder
	b.WriteString("<dl>")
	for _, pair := range pairs {
		if pair[1] != "" {
			b.WriteString("<dt>" + html.EscapeString(pair[0]) + "</dt><dd>" + html.EscapeString(pair[1]) + "</dd>")
		}
	}
	b.WriteString("</dl>")
	return b.String()
}

// Form returns a form that posts to the page's own address without its query,
// with one hidden field.
func Form(action, field, value, button string) string {
	return `<form method="post" action="` + html.EscapeString(action) + `"><input type="hidden" name="` + html.EscapeString(field) +
		`" value="` + html.EscapeString(value) + `"><button type="submit">` + html.EscapeString(button) + `</button></form>`
}

// Note returns a line of small print.
func Note(text string) string { return `<p><small>` + html.EscapeString(text) + `</small></p>` }
