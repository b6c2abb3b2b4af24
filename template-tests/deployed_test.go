package templatetests_test

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// everything is all stacks of stage dev, or of a variant of it, as one template.
type everything struct {
	*template
	name  string            // Of the variant; empty for dev.
	stack map[string]string // By logical id.
}

// deployed returns stage dev as it is committed and, where they can be synthesized,
// its variants.
func deployed(t *testing.T) []everything {
	t.Helper()
	committed := files(t)
	for i, file := range committed {
		path, err := filepath.Abs(filepath.Join(templates, file))
		if err != nil {
			t.Fatal(err)
		}
		committed[i] = path
	}
	all := []everything{together(t, "", committed)}
	if !hasNode() {
		t.Log("node is not installed: the variants are not looked at")
		return all
	}
	for _, name := range variants(t) {
		made, err := filepath.Glob(filepath.Join(synthesized(t), name, "*.json"))
		if err != nil || len(made) == 0 {
			t.Fatalf("variant %s: no templates (%v)", name, err)
		}
		all = append(all, together(t, name, made))
	}
	return all
}

// together reads templates that import from one another. The data keeps its ids;
// what has one of them in another stack, as an alarm of a queue, gets that stack's
// name before it.
func together(t *testing.T, name string, paths []string) everything {
	t.Helper()
	all := &template{Resources: map[string]resource{}, exports: map[string]any{}, billed: map[string]bool{}}
	d := everything{template: all, name: name, stack: map[string]string{}}
	slices.SortFunc(paths, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	for _, path := range paths {
		tp, stack := parse(t, path), strings.TrimSuffix(filepath.Base(path), ".json")
		for id, r := range tp.Resources {
			key := id
			if _, twice := all.Resources[id]; twice {
				key = stack + "/" + id
			}
			all.Resources[key], all.billed[key], d.stack[key] = r, tp.billed[id], stack
		}
		for _, output := range tp.Outputs {
			if exported, ok := output.Export.Name.(string); ok {
				all.exports[exported] = output.Value
			}
		}
	}
	return d
}

// rank puts the data first.
func rank(path string) string {
	if filepath.Base(path) == dataFile {
		return ""
	}
	return path
}

// ids are the logical ids of the resources of the types, sorted; a type that ends
// in :: stands for all of a service.
func (d everything) ids(types ...string) []string {
	var found []string
	for _, id := range slices.Sorted(maps.Keys(d.Resources)) {
		kind := d.Resources[id].Type
		if slices.ContainsFunc(types, func(each string) bool {
			return kind == each || strings.HasSuffix(each, "::") && strings.HasPrefix(kind, each)
		}) {
			found = append(found, id)
		}
	}
	return found
}

// refers reports whether a value is the resource, by name or by ARN.
func (d everything) refers(value any, id string) bool {
	text := d.text(value)
	return text == "${"+id+"}" || strings.HasPrefix(text, "${"+id+".")
}

// statements are those of all policies that stand in the properties of a resource.
func (d everything) statements(id string) []object {
	var found []object
	var walk func(any)
	walk = func(v any) {
		switch x := v.(type) {
		case object:
			if one, ok := x["Statement"].(object); ok {
				found = append(found, one)
				return
			}
			if several, ok := x["Statement"].([]any); ok {
				for _, s := range several {
					found = append(found, s.(object))
				}
				return
			}
			for _, key := range slices.Sorted(maps.Keys(x)) {
				walk(x[key])
			}
		case []any:
			for _, each := range x {
				walk(each)
			}
		}
	}
	walk(d.Resources[id].Properties)
	return found
}
