package browser_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/fault"
)

func TestPrefer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		accept string
		given  []string
		want   browser.Language
	}{
		{"", nil, browser.English},
		{"de", nil, browser.German},
		{"DE-at,de;q=0.9,en;q=0.8", nil, browser.German},
		{"nl,fr-CA;q=0.7,en;q=0.6", nil, browser.French},
		{"en;q=0.5, de;q=0.5, fr;q=0.4", nil, browser.English},
		{"de;q=0, fr;q=0.001", nil, browser.French},
		{"de;q=7,fr;q=x,*", nil, browser.English},
		{"deu,d-e,\"de\"", nil, browser.English},
		{strings.Repeat("nl,", 1000) + "de", nil, browser.English},
		{"de", []string{"fr"}, browser.French},
		{"de", []string{"", "<script>", "en"}, browser.English},
		{"de", []string{"FR", "en-US"}, browser.German},
	} {
		if got := browser.Prefer(test.accept, test.given...); got != test.want {
			t.Errorf("%.40q, %q: got %s, want %s", test.accept, test.given, got, test.want)
		}
	}
}

// Every language has every word, with the gaps of the English one.
func TestEveryLanguageHasEveryWord(t *testing.T) {
	t.Parallel()
	gaps := func(text string) [2]int { return [2]int{strings.Count(text, "%s"), strings.Count(text, "%")} }
	english := reflect.ValueOf(browser.English.Words())
	for _, l := range browser.Languages() {
		words := reflect.ValueOf(l.Words())
		same := 0
		for i := range words.NumField() {
			name, got, want := words.Type().Field(i).Name, words.Field(i).String(), english.Field(i).String()
			if got == "" || gaps(got) != gaps(want) {
				t.Errorf("%s: %s is %q, in English %q", l, name, got, want)
			}
			if got == want {
				same++
			}
		}
		if l != browser.English && same > 5 { // Such as "Code".
			t.Errorf("%s: %d words are English", l, same)
		}
	}
}

// A page in a language says nothing in another one without saying so.
func TestFailureIsInTheLanguageOfThePage(t *testing.T) {
	t.Parallel()
	for _, l := range browser.Languages()[1:] {
		for _, code := range fault.Codes() {
			got := browser.Failure(l, fault.New(fault.Conflict, code, "Unheard of."), 409, "r", "").HTML()
			paragraph := between(got, "<p>", "</p>")
			if own, english, _ := strings.Cut(paragraph, " <span"); own == "" || english != ` lang="en">Unheard of.</span>` {
				t.Errorf("%s: %s: got %s", l, code, paragraph)
			}
		}
		for _, sentence := range browser.Sentences() {
			got := browser.Failure(l, fault.New(fault.Conflict, fault.CodeConflict, sentence), 409, "r", "").HTML()
			if paragraph := between(got, "<p>", "</p>"); paragraph == "" || paragraph == sentence || strings.Contains(paragraph, "<span") {
				t.Errorf("%s: %q: got %s", l, sentence, paragraph)
			}
		}
	}
	if got := between(browser.Failure(browser.English, fault.New(fault.Conflict, fault.CodeConflict, "Unheard of."), 409, "r", "").HTML(), "<p>", "</p>"); got != "Unheard of." {
		t.Errorf("got %s", got)
	}
}

// A failure says what to do: to try again where that can be, or where to turn.
func TestFailureSaysWhatToDo(t *testing.T) {
	t.Parallel()
	f := fault.New(fault.Upstream, fault.CodeProviderError, "The provider failed.")
	for again, want := range map[string][]string{
		"":           {"Try again in a few minutes.", "Request req-1, status 502.", "<title>The other system cannot be used</title>"},
		"/connect/1": {`<form method="get" action="/connect/1">`, ">Try again</button>", "Request req-1, status 502."},
	} {
		got := browser.Failure(browser.English, f, 502, "req-1", again).HTML()
		for _, text := range want {
			if !strings.Contains(got, text) {
				t.Errorf("%q: no %q in\n%s", again, text, got)
			}
		}
	}
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	inside, _, _ := strings.Cut(rest, to)
	return inside
}
