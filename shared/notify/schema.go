package notify

import (
	"bytes"
	"encoding/json"
	"time"
)

// object is a JSON object.
type object = map[string]any

// Schema returns the JSON Schema (2020-12) of the event as webhooks get it.
func (t Type) Schema() ([]byte, error) {
	data, required := object{}, []string{}
	for _, m := range t.Members {
		data[m.Name] = m.schema()
		if !m.Optional {
			required = append(required, m.Name)
		}
	}
	resource := object{"type": "string", "minLength": 1, "description": "What it is about."}
	if t.Resource != "" {
		resource["pattern"] = "^" + t.Resource
	}
	return indented(object{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   t.Name, "description": t.Says, "type": "object", "additionalProperties": false,
		"required": []string{"id", "type", "tenant", "resource", "at", "data"},
		"properties": object{
			"id":       object{"type": "string", "pattern": "^evt_", "description": "The same when the event is told again; the webhook-id."},
			"type":     object{"const": t.Name},
			"tenant":   object{"type": "string", "minLength": 1},
			"resource": resource,
			"at":       object{"type": "string", "format": "date-time", "description": "When it happened."},
			"data":     object{"type": "object", "additionalProperties": false, "required": required, "properties": data},
		},
	})
}

func (m Member) schema() object {
	s := object{"type": "string", "description": m.Says}
	switch {
	case len(m.Values) > 0:
		s["enum"] = m.Values
	case m.Format == Addresses:
		s["pattern"] = addressesForm().String()
	case m.Format == Number:
		s["pattern"] = numberForm().String()
	case m.Format == Time:
		s["format"] = "date-time"
	default:
		s["pattern"] = codeForm().String()
	}
	return s
}

// SampleBody returns the event as webhooks get it, with the values of the
// catalogue.
func (t Type) SampleBody() ([]byte, error) {
	text, err := t.sample().Body()
	if err != nil {
		return nil, err
	}
	return indented(json.RawMessage(text))
}

func (t Type) sample() Event {
	e := Event{
		ID: "evt_01M7W2Y7M00000000000000001", Type: t.Name, Tenant: "acme", Resource: t.Sample,
		At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Detail: map[string]string{},
	}
	if t.Organization {
		e.Tenant = "org"
	}
	if e.Resource == "" {
		e.Resource = t.Resource + "01M7VZGC000000000000000001"
	}
	for _, m := range t.Members {
		e.Detail[m.Name] = m.Sample
	}
	return e
}

func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(v)
	return b.Bytes(), err
}
