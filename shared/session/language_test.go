package session_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/session"
)

// The person reads their own language from the link to the end; what the catalogue
// says is English and marked so.
func TestPagesInTheLanguageOfThePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{})
	j := w.browser()
	j.language = browser.German
	wantPage(t, "choice", j.must(link.URL.Reveal()).HTML, `<html lang="de">`, "<h1>Konto verbinden</h1>", ">Weiter</button>")
	page := j.must(link.URL.Reveal() + "&template=" + functionstest.Salesforce)
	wantPage(t, "form", page.HTML, "<title>Salesforce verbinden</title>", ">Weiter zu Salesforce</button>", "Name der Verbindung", `<code>api</code>`, `<small id="in-input.host-help" lang="en">`)
	wrong := salesforce()
	wrong["name"], wrong["input.host"] = "", "https://x"
	again, err := j.submit(page, wrong)
	if err != nil {
		t.Fatal(err)
	}
	wantPage(t, "correction", again.HTML, "<title>Fehler: Salesforce verbinden</title>", "Es müssen 1 bis 120 Zeichen sein.", `value="https://x"`)
	declined, err := j.back(j.leave(page, salesforce()), url.Values{"error": {"access_denied"}})
	if err != nil {
		t.Fatal(err)
	}
	wantPage(t, "declined", declined.HTML, "<h1>Nicht verbunden</h1>", "Der Zugriff wurde abgelehnt.", ">Noch einmal versuchen</button>")
	done, err := j.back(j.leave(j.must(link.URL.Reveal()+"&template="+functionstest.Salesforce), salesforce()), consent("acme"))
	if err != nil {
		t.Fatal(err)
	}
	wantPage(t, "end", done.HTML, "<title>Verbunden</title>", "Mine", "ann@acme.example", "Sie können dieses Fenster schließen.")
}

func wantPage(t *testing.T, name, html string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(html, text) {
			t.Errorf("%s: no %q in\n%s", name, text, html)
		}
	}
}

// Whoever looks in the meantime is told who has to confirm, and may start over.
func TestPageWhileTheBackendHasTheLastWord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j, link := w.awaiting()
	waiting := j.must(link.URL.Reveal())
	wantPage(t, "waiting", waiting.HTML, "<h1>Waiting for confirmation</h1>", "Acme GmbH has yet to confirm", ">Check again</button>", `name="over"`)
	if strings.Contains(waiting.HTML, `method="post"`) {
		t.Errorf("the page asks for something:\n%s", waiting.HTML)
	}
	wantPage(t, "over", j.must(link.URL.Reveal()+"&over=1").HTML, "<h1>Connect an account</h1>")
	if err := w.complete(link.Session.ID, "user-42"); err != nil {
		t.Error(err)
	}
}

// What fails at the end of a walk can be tried again from there.
func TestFailureOfAWalkLeadsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{ConnectionID: functionstest.SalesforceConnection})
	j := w.browser()
	_, err := j.back(j.leave(j.must(link.URL.Reveal()), nil), consent("globex"))
	refused(t, err, fault.CodeAccountMismatch)
	again, ok := err.(*browser.Again)
	if !ok || again.Path != "/connect/"+link.Session.ID {
		t.Fatalf("got %v, want a way back", err)
	}
	j.must(again.Path)
}

// Every sentence of a refusal that is made here, or of a handoff, has its
// translations. Those that only tell an integrator what is wrong are not met.
func TestSentencesAreTranslated(t *testing.T) {
	t.Parallel()
	known, found := browser.Sentences(), 0
	for _, pattern := range []string{"*.go", "../connect/connect.go", "../connect/walk.go", "../connect/callback.go", "../connect/visitor.go", "../web/form.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, sentence := range details(t, file) {
				if found++; !slices.Contains(known, sentence) {
					t.Errorf("%s: %q has no translation", file, sentence)
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("found %d sentences; the test looks in the wrong place", found)
	}
}

// details are the sentences that a file's faults carry.
func details(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		name := ""
		switch f := call.Fun.(type) {
		case *ast.SelectorExpr:
			name = f.Sel.Name
		case *ast.Ident:
			name = f.Name
		}
		if name != "New" && name != "wrong" {
			return true
		}
		if literal, ok := call.Args[len(call.Args)-1].(*ast.BasicLit); ok {
			if text, err := strconv.Unquote(literal.Value); err == nil && strings.HasSuffix(text, ".") {
				list = append(list, text)
			}
		}
		return true
	})
	return list
}
