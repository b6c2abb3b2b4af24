package expression

import (
	"fmt"
	"slices"
	"strings"
)

// step is one element of a document path: an attribute name or a list index.
type step struct {
	name    string
	index   int
	isIndex bool
}

// path is a document path such as a.b[2]; its first step is always a name.
type path []step

func (p path) String() string {
	var text strings.Builder
	for i, s := range p {
		switch {
		case s.isIndex:
			fmt.Fprintf(&text, "[%d]", s.index)
		case i > 0:
			text.WriteString("." + s.name)
		default:
			text.WriteString(s.name)
		}
	}
	return text.String()
}

func (p path) lookup(item Item) (Value, bool) {
	value, ok := item[p[0].name]
	if !ok {
		return Value{}, false
	}
	for _, s := range p[1:] {
		value, ok = s.child(value)
		if !ok {
			return Value{}, false
		}
	}
	return value, true
}

// child returns the part of v that the step leads to.
func (s step) child(v Value) (Value, bool) {
	if s.isIndex {
		if v.Kind != "L" || s.index >= len(v.List) {
			return Value{}, false
		}
		return v.List[s.index], true
	}
	if v.Kind != "M" {
		return Value{}, false
	}
	member, ok := v.Map[s.name]
	return member, ok
}

// checkOverlap rejects paths of which one leads into another.
func checkOverlap(kind string, paths []path) error {
	for i, a := range paths {
		for _, b := range paths[:i] {
			n := min(len(a), len(b))
			if slices.Equal(a[:n], b[:n]) {
				return errorf("Invalid %s: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [%s], path two: [%s]", kind, b, a)
			}
		}
	}
	return nil
}
