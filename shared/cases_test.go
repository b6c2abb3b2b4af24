package shared_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite README.md")

// cases are those that must not be without a test, in the words of who meets
// them.
var cases = map[string]string{
	"REF-01": "Many callers want the token of one expired connection at once.",
	"REF-02": "The sweep, a lease and a forced refresh meet.",
	"REF-03": "The holder of the lease stands still past its end and goes on.",
	"REF-04": "The process dies before the request has left.",
	"REF-05": "The process dies when the provider has rotated and nothing is saved.",
	"REF-06": "The process dies when the answer is saved and not promoted.",
	"REF-07": "The process dies in the middle of the promotion.",
	"REF-08": "The provider's answer is lost on the way.",
	"REF-09": "The function has too little time left.",
	"REF-10": "A layer below repeats the request by itself.",
	"REF-11": "A refusal comes while a newer token is already there.",
	"REF-12": "The connection is deleted, paused or reconnected during its refresh.",
	"REF-17": "Processes die at random, again and again.",
	"STO-01": "The secret is written, the record is not.",
	"STO-02": "The record is written, the secret is not.",
	"STO-03": "The answer to the creation of a secret is lost.",
	"STO-05": "The record and the secret store name different versions.",
	"STO-08": "The secret, or the key above it, is taken away.",
	"STO-09": "Tokens rotate faster than secrets may be written.",
	"TOK-01": "expires_in is missing, a fraction, negative, huge, a word.",
	"TOK-02": "A success with an error in it.",
	"TOK-03": "A body that is not what its media type says.",
	"TOK-04": "A success that nobody can read.",
	"TOK-05": "A token that may not stand in a header.",
	"TOK-06": "A refresh token that is left out, repeated or rotated.",
	"TOK-08": "An answer that is made to exhaust its reader.",
	"TOK-09": "An answer that comes a byte at a time.",
	"TOK-13": "Errors in odd forms; a refused client is not a refused credential.",
	"OUT-01": "A provider is down for two hours.",
	"OUT-02": "A provider is back, and everyone wants it.",
	"OUT-03": "A provider says when to come back, sensibly or not.",
	"OUT-04": "A provider refuses a large part of all credentials at once.",
	"OUT-05": "A token is refused although its refresh works.",
	"OUT-06": "A provider fails and recovers again and again.",
	"OUT-07": "One provider is down and others are not.",
	"OUT-08": "One tenant has far more due than all the others.",
	"EVT-01": "A sweep runs twice, at once, late, out of order.",
	"EVT-02": "A message comes again while the first is worked on.",
	"EVT-03": "A message that is none, or of what is gone.",
	"EVT-04": "The work on one message of a batch panics.",
	"EVT-05": "A reminder is due for several runs, and the clock passes a step meanwhile.",
	"EVT-06": "A sweep is killed half way.",
	"EVT-08": "What an event tells to those outside.",
	"API-07": "One caller leases far more than it used to.",
	"AUD-01": "What is asked for cannot be recorded.",
	"AUD-02": "Somebody changes what was recorded.",
	"AUD-06": "A kill switch is thrown over many connections.",
	"AUD-07": "A connection that nobody uses.",
	"CDK-01": "A function uses what its work does not need.",
	"CDK-03": "A key is used for what it is not there for.",
	"WHK-01": "A webhook is forged, replayed, or its secret rotated.",
	"WHK-02": "A webhook goes to what is internal, redirects, is slow or fails for a day.",
}

const casesHead = `# Shared packages

What the packages are for stands in their package comments: ` + "`go doc ./shared/...`" + `.

## Cases and their tests

Each test is named by the case it shows. This table is made from the tests: ` + "`make golden`" + `.

| case | what happens | tests |
|---|---|---|
`

// TestCases holds the table to the tests, and the tests to the cases.
func TestCases(t *testing.T) {
	t.Parallel()
	shown := shownCases(t)
	var table strings.Builder
	table.WriteString(casesHead)
	for _, id := range slices.Sorted(maps.Keys(cases)) {
		if len(shown[id]) == 0 {
			t.Errorf("%s has no test: %s", id, cases[id])
		}
		fmt.Fprintf(&table, "| %s | %s | %s |\n", id, cases[id], strings.Join(shown[id], "<br>"))
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile("README.md")
	if diff := cmp.Diff(table.String(), string(written)); err != nil || diff != "" {
		t.Errorf("README.md is not fresh: run make golden: %v (-tests +file)\n%s", err, diff)
	}
}

var (
	caseInFunc = regexp.MustCompile(`^(?:Test|Fuzz)([A-Z]{3})(\d\d)`)
	caseInName = regexp.MustCompile(`^"([A-Z]{3}-\d\d)\b`)
)

// shownCases returns the tests by case: functions named by it, and those that
// have a string that begins with it, which is the name of a subtest.
func shownCases(t *testing.T) map[string][]string {
	t.Helper()
	shown := map[string][]string{}
	walkErr := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err != nil {
			return err
		}
		if !strings.HasSuffix(path, "_test.go") || d.Name() == "cases_test.go" {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		in := filepath.Base(filepath.Dir(path))
		for _, declared := range file.Decls {
			f, ok := declared.(*ast.FuncDecl)
			if !ok {
				continue
			}
			for id, name := range casesOf(f) {
				shown[id] = append(shown[id], "`"+in+"` "+name)
			}
		}
		return nil
	})
	if walkErr != nil {
		t.Fatal(walkErr)
	}
	for id := range shown {
		slices.Sort(shown[id])
		shown[id] = slices.Compact(shown[id])
	}
	return shown
}

// casesOf returns the names under which a test shows cases.
func casesOf(f *ast.FuncDecl) map[string]string {
	found := map[string]string{}
	if m := caseInFunc.FindStringSubmatch(f.Name.Name); m != nil {
		found[m[1]+"-"+m[2]] = f.Name.Name
	}
	if !strings.HasPrefix(f.Name.Name, "Test") {
		return found
	}
	ast.Inspect(f, func(n ast.Node) bool {
		text, ok := n.(*ast.BasicLit)
		if !ok || text.Kind != token.STRING {
			return true
		}
		if m := caseInName.FindStringSubmatch(text.Value); m != nil {
			name, err := strconv.Unquote(text.Value)
			if err == nil {
				found[m[1]] = f.Name.Name + "/" + name
			}
		}
		return true
	})
	return found
}
