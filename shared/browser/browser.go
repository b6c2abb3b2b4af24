// Package browser writes the few pages a person sees in a handoff, in the
// language of their browser: complete HTML documents without script and without
// anything of a third party. It depends on package fault only.
package browser

import (
	"encoding/base64"
	"html"
	"strings"
)

// State is what a page says at a glance, beside its words.
type State string

// The states. A page that asks for something has none.
const (
	Done    State = "done"
	Failed  State = "failed"
	Pending State = "pending" // Something else has to happen first.
)

// Page is one page. Title and text are escaped; parts were made by the functions
// of this package.
type Page struct {
	Language Language
	Title    string // Heading, and title of the window.
	Wrong    bool   // What was entered is asked for again, which the title of the window says.
	State    State
	Mark     string // SVG of the system; empty for none.
	Text     string
	Parts    []string
}

// HTML returns the complete document.
func (p Page) HTML() string {
	if _, ok := Known(string(p.Language)); !ok {
		p.Language = English
	}
	title := p.Title
	if p.Wrong {
		title = Say(p.Language.Words().Error, title)
	}
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + html.EscapeString(string(p.Language)) + `"><head><meta charset="utf-8">` +
		`<meta name="viewport" content="width=device-width,initial-scale=1"><title>` + html.EscapeString(title) + `</title><style>` + style + `</style></head><body><main>` +
		p.sign() + `<h1>` + html.EscapeString(p.Title) + `</h1>`)
	if p.Text != "" {
		b.WriteString(`<p class="lead">` + html.EscapeString(p.Text) + `</p>`)
	}
	b.WriteString(strings.Join(p.Parts, "") + `</main></body></html>`)
	return b.String()
}

// sign is the picture above the heading. It says nothing that the words do not.
func (p Page) sign() string {
	switch {
	case p.State == Done:
		return `<div class="sign done" aria-hidden="true">✓</div>`
	case p.State == Failed:
		return `<div class="sign failed" aria-hidden="true">!</div>`
	case p.State == Pending:
		return `<div class="sign pending" aria-hidden="true">…</div>`
	}
	return picture(p.Mark)
}

// picture returns an SVG document as an image: what is in it can neither load nor
// run anything there (SVG Integration, secure static mode).
func picture(svg string) string {
	if svg == "" {
		return ""
	}
	return `<img class="mark" alt="" width="48" height="48" src="data:image/svg+xml;base64,` + base64.StdEncoding.EncodeToString([]byte(svg)) + `">`
}
