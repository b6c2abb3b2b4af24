package expression

import (
	"math/big"
	"slices"
)

var (
	errMissing = errorf("The provided expression refers to an attribute that does not exist in the item")
	errType    = errorf("An operand in the update expression has an incorrect data type")
)

// source computes the value an update action writes, from the item as it was
// before the update.
type source interface {
	compute(Item) (Value, error)
}

// reference is a path or a constant that must be present.
type reference struct {
	operand operand
}

func (r reference) compute(item Item) (Value, error) {
	value, ok := r.operand.value(item)
	if !ok {
		return Value{}, errMissing
	}
	return value, nil
}

type ifNotExists struct {
	subject  operand
	fallback source
}

func (i ifNotExists) compute(item Item) (Value, error) {
	if value, ok := i.subject.value(item); ok {
		return value, nil
	}
	return i.fallback.compute(item)
}

type listAppend struct{ first, second source }

func (l listAppend) compute(item Item) (Value, error) {
	first, second, err := computeBoth(item, l.first, l.second)
	if err != nil {
		return Value{}, err
	}
	if first.Kind != "L" || second.Kind != "L" {
		return Value{}, errType
	}
	return Value{Kind: "L", List: slices.Concat([]Value{}, first.List, second.List)}, nil
}

// arithmetic is left + right or left - right.
type arithmetic struct {
	operator    string
	left, right source
}

func (a arithmetic) compute(item Item) (Value, error) {
	left, right, err := computeBoth(item, a.left, a.right)
	if err != nil {
		return Value{}, err
	}
	if left.Kind != "N" || right.Kind != "N" {
		return Value{}, errType
	}
	if a.operator == "+" {
		return numberValue(new(big.Rat).Add(left.Number, right.Number))
	}
	return numberValue(new(big.Rat).Sub(left.Number, right.Number))
}

func computeBoth(item Item, a, b source) (first, second Value, err error) {
	first, err = a.compute(item)
	if err != nil {
		return Value{}, Value{}, err
	}
	second, err = b.compute(item)
	return first, second, err
}
