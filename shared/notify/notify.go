// Package notify says what the service tells the world: the catalogue of its
// events, their form on the wire, and the ports to the bus and to mail. It
// depends on the standard library only.
package notify

import (
	"context"
	"time"
)

// Event is one transition. It carries ids, statuses and reason codes only.
type Event struct {
	ID       string // "evt_…"; the same event told again has the same.
	Type     string // One of the catalogue, "connection.status"; the detail-type on the bus.
	Tenant   string
	Resource string // "con_…".
	At       time.Time
	Detail   map[string]string
}

// Publisher puts events on the bus.
type Publisher interface {
	Publish(ctx context.Context, e Event) error
}

// Mail is a message to people.
type Mail struct {
	To            []string
	Subject, Text string
	HTML          string // A complete document that says the same; empty sends the text alone.
}

// Mailer sends mail.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}
