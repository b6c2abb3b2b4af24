package cloud

import (
	"encoding/json"
	"slices"
	"strings"
)

// filters are the content filters a pattern may use, each with its test of an
// event's value ("Comparison operators", Amazon EventBridge User Guide). The
// value is nil when the event lacks the field.
var filters = map[string]func(argument, value any) bool{
	"exists":             func(argument, value any) bool { return argument == (value != nil) },
	"prefix":             textFilter(strings.HasPrefix),
	"suffix":             textFilter(strings.HasSuffix),
	"equals-ignore-case": textFilter(strings.EqualFold),
	"anything-but":       nil, // Tested by passes, which it would refer back to.
	"numeric":            isWithin,
}

func textFilter(test func(value, argument string) bool) func(argument, value any) bool {
	return func(argument, value any) bool {
		want, ok := argument.(string)
		text, isText := value.(string)
		return ok && isText && test(text, want)
	}
}

// isWithin tests a list of comparisons such as [">", 0, "<=", 5].
func isWithin(argument, value any) bool {
	list, _ := argument.([]any)
	number, ok := value.(float64)
	if !ok || len(list) == 0 || len(list)%2 != 0 {
		return false
	}
	for pair := range slices.Chunk(list, 2) {
		limit, ok := pair[1].(float64)
		if !ok {
			return false
		}
		holds := false
		switch pair[0] {
		case "=":
			holds = number == limit
		case "<":
			holds = number < limit
		case "<=":
			holds = number <= limit
		case ">":
			holds = number > limit
		case ">=":
			holds = number >= limit
		}
		if !holds {
			return false
		}
	}
	return true
}

// parsePattern reads an event pattern and rejects filters that are not served.
func parsePattern(text string) (object, error) {
	var pattern object
	err := json.Unmarshal([]byte(text), &pattern)
	if err != nil || pattern == nil || !isPattern(pattern) {
		return nil, errorf("InvalidEventPatternException", "Event pattern is not valid.")
	}
	return pattern, nil
}

func isPattern(pattern object) bool {
	for name, field := range pattern {
		switch field := field.(type) {
		case object:
			if !isPattern(field) {
				return false
			}
		case []any:
			isValid := isChoice
			if name == "$or" {
				isValid = isAlternative
			}
			if slices.ContainsFunc(field, func(element any) bool { return !isValid(element) }) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func isAlternative(element any) bool {
	pattern, ok := element.(object)
	return ok && isPattern(pattern)
}

// isChoice reports whether an element of a field's list is a plain value or
// one filter that is served.
func isChoice(element any) bool {
	filter, ok := element.(object)
	if !ok {
		return isScalar(element)
	}
	for name := range filter {
		_, ok = filters[name]
	}
	return ok && len(filter) == 1
}

// matches reports whether an event has what the pattern asks for.
func matches(pattern, event object) bool {
	for name, field := range pattern {
		if name == "$or" {
			if !matchesAny(field, event) {
				return false
			}
			continue
		}
		switch field := field.(type) {
		case object:
			inner, _ := event[name].(object)
			if !matches(field, inner) {
				return false
			}
		case []any:
			if !passesAny(field, event[name]) {
				return false
			}
		}
	}
	return true
}

func matchesAny(alternatives any, event object) bool {
	list, _ := alternatives.([]any)
	return slices.ContainsFunc(list, func(alternative any) bool {
		pattern, ok := alternative.(object)
		return ok && matches(pattern, event)
	})
}

// passesAny reports whether the value, or an element of it when it is a list,
// passes any of the choices.
func passesAny(choices []any, value any) bool {
	if list, ok := value.([]any); ok {
		return slices.ContainsFunc(list, func(element any) bool { return passesAny(choices, element) })
	}
	return slices.ContainsFunc(choices, func(choice any) bool { return passes(choice, value) })
}

func passes(choice, value any) bool {
	filter, ok := choice.(object)
	if !ok {
		return choice == value // Comparable: the choice is no object, the value no list.
	}
	for name, argument := range filter {
		if name == "anything-but" {
			excluded, ok := argument.([]any)
			if !ok {
				excluded = []any{argument}
			}
			return value != nil && !passesAny(excluded, value)
		}
		if test := filters[name]; test != nil {
			return test(argument, value)
		}
	}
	return false
}

// isScalar reports whether a decoded JSON value can be compared with ==.
func isScalar(value any) bool {
	switch value.(type) {
	case object, []any:
		return false
	}
	return true
}

func testPattern(in *eventRequest) (object, error) {
	pattern, err := parsePattern(in.EventPattern)
	if err != nil {
		return nil, err
	}
	var event object
	if err := json.Unmarshal([]byte(in.Event), &event); err != nil {
		return nil, invalid("Event is not a valid JSON object.")
	}
	return object{"Result": matches(pattern, event)}, nil
}
