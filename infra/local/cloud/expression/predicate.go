package expression

import (
	"slices"
	"strings"
)

// predicate is one node of a condition.
type predicate interface {
	eval(Item) bool
	visit(func(operand)) // Calls the function for every operand below.
}

type conjunction struct{ left, right predicate }

func (c conjunction) eval(item Item) bool { return c.left.eval(item) && c.right.eval(item) }

func (c conjunction) visit(see func(operand)) {
	c.left.visit(see)
	c.right.visit(see)
}

type disjunction struct{ left, right predicate }

func (d disjunction) eval(item Item) bool { return d.left.eval(item) || d.right.eval(item) }

func (d disjunction) visit(see func(operand)) {
	d.left.visit(see)
	d.right.visit(see)
}

type negation struct{ inner predicate }

func (n negation) eval(item Item) bool { return !n.inner.eval(item) }

func (n negation) visit(see func(operand)) { n.inner.visit(see) }

// existence is attribute_exists or attribute_not_exists.
type existence struct {
	of   path
	want bool
}

func (e existence) eval(item Item) bool {
	_, ok := e.of.lookup(item)
	return ok == e.want
}

func (e existence) visit(see func(operand)) { see(e.of) }

// function is a two-argument function; a missing argument makes it false.
type function struct {
	name              string
	subject, argument operand
	test              func(a, b Value) bool
}

func (f function) eval(item Item) bool {
	subject, ok := f.subject.value(item)
	if !ok {
		return false
	}
	argument, ok := f.argument.value(item)
	return ok && f.test(subject, argument)
}

func (f function) visit(see func(operand)) {
	see(f.subject)
	see(f.argument)
}

func beginsWith(value, prefix Value) bool {
	if value.Kind != "S" && value.Kind != "B" {
		return false
	}
	return value.Kind == prefix.Kind && strings.HasPrefix(value.Text, prefix.Text)
}

func contains(value, element Value) bool {
	switch value.Kind {
	case "S", "B":
		return element.Kind == value.Kind && strings.Contains(value.Text, element.Text)
	case "L":
		return slices.ContainsFunc(value.List, func(v Value) bool { return Equal(v, element) })
	case "SS", "NS", "BS":
		return value.Kind[:1] == element.Kind && slices.Contains(value.Set, element.Text)
	}
	return false
}

// comparison is left = right and its relatives. A missing operand is unequal
// to everything and has no order.
type comparison struct {
	operator    string
	left, right operand
}

func (c comparison) eval(item Item) bool {
	left, leftOK := c.left.value(item)
	right, rightOK := c.right.value(item)
	if !leftOK || !rightOK {
		return c.operator == "<>"
	}
	switch c.operator {
	case "=":
		return Equal(left, right)
	case "<>":
		return !Equal(left, right)
	}
	order, ok := Compare(left, right)
	if !ok {
		return false
	}
	switch c.operator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

func (c comparison) visit(see func(operand)) {
	see(c.left)
	see(c.right)
}

type between struct{ subject, low, high operand }

func (b between) eval(item Item) bool {
	atLeast := comparison{operator: ">=", left: b.subject, right: b.low}
	atMost := comparison{operator: "<=", left: b.subject, right: b.high}
	return atLeast.eval(item) && atMost.eval(item)
}

func (b between) visit(see func(operand)) {
	see(b.subject)
	see(b.low)
	see(b.high)
}

// membership is subject IN (choices); missing choices are skipped.
type membership struct {
	subject operand
	choices []operand
}

func (m membership) eval(item Item) bool {
	return slices.ContainsFunc(m.choices, func(choice operand) bool {
		return comparison{operator: "=", left: m.subject, right: choice}.eval(item)
	})
}

func (m membership) visit(see func(operand)) {
	see(m.subject)
	for _, choice := range m.choices {
		see(choice)
	}
}
