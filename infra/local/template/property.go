package template

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// properties resolves the properties of one resource, each when it is asked
// for: a key policy that names a role must not pull the role in.
type properties struct {
	stack  *stack
	values object
}

// get returns a resolved property, nil when it is absent.
func (p properties) get(name string) (any, error) {
	v, err := p.stack.eval(p.values[name])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if _, none := v.(absent); none {
		return nil, nil
	}
	return v, nil
}

// pick resolves the named properties that are present.
func (p properties) pick(names ...string) (object, error) {
	out := object{}
	for _, name := range names {
		v, err := p.get(name)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out[name] = v
		}
	}
	return out, nil
}

// text returns a property as a string, or the default.
func (p properties) text(name, byDefault string) (string, error) {
	v, err := p.get(name)
	if err != nil || v == nil {
		return byDefault, err
	}
	return text(v), nil
}

// into decodes resolved properties into an SDK structure; CloudFormation and
// the service APIs share their field names.
func into[T any](v any) (T, error) {
	var out T
	b, err := json.Marshal(v)
	if err != nil {
		return out, fmt.Errorf("encode properties: %w", err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return out, fmt.Errorf("decode properties: %w", err)
	}
	return out, nil
}

// number reads a resolved number, which a template may also write as text.
func number(v any, byDefault int) int {
	n, err := strconv.Atoi(text(v))
	if err != nil {
		return byDefault
	}
	return n
}

// texts reads a resolved list of strings.
func texts(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, e := range list {
		out = append(out, text(e))
	}
	return out
}
