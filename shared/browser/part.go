package browser

import (
	"html"
	"net/url"
	"strings"
)

// Facts returns a list of names and values, all escaped; empty values are left
// out, and the list with them when it has none.
func Facts(pairs ...[2]string) string {
	var b strings.Builder
	for _, pair := range pairs {
		if pair[1] != "" {
			b.WriteString("<dt>" + html.EscapeString(pair[0]) + "</dt><dd>" + html.EscapeString(pair[1]) + "</dd>")
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "<dl>" + b.String() + "</dl>"
}

// Permission is one thing that a system is asked to allow.
type Permission struct {
	Name        string // As the system calls it.
	Description string // In English, as the catalogue has it; may be empty.
}

// Permissions returns a section that lists them.
func Permissions(title string, list []Permission) string {
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<h2>` + html.EscapeString(title) + `</h2><ul class="access">`)
	for _, p := range list {
		b.WriteString(`<li>`)
		if p.Description != "" {
			b.WriteString(`<span lang="en">` + html.EscapeString(p.Description) + `</span> `)
		}
		b.WriteString(`<code>` + html.EscapeString(p.Name) + `</code></li>`)
	}
	return b.String() + `</ul>`
}

// Steps returns a section that says what happens, in order.
func Steps(title string, steps ...string) string {
	var b strings.Builder
	b.WriteString(`<h2>` + html.EscapeString(title) + `</h2><ol>`)
	for _, step := range steps {
		b.WriteString(`<li>` + html.EscapeString(step) + `</li>`)
	}
	return b.String() + `</ol>`
}

// Section returns a heading with a paragraph.
func Section(title, text string) string {
	return `<h2>` + html.EscapeString(title) + `</h2>` + Text(text)
}

// Text returns a paragraph.
func Text(text string) string { return `<p>` + html.EscapeString(text) + `</p>` }

// Note returns a line of small print.
func Note(text string) string { return `<p class="note">` + html.EscapeString(text) + `</p>` }

// Code returns what a person copies to another page, in large letters.
func Code(label, code string) string {
	return `<p class="code"><span>` + html.EscapeString(label) + `</span> <strong translate="no">` + html.EscapeString(code) + `</strong></p>`
}

// Link returns a link that opens beside this page, and tells the page it leads to
// nothing of this one. What is no web address is returned as text.
func Link(address, text string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return Text(address)
	}
	return `<p><a class="button" target="_blank" rel="noopener noreferrer" href="` + html.EscapeString(u.String()) + `">` + html.EscapeString(text) + `</a></p>`
}

// Alert returns a paragraph that says what went wrong.
func Alert(text string) string {
	return alert(html.EscapeString(text))
}

// alert takes what is escaped.
func alert(text string) string {
	return `<p class="alert" role="alert"><strong>` + text + `</strong></p>`
}
