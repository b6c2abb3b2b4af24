package iam

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// currentVersion is the version of the policy language that has variables.
const currentVersion = "2012-10-17"

// Document is a policy document.
type Document struct {
	Name       string // Name says in decisions which document it is; it may be empty.
	statements []statement
}

// Parse reads a policy document from what encoding/json makes of it, with
// numbers as float64 or json.Number. An element, operator or kind of principal
// that Evaluate does not know is an error.
func Parse(document any) (Document, error) {
	o, err := elements(document, "Version", "Id", "Statement")
	if err != nil {
		return Document{}, err
	}
	version, given := o["Version"]
	if given && version != currentVersion && version != "2008-10-17" {
		return Document{}, fmt.Errorf("policy language version %v is not known", version)
	}
	raw, several := o["Statement"].([]any)
	if !several {
		raw = []any{o["Statement"]}
	}
	if len(raw) == 0 {
		return Document{}, errors.New("a policy document without statements")
	}
	var d Document
	for i, each := range raw {
		s, err := parseStatement(each, version == currentVersion)
		if err != nil {
			return Document{}, fmt.Errorf("statement %d: %w", i+1, err)
		}
		d.statements = append(d.statements, s)
	}
	return d, nil
}

// elements returns an object that has no other elements than the known.
func elements(v any, known ...string) (map[string]any, error) {
	o, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("want an object, have %T", v)
	}
	for name := range o {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("element %q is not known", name)
		}
	}
	return o, nil
}

// list returns the strings of an element that is one value or a list of some.
func list(v any) ([]string, error) {
	raw, several := v.([]any)
	if !several {
		raw = []any{v}
	}
	if len(raw) == 0 {
		return nil, errors.New("an empty list")
	}
	values := make([]string, 0, len(raw))
	for _, each := range raw {
		switch x := each.(type) {
		case string:
			values = append(values, x)
		case bool:
			values = append(values, strconv.FormatBool(x))
		case json.Number:
			values = append(values, x.String())
		case float64:
			values = append(values, strconv.FormatFloat(x, 'f', -1, 64))
		default:
			return nil, fmt.Errorf("%T is no value", each)
		}
	}
	return values, nil
}
