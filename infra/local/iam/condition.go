package iam

import (
	"fmt"
	"slices"
	"strings"
)

// A condition is one key under one operator of a statement.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type condition struct {
	key      string
	compare  compare // Nil for the Null operator.
	negated  bool
	ifExists bool
	set      set
	null     []string // The values of the Null operator.
}

// set says how an operator takes the several values of a key.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
type set string

const (
	one       set = ""
	allValues set = "ForAllValues"
	anyValue  set = "ForAnyValue"
)

// parseConditions reads the Condition element.
func parseConditions(element any, variables bool) ([]condition, error) {
	operators, ok := element.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the condition is %T", element)
	}
	var all []condition
	for operator, keys := range operators {
		byKey, ok := keys.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("condition %s is %T", operator, keys)
		}
		for key, values := range byKey {
			listed, err := list(values)
			if err != nil {
				return nil, fmt.Errorf("condition %s %s: %w", operator, key, err)
			}
			c, err := parseCondition(operator, key, listed, variables)
			if err != nil {
				return nil, fmt.Errorf("condition %s %s: %w", operator, key, err)
			}
			all = append(all, c)
		}
	}
	return all, nil
}

func parseCondition(operator, key string, values []string, variables bool) (condition, error) {
	c := condition{key: strings.ToLower(key)}
	if operator == "Null" {
		c.null = values
		_, err := compareBools(values)
		return c, err
	}
	if before, after, found := strings.Cut(operator, ":"); found {
		c.set, operator = set(before), after
		if c.set != allValues && c.set != anyValue {
			return c, fmt.Errorf("%q is not known", before)
		}
	}
	operator, c.ifExists = strings.CutSuffix(operator, "IfExists")
	for _, family := range []string{"String", "Arn", "Numeric", "Date"} {
		for _, rest := range []string{"Equals", "EqualsIgnoreCase", "Like"} {
			if operator == family+"Not"+rest {
				operator, c.negated = family+rest, true
			}
		}
	}
	var err error
	c.compare, err = parseCompare(operator, values, variables)
	return c, err
}

// holds reports whether the request meets the condition. A key that is not in
// the request fits no value, so that a negated operator holds; IfExists lets it
// pass, but does nothing within a set, which has no values to look at.
func (c condition) holds(k keys) (bool, error) {
	values := k[c.key]
	fits := func(v string) bool { return c.compare(k, v) != c.negated }
	switch {
	case c.compare == nil:
		absent := len(values) == 0
		return slices.ContainsFunc(c.null, func(v string) bool { return strings.EqualFold(v, "true") == absent }), nil
	case c.set == anyValue:
		return slices.ContainsFunc(values, fits), nil
	case c.set == allValues:
		empty := !slices.ContainsFunc(values, func(v string) bool { return v != "" })
		return empty || !slices.ContainsFunc(values, func(v string) bool { return !fits(v) }), nil
	case len(values) == 0:
		return c.negated || c.ifExists, nil
	case len(values) > 1:
		return false, fmt.Errorf("%s has %d values and its condition is for one", c.key, len(values))
	}
	return fits(values[0]), nil
}
