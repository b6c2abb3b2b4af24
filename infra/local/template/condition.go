package template

import "fmt"

// condition evaluates a named condition.
func (s *stack) condition(name string) (bool, error) {
	c, ok := s.Conditions[name]
	if !ok {
		return false, fmt.Errorf("condition %s does not exist", name)
	}
	return s.test(c)
}

// test evaluates a condition expression: Fn::Equals, Fn::Not, Fn::And, Fn::Or
// or a reference to another condition.
func (s *stack) test(expression any) (bool, error) {
	x, _ := expression.(object)
	for name, argument := range x {
		if name == "Condition" {
			return s.condition(text(argument))
		}
		list, _ := argument.([]any)
		switch {
		case name == "Fn::Equals" && len(list) == 2:
			v, err := s.evalList(list)
			if err != nil {
				return false, err
			}
			return len(v) == 2 && text(v[0]) == text(v[1]), nil
		case name == "Fn::Not" && len(list) == 1:
			v, err := s.test(list[0])
			return !v, err
		case name == "Fn::And" || name == "Fn::Or":
			return s.testAll(list, name == "Fn::And")
		}
	}
	return false, fmt.Errorf("condition %s is not supported", text(expression))
}

// testAll is true when every expression is (all) or when one is (not all).
func (s *stack) testAll(list []any, all bool) (bool, error) {
	for _, e := range list {
		v, err := s.test(e)
		if err != nil {
			return false, err
		}
		if v != all {
			return v, nil
		}
	}
	return all, nil
}
