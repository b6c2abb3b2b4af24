package browser

import (
	"html"
	"strconv"
	"strings"
)

// Field is one thing that a form asks for.
type Field struct {
	Name     string
	Label    string
	Help     string
	Hint     string // An example of what is entered.
	Value    string // What stands in it; not shown of a secret.
	Options  []Option
	Secret   bool
	Lines    bool // Of several lines, such as a key.
	Required bool
	Longest  int    // Characters; zero is no limit.
	Wrong    string // What is wrong with what was entered.
}

// Option is one of the values to choose from.
type Option struct{ Value, Text string }

// Hidden is a value that the form brings along.
type Hidden struct{ Name, Value string }

// Entry returns a form that posts to the action.
func Entry(action, button string, hidden []Hidden, fields ...Field) string {
	var b strings.Builder
	b.WriteString(`<form method="post" autocomplete="off" action="` + html.EscapeString(action) + `">`)
	for _, h := range hidden {
		b.WriteString(`<input type="hidden" name="` + html.EscapeString(h.Name) + `" value="` + html.EscapeString(h.Value) + `">`)
	}
	return b.String() + rest(button, fields)
}

// Choice returns a form that opens the action with what was chosen in its query.
func Choice(action, button string, fields ...Field) string {
	return `<form method="get" action="` + html.EscapeString(action) + `">` + rest(button, fields)
}

// Alert returns a paragraph that says what went wrong.
func Alert(text string) string {
	return `<p role="alert"><strong>` + html.EscapeString(text) + `</strong></p>`
}

func rest(button string, fields []Field) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f.html())
	}
	return b.String() + `<button type="submit">` + html.EscapeString(button) + `</button></form>`
}

func (f Field) html() string {
	label := f.Label
	if !f.Required {
		label += " (optional)"
	}
	parts := `<p><label>` + html.EscapeString(label) + `<br>` + f.control() + `</label>`
	if f.Help != "" {
		parts += `<br><small>` + html.EscapeString(f.Help) + `</small>`
	}
	if f.Wrong != "" {
		parts += `<br><strong role="alert">` + html.EscapeString(f.Wrong) + `</strong>`
	}
	return parts + `</p>`
}

func (f Field) control() string {
	attributes := ` name="` + html.EscapeString(f.Name) + `"`
	if f.Required {
		attributes += " required"
	}
	if len(f.Options) > 0 {
		return `<select` + attributes + `>` + f.options() + `</select>`
	}
	attributes += ` autocomplete="off" spellcheck="false"`
	if f.Longest > 0 {
		attributes += ` maxlength="` + strconv.Itoa(f.Longest) + `"`
	}
	if f.Hint != "" {
		attributes += ` placeholder="` + html.EscapeString(f.Hint) + `"`
	}
	value := f.Value
	if f.Secret {
		value = ""
	}
	if f.Lines {
		return `<textarea rows="8"` + attributes + `>` + html.EscapeString(value) + `</textarea>`
	}
	kind := "text"
	if f.Secret {
		kind = "password"
	}
	return `<input type="` + kind + `" value="` + html.EscapeString(value) + `"` + attributes + `>`
}

func (f Field) options() string {
	var b strings.Builder
	for _, o := range f.Options {
		selected := ""
		if o.Value == f.Value {
			selected = " selected"
		}
		b.WriteString(`<option value="` + html.EscapeString(o.Value) + `"` + selected + `>` + html.EscapeString(o.Text) + `</option>`)
	}
	return b.String()
}
