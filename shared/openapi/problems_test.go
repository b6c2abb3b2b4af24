package openapi_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/fault"
)

// statuses are what package web answers to the kinds of faults.
func statuses() map[string]int {
	return map[string]int{
		"Internal": 500, "Invalid": 400, "Unauthenticated": 401, "Denied": 403, "NotFound": 404, "Conflict": 409, "PreconditionFailed": 412,
		"PreconditionNeeded": 428, "RateLimited": 429, "Unprocessable": 422, "Upstream": 502, "UpstreamTimeout": 504, "Unavailable": 503,
	}
}

// problems is the table of the problem codes and the statuses they come with.
func problems(t *testing.T) string {
	t.Helper()
	found := faults(t)
	page := "`status`, `code` and `detail` say what happened; `remedy` what a person can do; `errors` which member is wrong, without its value;\n" +
		"`requestId` finds the request in the logs. `type` is `urn:tenon:problem:` and the code. Codes stay as they are; details may be worded anew.\n\n" +
		"| code | status |\n|---|---|\n"
	for _, code := range fault.Codes() {
		slices.Sort(found[code])
		var words []string
		for _, status := range slices.Compact(found[code]) {
			words = append(words, strconv.Itoa(status))
		}
		page += fmt.Sprintf("| `%s` | %s |\n", code, cmp.Or(strings.Join(words, ", "), "no operation answers with it today"))
	}
	return page
}

// faults looks in all sources where a code stands beside a kind: in a call of
// fault.New, and in a literal of fault.Error. What has no such place, or a status
// that is more exact than its kind's, stands here.
func faults(t *testing.T) map[fault.Code][]int {
	t.Helper()
	codes, found := declaredCodes(t), map[fault.Code][]int{}
	elsewhere := map[fault.Code][]int{
		fault.CodeInternal: {500}, fault.CodeBodyTooLarge: {413}, fault.CodeUnsupportedMedia: {415},
	}
	for _, dir := range []string{"..", "../../functions"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(filepath.Dir(path), "test") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if status, name := pair(n); status != 0 && name != "" {
					found[codes[name]] = append(found[codes[name]], status)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	maps.Copy(found, elsewhere)
	return found
}

// pair returns the status of the kind and the name of the code where the node has
// both.
func pair(n ast.Node) (status int, code string) {
	var parts []ast.Expr
	switch n := n.(type) {
	case *ast.CallExpr:
		parts = n.Args
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				parts = append(parts, kv.Value)
			}
		}
	}
	for _, e := range parts {
		if s, ok := e.(*ast.SelectorExpr); ok {
			if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "fault" {
				if known := statuses()[s.Sel.Name]; known != 0 {
					status = known
				} else {
					code = s.Sel.Name
				}
			}
		}
	}
	return status, code
}

// declaredCodes are the codes by the names of their constants.
func declaredCodes(t *testing.T) map[string]fault.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../fault/codes.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]fault.Code{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value); err == nil {
				codes[spec.Names[0].Name] = fault.Code(value)
			}
		}
		return true
	})
	return codes
}
