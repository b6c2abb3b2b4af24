package shared_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
)

// proof matches the line of a test's comment that says which auth schemes it
// proves, and against what.
var proof = regexp.MustCompile(`(?m)^Proves ([a-z0-9_]+(?:, [a-z0-9_]+)*): ((?s:.+?))\.$`)

// The part of infra/docs/auth-schemes.md that is made from these lines.
const (
	peersBegin = "<!-- Made from the tests: make golden. -->\n"
	peersEnd   = "<!-- End of what is made. -->\n"
	peersHead  = "| auth scheme | proven against | by |\n|---|---|---|\n"
)

// TestPeers holds the table of auth schemes to the tests, and wants for
// each scheme one that proves it against a peer.
func TestPeers(t *testing.T) {
	t.Parallel()
	rows := proofs(t)
	var table strings.Builder
	table.WriteString(peersBegin + "\n" + peersHead)
	for _, m := range method.All() {
		if len(rows[m.Type()]) == 0 {
			t.Errorf("no test says that it proves %s", m.Type())
		}
		slices.Sort(rows[m.Type()])
		for _, row := range rows[m.Type()] {
			fmt.Fprintf(&table, "| `%s` | %s |\n", m.Type(), row)
		}
		delete(rows, m.Type())
	}
	for name := range rows {
		t.Errorf("a test proves %s, which is no auth scheme", name)
	}
	table.WriteString("\n" + connectors(t) + "\n" + peersEnd)
	const path = "../infra/docs/auth-schemes.md"
	written, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(written), peersBegin)
	old, after, closed := strings.Cut(rest, peersEnd)
	if !found || !closed {
		t.Fatal("auth-schemes.md has no place for the table of auth schemes")
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+table.String()+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(table.String(), peersBegin+old+peersEnd); diff != "" {
		t.Errorf("auth-schemes.md is not fresh: run make golden (-tests +file)\n%s", diff)
	}
}

// connectors is a sentence that names those of the catalog.
func connectors(t *testing.T) string {
	t.Helper()
	list, err := catalog.Catalog{}.List(catalog.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	text, width := fmt.Sprintf("The %d connectors:", len(names)), 0
	for i, name := range names {
		if width += len(name) + 2; width > 130 {
			text, width = text+"\n"+name, len(name)
		} else {
			text += " " + name
		}
		text += map[bool]string{false: ",", true: "."}[i == len(names)-1]
	}
	return text + "\n"
}

// proofs returns by scheme what it is proven against and the test that does.
func proofs(t *testing.T) map[string][]string {
	t.Helper()
	rows := map[string][]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declared := range file.Decls {
			f, ok := declared.(*ast.FuncDecl)
			if !ok || f.Doc == nil {
				continue
			}
			for _, found := range proof.FindAllStringSubmatch(f.Doc.Text(), -1) {
				for scheme := range strings.SplitSeq(found[1], ", ") {
					rows[scheme] = append(rows[scheme], fmt.Sprintf("%s | [%s](%s)",
						strings.Join(strings.Fields(found[2]), " "), f.Name.Name, "../"+filepath.ToSlash(path)))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
