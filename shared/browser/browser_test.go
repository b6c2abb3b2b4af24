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
	return browser.Document(text, text, browser.Facts([2]string{text, text}), browser.Form(text, text, text, text), browser.Note(text))
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
