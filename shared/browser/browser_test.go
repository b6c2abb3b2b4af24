package browser_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/fault"
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
	entry := browser.Entry(browser.English, text, text, []browser.Hidden{{Name: text, Value: text}}, field(text), lines(text), choice(text), file(text))
	return browser.Page{Language: browser.Language(text), Title: text, Wrong: true, Mark: text, Text: text, Parts: []string{
		browser.Facts([2]string{text, text}), browser.Permissions(text, []browser.Permission{{Name: text, Description: text}}), browser.Steps(text, text, text),
		browser.Section(text, text), browser.Note(text), browser.Alert(text), browser.Code(text, text), browser.Link(text, text), browser.Link("https://x.example/"+url.PathEscape(text), text),
		browser.Choice(browser.German, text, text, []browser.Hidden{{Name: text, Value: text}}, field(text), cards(text)), entry,
		browser.Alerts(browser.German, &fault.Error{Detail: text, Fields: []fault.Field{{Pointer: text, Detail: text}}}, nil),
		browser.Failure(browser.French, &fault.Error{Code: fault.Code(text), Detail: text}, 400, text, text).HTML(),
	}}.HTML()
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
	for _, part := range []string{"<script", "<link", " style=", "http:", "@import", "url(", "onclick", "<svg"} {
		if strings.Contains(got, part) {
			t.Errorf("the page holds %s", part)
		}
	}
	if images := strings.Count(got, " src="); images == 0 || images != strings.Count(got, ` src="data:image/svg+xml;base64,`) {
		t.Error("the page loads a picture")
	}
	if !strings.HasPrefix(got, "<!doctype html>") || !strings.HasSuffix(got, "</html>") || !strings.Contains(got, `<form method="post"`) {
		t.Errorf("got %s", got)
	}
}

func field(text string) browser.Field {
	return browser.Field{Name: text, Label: text, Help: text, Hint: text, Value: text, Wrong: text, Longest: 9}
}

func lines(text string) browser.Field {
	return browser.Field{Name: text, Label: text, Value: text, English: true, Required: true}
}

func file(text string) browser.Field {
	return browser.Field{Name: text, Label: text, Value: text, File: true, Help: text, Wrong: text}
}

func choice(text string) browser.Field {
	return browser.Field{Name: text, Label: text, Value: text, Options: []browser.Option{{Value: text, Text: text}}}
}

func cards(text string) browser.Field {
	return browser.Field{Name: text, Label: text, Value: text, Cards: true, Options: []browser.Option{{Value: text, Text: text, Note: text, Mark: text}}}
}

// A secret is never on a page, however it is asked for.
func TestSecretIsNotShown(t *testing.T) {
	t.Parallel()
	for _, lines := range []bool{false, true} {
		f := browser.Field{Name: "key", Label: "Key", Value: "canary", Secret: true, File: lines}
		got := browser.Entry(browser.English, "/x", "Go", nil, f)
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
	const want = `<form method="get" action="/x"><div class="field"><label for="in-n"><span>N</span></label><select id="in-n" name="n" required><option value="a">A</option>` +
		`<option value="b" selected>B</option></select></div><button type="submit">Go</button></form>`
	if got := browser.Choice(browser.English, "/x", "Go", nil, f); got != want {
		t.Errorf("got %s", got)
	}
	f.Cards = true
	got := browser.Choice(browser.English, "/x", "Go", nil, f)
	if strings.Count(got, " checked") != 1 || !strings.Contains(got, `type="radio" name="n" value="b" checked required`) || !strings.Contains(got, "<legend>") {
		t.Errorf("got %s", got)
	}
}

// What is wrong with a field is announced and belongs to its control (WCAG 2.2
// 3.3.1, 1.3.1), and the first such control has the focus.
func TestWrongFieldRefersToWhatIsWrong(t *testing.T) {
	t.Parallel()
	f := browser.Field{Name: "a.b", Label: "A", Help: "Like this.", Wrong: "Is needed.", Value: "typed"}
	got := browser.Entry(browser.German, "/x", "Go", nil, f, f)
	for _, want := range []string{
		`aria-describedby="in-a.b-help in-a.b-wrong" aria-invalid="true" autofocus`, `<strong role="alert" id="in-a.b-wrong">Diese Angabe wird benötigt.</strong>`,
		`<small id="in-a.b-help">`, `value="typed"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if strings.Count(got, " autofocus") != 1 {
		t.Errorf("got\n%s", got)
	}
	alert := browser.Alerts(browser.German, &fault.Error{Fields: []fault.Field{{Detail: "Is needed."}, {Detail: "Must be odd."}}}, []browser.Field{f})
	if strings.Contains(alert, "benötigt") || !strings.Contains(alert, `<span lang="en">Must be odd.</span>`) {
		t.Errorf("got %s", alert)
	}
}

// A page is opened by a web address and nothing else.
func TestLinkLeadsToTheWeb(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"javascript:alert(1)", "data:text/html,x", "//evil.example", "/x", "", " https://x", "https:", "HTTPS://\x00"} {
		if got := browser.Link(address, "Open"); strings.Contains(got, "href") {
			t.Errorf("%q: got %s", address, got)
		}
	}
	if got := browser.Link("https://x.example/device?a=1", "Open"); !strings.Contains(got, `rel="noopener noreferrer" href="https://x.example/device?a=1"`) {
		t.Errorf("got %s", got)
	}
}

// The policy of the pages names the style sheet that they hold.
func TestStyleSourceIsThatOfThePage(t *testing.T) {
	t.Parallel()
	_, rest, _ := strings.Cut(page("x"), "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; style == "" || browser.StyleSource() != want {
		t.Errorf("got %s, want %s", browser.StyleSource(), want)
	}
}
