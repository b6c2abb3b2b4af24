package browser_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/browser"
)

// attacks are texts that end an element, an attribute or a comment.
var attacks = []string{
	`<script>alert(1)</script>`, `"><script>alert(1)</script>`, `'><script>alert(1)</script>`, `</title><script>`, `</style><script>`,
	`" onfocus="alert(1)`, `' onfocus='alert(1)`, `--><script>`, `<!--`, `&lt;script&gt;`, `<img src=x onerror=alert(1)>`, `</form><form action=//evil>`,
}

// No attack puts a character with a meaning in HTML anywhere on a page.
func TestEverythingIsEscaped(t *testing.T) {
	t.Parallel()
	plain := page("x")
	for _, attack := range attacks {
		got := page(attack)
		for _, c := range []string{"<", ">", `"`, "'"} {
			if strings.Count(got, c) != strings.Count(plain, c) {
				t.Errorf("%s adds a %s to the page", attack, c)
			}
		}
		if strings.Contains(attack, "&lt;") && !strings.Contains(got, "&amp;lt;") {
			t.Error("an ampersand is not escaped")
		}
	}
}

func page(text string) string {
	return browser.Document(text, text, browser.Facts([2]string{text, text}), browser.Form(text, text, text, text), browser.Note(text),
		browser.Alert(text), browser.Choice(text, text, field(text)), browser.Entry(text, text, []browser.Hidden{{Name: text, Value: text}}, field(text), lines(text), choice(text)))
}

func TestFactsLeaveOutWhatIsEmpty(t *testing.T) {
	t.Parallel()
	if got := browser.Facts([2]string{"Name", "value"}, [2]string{"Empty", ""}); got != "<dl><dt>Name</dt><dd>value</dd></dl>" {
		t.Errorf("got %s", got)
	}
}

// The pages run under a policy without scripts and without other origins.
func TestDocumentNeedsNothingElse(t *testing.T) {
	t.Parallel()
	got := page("text")
	for _, part := range []string{"<script", "<link", "<img", "src=", "href=", "http:", "https:", "@import", "url(", "onclick"} {
		if strings.Contains(got, part) {
			t.Errorf("the page holds %s", part)
		}
	}
	if !strings.HasPrefix(got, "<!doctype html>") || !strings.HasSuffix(got, "</html>") || !strings.Contains(got, `<form method="post"`) {
		t.Errorf("got %s", got)
	}
}

func field(text string) browser.Field {
	return browser.Field{Name: text, Label: text, Help: text, Hint: text, Value: text, Wrong: text, Longest: 9}
}

func lines(text string) browser.Field {
	return browser.Field{Name: text, Label: text, Value: text, Lines: true, Required: true}
}

func choice(text string) browser.Field {
	return browser.Field{Name: text, Label: text, Value: text, Options: []browser.Option{{Value: text, Text: text}}}
}

// A secret is never on a page, however it is asked for.
func TestSecretIsNotShown(t *testing.T) {
	t.Parallel()
	for _, lines := range []bool{false, true} {
		f := browser.Field{Name: "key", Label: "Key", Value: "canary", Secret: true, Lines: lines}
		got := browser.Entry("/x", "Go", nil, f)
		if strings.Contains(got, "canary") || !strings.Contains(got, `autocomplete="off"`) {
			t.Errorf("got %s", got)
		}
		if password := strings.Contains(got, `type="password"`); password == lines {
			t.Errorf("got %s", got)
		}
	}
}

func TestChoiceMarksWhatIsChosen(t *testing.T) {
	t.Parallel()
	f := browser.Field{Name: "n", Label: "N", Value: "b", Required: true, Options: []browser.Option{{Value: "a", Text: "A"}, {Value: "b", Text: "B"}}}
	const want = `<form method="get" action="/x"><p><label>N<br><select name="n" required><option value="a">A</option>` +
		`<option value="b" selected>B</option></select></label></p><button type="submit">Go</button></form>`
	if got := browser.Choice("/x", "Go", f); got != want {
		t.Errorf("got %s", got)
	}
}
