package shared_test

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// Every type of event that package notify knows is published by something: a
// type that nobody tells is a promise to a subscriber that nobody keeps.
func TestEveryEventTypeHasAPublisher(t *testing.T) {
	t.Parallel()
	declared, told := map[string]bool{}, map[string]bool{}
	for _, s := range sources(t) {
		switch {
		case s.dir == "shared/notify" && !s.test():
			eventTypes(s.file, declared)
		case strings.HasPrefix(s.dir, "shared/") && !s.test():
			publishedTypes(s.file, told)
		}
	}
	if len(declared) < 5 {
		t.Fatalf("found only the types %v", declared)
	}
	for name := range declared {
		if !told[name] {
			t.Errorf("notify.%s is published by nothing", name)
		}
	}
}

// eventTypes adds the constants whose value is a type: "connection.status".
func eventTypes(file *ast.File, found map[string]bool) {
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, spec := range g.Specs {
			v := spec.(*ast.ValueSpec)
			for i, value := range v.Values {
				if lit, ok := value.(*ast.BasicLit); ok && lit.Kind == token.STRING && strings.Contains(lit.Value, ".") && v.Names[i].IsExported() {
					found[v.Names[i].Name] = true
				}
			}
		}
	}
}

// publishedTypes adds what is the type of an event that is made, or is handed to
// a function that makes one. To be compared with or looked up is neither.
func publishedTypes(file *ast.File, found map[string]bool) {
	add := func(e ast.Expr) {
		if s, ok := e.(*ast.SelectorExpr); ok {
			if pkg, ok := s.X.(*ast.Ident); ok && pkg.Name == "notify" {
				found[s.Sel.Name] = true
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			for _, argument := range n.Args {
				add(argument)
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Type" {
				add(n.Value)
			}
		}
		return true
	})
}
