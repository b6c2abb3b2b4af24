package templatetests_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
)

// is asks for a value of a property.
func is(want any, path ...string) check {
	return func(_ everything, _ string, r resource) string {
		if got := at(r.Properties, path...); !cmp.Equal(got, want) {
			return fmt.Sprintf("has %s %v, want %v", strings.Join(path, "."), got, want)
		}
		return ""
	}
}

// given asks for a property.
func given(path ...string) check {
	return func(_ everything, _ string, r resource) string {
		if at(r.Properties, path...) == nil {
			return "has no " + strings.Join(path, ".")
		}
		return ""
	}
}

// missing asks that a property is not given.
func missing(path ...string) check {
	return func(_ everything, _ string, r resource) string {
		if got := at(r.Properties, path...); got != nil {
			return fmt.Sprintf("has %s %v", strings.Join(path, "."), got)
		}
		return ""
	}
}

// both asks for several things.
func both(checks ...check) check {
	return func(d everything, id string, r resource) string {
		for _, c := range checks {
			if wrong := c(d, id, r); wrong != "" {
				return wrong
			}
		}
		return ""
	}
}

// tagged asks for the tags of the bill.
func tagged(d everything, id string, _ resource) string {
	if !d.billed[id] {
		return "has no tags"
	}
	return ""
}

// retained asks that the resource outlives its stack.
func retained(_ everything, _ string, r resource) string {
	if r.DeletionPolicy != "Retain" || r.UpdateReplacePolicy != "Retain" {
		return "is deleted with its stack, or when it is replaced"
	}
	return ""
}

// notPublic asks that no policy lets just anybody in.
func notPublic(d everything, id string, _ resource) string {
	for _, s := range d.statements(id) {
		if s["Effect"] == "Allow" && slices.Contains(d.principals(s), "*") && s["Condition"] == nil {
			return fmt.Sprintf("lets everybody %v", s["Action"])
		}
	}
	return ""
}

// principals are those of a statement, of whatever kind.
func (d everything) principals(statement object) []string {
	kinds, ok := statement["Principal"].(object)
	if !ok {
		if statement["Principal"] == nil {
			return nil
		}
		return d.texts(statement["Principal"])
	}
	if _, joined := kinds["Fn::Join"]; joined {
		return d.texts(kinds)
	}
	var all []string
	for _, named := range kinds {
		all = append(all, d.texts(named)...)
	}
	return sorted(all)
}

// attached asks for another resource of a type that names this one in a property.
func attached(kind, property string) check {
	return func(d everything, id string, _ resource) string {
		for _, other := range d.ids(kind) {
			for _, named := range d.texts(d.Resources[other].Properties[property]) {
				if d.refers(named, id) {
					return ""
				}
			}
		}
		return "has no " + kind
	}
}
