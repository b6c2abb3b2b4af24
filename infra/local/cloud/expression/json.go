package expression

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
)

// UnmarshalJSON reads the wire form, such as {"S": "text"}.
func (v *Value) UnmarshalJSON(data []byte) error {
	var wire map[string]json.RawMessage
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	if len(wire) != 1 {
		return errorf("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
	}
	for kind, content := range wire {
		*v = Value{Kind: kind}
		return v.decode(content)
	}
	return nil
}

func (v *Value) decode(content []byte) error {
	switch v.Kind {
	case "S":
		return json.Unmarshal(content, &v.Text)
	case "N":
		var text string
		if err := json.Unmarshal(content, &text); err != nil {
			return err
		}
		number, err := parseNumber(text)
		*v = number
		return err
	case "B":
		var raw []byte
		err := json.Unmarshal(content, &raw)
		v.Text = string(raw)
		return err
	case "BOOL", "NULL":
		return json.Unmarshal(content, &v.Bool)
	case "M":
		v.Map = map[string]Value{}
		return decodeNotNull(content, &v.Map)
	case "L":
		v.List = []Value{}
		return decodeNotNull(content, &v.List)
	case "SS", "NS", "BS":
		return v.decodeSet(content)
	}
	return errorf("Supplied AttributeValue has an unknown datatype: %s", v.Kind)
}

func decodeNotNull(content []byte, target any) error {
	if string(content) == "null" {
		return errorf("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
	}
	return json.Unmarshal(content, target)
}

func (v *Value) decodeSet(content []byte) error {
	if err := json.Unmarshal(content, &v.Set); err != nil {
		return err
	}
	if len(v.Set) == 0 {
		return errorf("One or more parameter values were invalid: An string set  may not be empty")
	}
	for i, element := range v.Set {
		canonical, err := canonicalElement(v.Kind, element)
		if err != nil {
			return err
		}
		v.Set[i] = canonical
	}
	slices.Sort(v.Set)
	if len(slices.Compact(slices.Clone(v.Set))) != len(v.Set) {
		return errorf("One or more parameter values were invalid: Input collection contains duplicates.")
	}
	return nil
}

func canonicalElement(kind, element string) (string, error) {
	switch kind {
	case "NS":
		number, err := parseNumber(element)
		return number.Text, err
	case "BS":
		raw, err := base64.StdEncoding.DecodeString(element)
		if err != nil {
			return "", errorf("One or more parameter values were invalid: a binary set element is not base64")
		}
		return string(raw), nil
	}
	return element, nil
}

// MarshalJSON writes the wire form.
func (v Value) MarshalJSON() ([]byte, error) {
	var buffer bytes.Buffer
	fmt.Fprintf(&buffer, "{%q:", v.Kind)
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v.content()); err != nil {
		return nil, err
	}
	buffer.Truncate(buffer.Len() - 1)
	buffer.WriteByte('}')
	return buffer.Bytes(), nil
}

func (v Value) content() any {
	switch v.Kind {
	case "S", "N":
		return v.Text
	case "B":
		return []byte(v.Text)
	case "BOOL", "NULL":
		return v.Bool
	case "M":
		return v.Map
	case "L":
		return v.List
	case "BS":
		raw := make([][]byte, len(v.Set))
		for i, element := range v.Set {
			raw[i] = []byte(element)
		}
		return raw
	}
	return v.Set
}
