package shared_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module begins the import path of every package of ours.
const module = "github.com/tenonhq/tenon/"

// lineLimit is how long a file may be.
const lineLimit = 400

// source is one Go file of the module.
type source struct {
	path, dir string // Below the module's root, with slashes.
	imports   []string
	lines     int
	file      *ast.File
}

// test reports whether the import rule spares the file: tests, and packages
// that hold fakes, harnesses and suites for them, may import anything.
func (s source) test() bool {
	return strings.HasSuffix(s.path, "_test.go") || strings.HasSuffix(s.dir, "test") && !strings.HasSuffix(s.dir, "-test")
}

// sources parses every Go file of the module but fixtures.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && file != ".." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "node_modules" || name == "cdk.out") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		s, err := parse(file)
		all = append(all, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("found %d Go files; the test looks in the wrong place", len(all))
	}
	return all
}

func parse(file string) (source, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return source{}, err
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ParseComments)
	if err != nil {
		return source{}, err
	}
	s := source{path: strings.TrimPrefix(filepath.ToSlash(file), "../"), lines: bytes.Count(text, []byte("\n")), file: parsed}
	s.dir = path.Dir(s.path)
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		s.imports = append(s.imports, imported)
	}
	return s, nil
}

// The sources are parsed once for all the rules.
func TestSources(t *testing.T) {
	t.Parallel()
	all := sources(t)
	t.Run("imports follow the layers", func(t *testing.T) { importsFollowTheLayers(t, all) })
	t.Run("files are short", func(t *testing.T) { filesAreShort(t, all) })
	t.Run("nothing runs before main", func(t *testing.T) { nothingRunsBeforeMain(t, all) })
	t.Run("packages say what they are", func(t *testing.T) { packagesSayWhatTheyAre(t, all) })
}

func filesAreShort(t *testing.T, all []source) {
	for _, s := range all {
		if s.lines > lineLimit {
			t.Errorf("%s has %d lines, more than %d", s.path, s.lines, lineLimit)
		}
	}
}

func nothingRunsBeforeMain(t *testing.T, all []source) {
	for _, s := range all {
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has a func init", s.path)
			}
		}
	}
}

func packagesSayWhatTheyAre(t *testing.T, all []source) {
	documented := map[string]bool{}
	for _, s := range all {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "model", "models", "types", "misc"}, path.Base(s.dir)) {
			t.Errorf("%s: the name of the package says nothing", s.path)
		}
		program := strings.HasPrefix(s.dir, "functions/") && !s.test() || s.dir == "shared/cmd/tenon" || s.dir == "infra/app" || s.dir == "infra/bundle" || s.dir == "infra/local/bench/hello" || s.dir == "infra/package" || s.dir == "infra/restored"
		if got := s.file.Name.Name == "main"; got != program {
			t.Errorf("%s: got package main %v, want %v", s.path, got, program)
		}
		begin := "Package " + s.file.Name.Name + " "
		if program {
			begin = "Command " + path.Base(s.dir) + " "
		}
		documented[s.dir] = documented[s.dir] || strings.HasPrefix(s.file.Doc.Text(), begin)
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("%s has no package comment", dir)
		}
	}
}
