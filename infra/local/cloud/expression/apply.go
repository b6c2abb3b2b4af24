package expression

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
)

// Apply returns the updated copy of an item. Every action sees the item as it
// was before; removals of list elements happen last, highest index first.
func (u *Update) Apply(old Item) (Item, error) {
	operands := make([]Value, len(u.actions))
	order := make([]int, len(u.actions))
	for i, a := range u.actions {
		order[i] = i
		if a.source == nil {
			continue
		}
		value, err := a.source.compute(old)
		if err != nil {
			return nil, err
		}
		operands[i] = value
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmp.Compare(removalRank(u.actions[x]), removalRank(u.actions[y]))
	})
	current := Value{Kind: "M", Map: old}
	for _, i := range order {
		a := u.actions[i]
		next, err := edit(current, a.path, func(was *Value) (*Value, error) {
			return a.change(was, operands[i])
		})
		if err != nil {
			return nil, err
		}
		current = next
	}
	return current.Map, nil
}

// removalRank orders removals of list elements after everything else, from
// the highest index down, so that earlier ones do not shift later ones.
func removalRank(a action) int {
	if a.clause != "REMOVE" {
		return -1 << 62
	}
	return -a.path[len(a.path)-1].index
}

// change returns what replaces the value at the action's path; nil stands for
// absence on both sides.
func (a action) change(was *Value, operand Value) (*Value, error) {
	switch a.clause {
	case "REMOVE":
		return nil, nil
	case "SET":
		return &operand, nil
	case "ADD":
		return add(was, operand)
	}
	return subtract(was, operand)
}

func add(was *Value, operand Value) (*Value, error) {
	switch {
	case operand.Kind != "N" && !operand.isSet():
		return nil, errType
	case was == nil:
		return &operand, nil
	case was.Kind != operand.Kind:
		return nil, errType
	case operand.Kind == "N":
		sum, err := numberValue(new(big.Rat).Add(was.Number, operand.Number))
		return &sum, err
	}
	union := slices.Concat(was.Set, operand.Set)
	slices.Sort(union)
	return &Value{Kind: operand.Kind, Set: slices.Compact(union)}, nil
}

func subtract(was *Value, operand Value) (*Value, error) {
	switch {
	case !operand.isSet():
		return nil, errType
	case was == nil:
		return nil, nil
	case was.Kind != operand.Kind:
		return nil, errType
	}
	rest := slices.DeleteFunc(slices.Clone(was.Set), func(element string) bool {
		return slices.Contains(operand.Set, element)
	})
	if len(rest) == 0 {
		return nil, nil
	}
	return &Value{Kind: operand.Kind, Set: rest}, nil
}

// edit returns a copy of v with change applied at the path; what the path
// does not touch is shared with v.
func edit(v Value, p path, change func(was *Value) (*Value, error)) (Value, error) {
	first := p[0]
	if first.isIndex && v.Kind != "L" || !first.isIndex && v.Kind != "M" {
		return v, errPath
	}
	var was, now *Value
	if child, ok := first.child(v); ok {
		was = &child
	}
	var err error
	switch {
	case len(p) == 1:
		now, err = change(was)
	case was == nil:
		err = errPath
	default:
		var child Value
		child, err = edit(*was, p[1:], change)
		now = &child
	}
	if err != nil {
		return v, err
	}
	if first.isIndex {
		return Value{Kind: "L", List: replaceElement(v.List, first.index, now)}, nil
	}
	members := maps.Clone(v.Map)
	if now == nil {
		delete(members, first.name)
	} else {
		members[first.name] = *now
	}
	return Value{Kind: "M", Map: members}, nil
}

var errPath = errorf("The document path provided in the update expression is invalid for update")

// replaceElement copies the list with one element replaced, appended when the
// index is beyond the end, or removed when now is nil.
func replaceElement(list []Value, index int, now *Value) []Value {
	list = slices.Clone(list)
	switch {
	case index >= len(list) && now == nil:
		return list
	case index >= len(list):
		return append(list, *now)
	case now == nil:
		return slices.Delete(list, index, index+1)
	}
	list[index] = *now
	return list
}
