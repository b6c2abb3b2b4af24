package expression

import (
	"maps"
	"slices"
)

// Scope holds the placeholders of one request and remembers which of them its
// expressions used.
type Scope struct {
	names  map[string]string
	values map[string]Value
	used   map[string]bool
}

// NewScope returns the scope of a request's ExpressionAttributeNames and
// ExpressionAttributeValues; both may be nil.
func NewScope(names map[string]string, values map[string]Value) *Scope {
	return &Scope{names: names, values: values, used: map[string]bool{}}
}

// Unused reports a placeholder that no expression parsed in this scope
// referred to, which DynamoDB rejects.
func (s *Scope) Unused() error {
	for _, name := range slices.Sorted(maps.Keys(s.values)) {
		if !s.used[name] {
			return errorf("Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.names)) {
		if !s.used[name] {
			return errorf("Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", name)
		}
	}
	return nil
}

func (s *Scope) name(kind, placeholder string) (string, error) {
	name := s.names[placeholder]
	if name == "" {
		return "", errorf("Invalid %s: An expression attribute name used in the document path is not defined; attribute name: %s", kind, placeholder)
	}
	s.used[placeholder] = true
	return name, nil
}

func (s *Scope) value(kind, placeholder string) (Value, error) {
	value, ok := s.values[placeholder]
	if !ok {
		return Value{}, errorf("Invalid %s: An expression attribute value used in expression is not defined; attribute value: %s", kind, placeholder)
	}
	s.used[placeholder] = true
	return value, nil
}
