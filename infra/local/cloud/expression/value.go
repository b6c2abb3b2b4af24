package expression

import (
	"cmp"
	"math/big"
	"slices"
)

// Value is one DynamoDB attribute value. It must not be changed once it is
// part of a stored item, because items share values.
type Value struct {
	Kind   string           // S, N, B, BOOL, NULL, M, L, SS, NS or BS.
	Text   string           // The string, the canonical number or the raw bytes.
	Bool   bool             // The content of BOOL and NULL.
	Number *big.Rat         // The content of N.
	Map    map[string]Value // The content of M; never nil for that kind.
	List   []Value          // The content of L; never nil for that kind.
	Set    []string         // The content of SS, NS and BS: canonical, sorted.
}

// Compare orders two strings, numbers or binaries of the same kind. It
// reports false when they have no order.
func Compare(a, b Value) (int, bool) {
	if a.Kind != b.Kind {
		return 0, false
	}
	switch a.Kind {
	case "S", "B":
		return cmp.Compare(a.Text, b.Text), true
	case "N":
		return a.Number.Cmp(b.Number), true
	}
	return 0, false
}

// Equal reports whether both values have the same kind and content.
func Equal(a, b Value) bool {
	if a.Kind != b.Kind {
		return false
	}
	switch a.Kind {
	case "BOOL", "NULL":
		return a.Bool == b.Bool
	case "M":
		return Item(a.Map).Equal(b.Map)
	case "L":
		return slices.EqualFunc(a.List, b.List, Equal)
	case "SS", "NS", "BS":
		return slices.Equal(a.Set, b.Set)
	}
	return a.Text == b.Text
}

func (v Value) isSet() bool {
	return len(v.Kind) == 2
}

// size is the number of bytes DynamoDB counts for the value ("DynamoDB item
// sizes and formats").
func (v Value) size() int {
	total := 0
	switch v.Kind {
	case "S", "B":
		return len(v.Text)
	case "N":
		return len(v.Text)/2 + 2
	case "M":
		total = 3
		for name, member := range v.Map {
			total += 1 + len(name) + member.size()
		}
	case "L":
		total = 3
		for _, element := range v.List {
			total += 1 + element.size()
		}
	case "SS", "NS", "BS":
		for _, element := range v.Set {
			total += len(element)
		}
	default:
		return 1
	}
	return total
}

// Item is a set of named attributes: a stored item, or its key.
type Item map[string]Value

// Size is the number of bytes the item counts against the 400 KB limit.
func (i Item) Size() int {
	total := 0
	for name, value := range i {
		total += len(name) + value.size()
	}
	return total
}

// Equal reports whether both items have the same attributes.
func (i Item) Equal(other Item) bool {
	if len(i) != len(other) {
		return false
	}
	for name, value := range i {
		match, ok := other[name]
		if !ok || !Equal(value, match) {
			return false
		}
	}
	return true
}

// Pick returns the named attributes that the item has.
func (i Item) Pick(names []string) Item {
	picked := Item{}
	for _, name := range names {
		if value, ok := i[name]; ok {
			picked[name] = value
		}
	}
	return picked
}
