package browser

import (
	"html"
	"strings"

	"github.com/tenonhq/tenon/shared/fault"
)

// Failure returns the page that ends with a fault: what happened, what to do about
// it, and the request by which it is found again. again is the path on which the
// person can try once more; empty where that leads nowhere.
func Failure(l Language, f *fault.Error, status int, requestID, again string) Page {
	w := l.Words()
	title, advice := w.broken(f)
	p := Page{Language: l, Title: title, State: Failed, Parts: []string{`<p>` + l.problem(f) + `</p>`}}
	if advice != "" && again == "" {
		p.Parts = append(p.Parts, Text(advice))
	}
	if again != "" {
		p.Parts = append(p.Parts, Choice(l, again, w.TryAgain, nil))
	}
	p.Parts = append(p.Parts, Note(Say(w.Request, requestID, status)))
	return p
}

// broken returns the title of a fault, and what a person can do about it.
func (w Words) broken(f *fault.Error) (title, advice string) {
	switch f.Code {
	case fault.CodeHandoffInvalid, fault.CodeHandoffUsed:
		return w.Unusable, w.AskNew
	case fault.CodeHandoffExpired:
		return w.Expired, w.AskNew
	case fault.CodeSessionMismatch:
		if f.Kind == fault.Denied {
			return w.Unusable, w.AskNew // It is another's.
		}
		return w.Elsewhere, w.RightBrowser
	case fault.CodeContextMismatch, fault.CodeIssuerMismatch, fault.CodeIDTokenInvalid:
		return w.Refused, w.StartAgain + " " + w.Tell
	case fault.CodeNotFound:
		return w.Missing, w.AskNew
	case fault.CodeInternal:
		return w.Broken, w.Later + " " + w.Tell
	}
	switch f.Kind {
	case fault.Upstream, fault.UpstreamTimeout:
		return w.Unanswered, w.Later + " " + w.Tell
	case fault.RateLimited, fault.Unavailable:
		return w.Busy, w.Later
	case fault.Denied, fault.Unprocessable:
		return w.Refused, w.StartAgain + " " + w.Tell
	default:
		return w.Unusable, w.StartAgain + " " + w.Tell
	}
}

// Alerts returns the alert above a form that a fault sends back. What is wrong
// with a field that is not shown is said here.
func Alerts(l Language, f *fault.Error, fields []Field) string {
	if len(f.Fields) == 0 {
		return alert(l.problem(f))
	}
	shown := map[string]bool{}
	for _, field := range fields {
		shown[field.Wrong] = true
	}
	text := html.EscapeString(l.Words().Correct)
	for _, field := range f.Fields {
		if !shown[field.Detail] {
			text += " " + l.sentence(field.Detail)
		}
	}
	return alert(text)
}

// problem returns the detail of a fault, escaped. Where it has no translation, the
// sentence of its code stands before it.
func (l Language) problem(f *fault.Error) string {
	if text, ok := l.translated(f.Detail); ok {
		return html.EscapeString(text)
	}
	return html.EscapeString(codes()[f.Code].in(l)) + ` <span lang="en">` + html.EscapeString(f.Detail) + `</span>`
}

// sentence returns what is wrong with a field, escaped.
func (l Language) sentence(detail string) string {
	if text, ok := l.translated(detail); ok {
		return html.EscapeString(text)
	}
	return html.EscapeString(l.Words().Invalid) + ` <span lang="en">` + html.EscapeString(detail) + `</span>`
}

// translated returns a sentence of a fault in the language, and whether there is
// one.
func (l Language) translated(sentence string) (string, bool) {
	if l != German && l != French {
		return sentence, true
	}
	t, ok := sentences()[sentence]
	return t.in(l), ok
}

// Sentences lists the English sentences that there are translations of.
func Sentences() []string {
	var list []string
	for sentence := range sentences() {
		list = append(list, sentence)
	}
	return list
}

// translation is a sentence in the languages that are not English.
type translation struct{ german, french string }

func (t translation) in(l Language) string {
	return strings.TrimSpace(map[Language]string{German: t.german, French: t.french}[l])
}
