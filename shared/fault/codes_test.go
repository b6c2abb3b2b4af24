package fault_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/fault"
)

// A code that is declared and not listed would be missing in the document.
func TestCodesListsEveryDeclaredCode(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []fault.Code
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for _, value := range spec.Values {
			text, err := strconv.Unquote(value.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			declared = append(declared, fault.Code(text))
		}
		return true
	})
	if diff := cmp.Diff(declared, fault.Codes()); diff != "" {
		t.Errorf("Codes (-declared +listed):\n%s", diff)
	}
	slices.Sort(declared)
	if unique := slices.Compact(slices.Clone(declared)); len(unique) != len(declared) {
		t.Error("a code is declared twice")
	}
}
