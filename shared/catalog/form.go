package catalog

import (
	"bytes"
	"encoding/json"
)

// Form returns a JSON Schema (draft 2020-12) of what a connection by the scheme
// is made with: an object with the members inputs and credential, as the API
// takes them. Members stand in the order in which a person is asked.
func (c Connector) Form(s Scheme) json.RawMessage {
	var parts object
	var required []string
	add := func(name, title string, inputs []Input) {
		if len(inputs) == 0 {
			return
		}
		properties, needed := formProperties(inputs)
		part := object{{"title", title}, {"type", "object"}, {"properties", properties}, {"additionalProperties", false}}
		if len(needed) > 0 {
			part = append(part, member{"required", needed})
			required = append(required, name)
		}
		parts = append(parts, member{name, part})
	}
	add("inputs", "Account", c.InputsFor(s))
	add("credential", "Credential", s.Fields)
	form := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", c.Name + ": " + s.Name}, {"type", "object"},
		{"properties", parts}, {"additionalProperties", false},
	}
	if len(required) > 0 {
		form = append(form, member{"required", required})
	}
	encoded, err := json.Marshal(form)
	if err != nil {
		return nil // Texts, lists of texts and objects of them are always encoded.
	}
	return encoded
}

// formProperties describes the inputs, and names those that must be given.
func formProperties(inputs []Input) (properties object, needed []string) {
	for _, in := range inputs {
		properties = append(properties, member{in.Name, in.form()})
		if !in.Optional && in.Default == "" {
			needed = append(needed, in.Name)
		}
	}
	return properties, needed
}

// form describes one value. What it accepts is accepted by CheckInputs and
// CheckFields, but for what no schema can say.
func (in Input) form() object {
	described := object{{"title", in.Title}, {"type", "string"}}
	say := func(name string, value any, known bool) {
		if known {
			described = append(described, member{name, value})
		}
	}
	say("description", in.Help, in.Help != "")
	say("enum", in.Enum, in.Type == TypeEnum)
	pattern, format, longest := in.constraints()
	if in.Pattern != "" {
		pattern = "^(?:" + in.Pattern + ")$"
	}
	say("pattern", pattern, pattern != "")
	say("format", format, format != "")
	say("minLength", 1, in.Type != TypeEnum && !in.Optional && in.Default == "")
	say("maxLength", longest, longest > 0)
	say("default", in.Default, in.Default != "")
	say("examples", []string{in.Placeholder}, in.Placeholder != "")
	say("writeOnly", true, in.secret())
	say("contentMediaType", "text/plain", in.Type == TypeFile)
	return described
}

// constraints returns what the type says of the text: an expression or a format
// of JSON Schema, and how long it may be at most.
func (in Input) constraints() (pattern, format string, longest int) {
	switch in.Type {
	case TypeLabel:
		return labelPattern().String(), "", 0
	case TypeHost:
		return "", "hostname", maxHost
	case TypeServer:
		return "", "", maxHost
	case TypePort:
		return "^[1-9][0-9]{0,4}$", "", 0
	case TypeURL:
		return "", "uri", maxURL
	case TypeSegment:
		return "", "", maxSegment
	case TypeText:
		return "", "", maxText
	case TypeSecret, TypeFile:
		return "", "", maxSecret
	}
	return "", "", 0
}

// secret reports whether the value is never shown.
func (in Input) secret() bool { return in.Type == TypeSecret || in.Type == TypeFile }

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
