package notify

import (
	"encoding/json"
	"fmt"
	"time"
)

// body is an event as webhooks get it.
type body struct {
	ID       string            `json:"id"`
	Type     string            `json:"type"`
	Tenant   string            `json:"tenant"`
	Resource string            `json:"resource"`
	At       time.Time         `json:"at"`
	Data     map[string]string `json:"data"`
}

// Body returns the event as a JSON document {id, type, tenant, resource, at,
// data}: the body of a webhook. What the catalogue does not name is left out.
func (e Event) Body() ([]byte, error) {
	t, ok := Find(e.Type)
	if !ok {
		return nil, fmt.Errorf("event %q is not in the catalogue", e.Type)
	}
	b := body{ID: e.ID, Type: e.Type, Tenant: e.Tenant, Resource: e.Resource, At: e.At.UTC(), Data: map[string]string{}}
	for _, m := range t.Members {
		if value, ok := e.Detail[m.Name]; ok {
			b.Data[m.Name] = value
		}
	}
	text, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encode event %s: %w", e.Type, err)
	}
	return text, nil
}

// onBus is the event of an EventBridge envelope.
// https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
type onBus struct {
	Type   string            `json:"detail-type"`
	Detail map[string]string `json:"detail"`
}

// FromBus reads an event as a rule of the bus delivers it. One without an id, a
// tenant or a type of the catalogue is an error.
func FromBus(envelope []byte) (Event, error) {
	var in onBus
	if err := json.Unmarshal(envelope, &in); err != nil {
		return Event{}, fmt.Errorf("read event: %w", err)
	}
	at, err := time.Parse(time.RFC3339Nano, in.Detail["at"])
	if err != nil {
		return Event{}, fmt.Errorf("read event: %w", err)
	}
	e := Event{ID: in.Detail["id"], Type: in.Type, Tenant: in.Detail["tenant"], Resource: in.Detail["resource"], At: at, Detail: map[string]string{}}
	t, ok := Find(e.Type)
	if !ok || e.ID == "" || e.Tenant == "" {
		return Event{}, fmt.Errorf("read event: %q is not in the catalogue, or has no id or tenant", e.Type)
	}
	for _, m := range t.Members {
		if value, ok := in.Detail[m.Name]; ok {
			e.Detail[m.Name] = value
		}
	}
	return e, nil
}
