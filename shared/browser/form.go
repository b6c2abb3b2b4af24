package browser

import (
	"html"
	"strings"
)

// Hidden is a value that the form brings along.
type Hidden struct{ Name, Value string }

// Entry returns a form that posts to the action. One that takes a file is sent as
// multipart/form-data (RFC 7578).
func Entry(l Language, action, button string, hidden []Hidden, fields ...Field) string {
	encoding := ""
	for _, f := range fields {
		if f.File {
			encoding = ` enctype="multipart/form-data"`
		}
	}
	return `<form method="post" autocomplete="off" action="` + html.EscapeString(action) + `"` + encoding + `>` + rest(l, button, hidden, fields)
}

// Choice returns a form that opens the action with what was chosen in its query.
func Choice(l Language, action, button string, hidden []Hidden, fields ...Field) string {
	return `<form method="get" action="` + html.EscapeString(action) + `">` + rest(l, button, hidden, fields)
}

// Second marks a form as the less likely one of a page.
func Second(form string) string { return strings.Replace(form, ">", ` class="second">`, 1) }

func rest(l Language, button string, hidden []Hidden, fields []Field) string {
	var b strings.Builder
	for _, h := range hidden {
		b.WriteString(`<input type="hidden" name="` + html.EscapeString(h.Name) + `" value="` + html.EscapeString(h.Value) + `">`)
	}
	focused := false
	for _, f := range fields {
		f.focus = f.Wrong != "" && !focused
		focused = focused || f.focus
		b.WriteString(f.html(l))
	}
	return b.String() + `<button type="submit">` + html.EscapeString(button) + `</button></form>`
}
