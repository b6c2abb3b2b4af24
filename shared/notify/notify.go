// Package notify tells the world what happened: events on the stage's bus and
// mails to a tenant's admins. It depends on the standard library only.
package notify

import (
	"context"
	"time"
)

// Event is one transition. It carries ids, statuses and reason codes only.
type Event struct {
	ID       string // "evt_…"; the same event told again has the same.
	Type     string // "connection.degraded"; the detail-type on the bus.
	Tenant   string
	Resource string // "con_…".
	At       time.Time
	Detail   map[string]string
}

// The event types.
const (
	ConnectionConnected = "connection.connected"
	ConnectionPromoted  = "connection.promoted"
	ConnectionStatus    = "connection.status"
	ConnectionDeleted   = "connection.deleted"
	ConnectionStale     = "connection.stale"     // Nobody uses it; used says since when, disables when it ends, if it does.
	KillSwitchFinished  = "kill_switch.finished" // Resource is the switch; detail has its scope and counts.
	ProviderOutage      = "provider.outage"      // Resource is the provider; phase says began or ended.
	ProviderRefusals    = "provider.refusals"    // So many at once that none is believed.

	TemplateClientRefused = "template.client_refused"

	ExpirationDue = "expiration.due" // Of a connection, template, signing key, or, of a sunset, a connector.
	RotationDue   = "rotation.due"   // The key of a connection is old.
)

// Publisher puts events on the bus.
type Publisher interface {
	Publish(ctx context.Context, e Event) error
}

// Mail is a message to people.
type Mail struct {
	To            []string
	Subject, Text string
}

// Mailer sends mail.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}
