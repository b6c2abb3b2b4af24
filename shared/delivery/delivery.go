// Package delivery brings events to those who asked for them: to the tenants'
// webhook endpoints and, by mail, to their admins. It owns the log of what was
// sent, when something is tried again and when it is given up. It depends on
// packages api, audit, auth, catalog, connection, due, fault, id, metric, notify,
// signing, template, tenant and webhook.
//
// An event on the bus becomes one record for everybody who is to get it, and
// everything that is sent is an attempt of such a record. Whoever attempts has
// claimed the record before, so that of two that were given the same event, or
// the same due entry, one sends. Only where a process dies between what the
// other side accepts and the record of it is something sent again; receivers
// know it by its id.
package delivery

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/webhook"
)

// Mail is the target of what the tenant's admins get.
const Mail = "mail"

// Delivery is one event on its way to one target.
type Delivery struct {
	Tenant    string
	Target    string // whe_… or Mail.
	Version   int64  // Counts the writes.
	Event     notify.Event
	State     State
	Attempts  int           // Those begun.
	FirstAt   time.Time     // Begin of the first.
	LastAt    time.Time     // Begin of the last.
	Due       time.Time     // When the next one is due; zero for never. While one runs: when that counts as dead.
	Outcome   string        // Of the last, a webhook.Outcome or one of those below.
	Status    int           // The answer's, if there was one.
	Took      time.Duration // By the last.
	CreatedAt time.Time
}

// State says how far a delivery has come.
type State string

// The states.
const (
	Pending   State = "pending"
	Delivered State = "delivered"
	Failed    State = "failed"  // Given up after a day.
	Dropped   State = "dropped" // Nobody wants it any more.
)

// The outcomes besides those of webhooks.
const (
	Throttled = "throttled" // The mail service takes no more at the moment, or does not answer.
	Refused   = "refused"   // The mail service does not take it.
	Unwanted  = "unwanted"  // The endpoint was disabled or deleted, the settings changed, or what it is about is gone.
)

// Keep is how long a delivery stands in the log.
const Keep = 30 * 24 * time.Hour

// ID names the delivery among those of its tenant: the target and the event.
func (d *Delivery) ID() string { return ID(d.Target, d.Event.ID) }

// ID is the identifier of the delivery of an event to a target.
func ID(target, event string) string { return target + "/" + event }

// Store keeps deliveries, each for Keep.
type Store interface {
	// Create stores a delivery unless there is one of its tenant and id, and reports
	// whether it did.
	Create(ctx context.Context, d Delivery) (bool, error)
	// Update applies change to the record as it stands; change may run again, and its
	// error ends it. ErrNotFound for an id the tenant does not have.
	Update(ctx context.Context, tenant, id string, change func(*Delivery) error) (Delivery, error)
	// List returns the deliveries to a target, the newest event first, beginning
	// after the one that start names, and where to go on from.
	List(ctx context.Context, tenant, target, start string, limit int) ([]Delivery, string, error)
	// Once reports whether the event is the one that may be told of about a thing:
	// the first, or the first after the time that the one before it kept the others
	// quiet. For that one it may be asked again.
	Once(ctx context.Context, tenant, about, event string, now, until time.Time) (bool, error)
}

// ErrNotFound is for a delivery that does not exist.
var ErrNotFound = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such delivery.")

// Settings reads the settings of a tenant.
type Settings interface {
	GetSettings(ctx context.Context, tenant string) (tenant.Settings, error)
}

// Connections reads what mails are about.
type Connections interface {
	Get(ctx context.Context, tenant, id string) (connection.Connection, error)
}

// Templates reads what mails are about.
type Templates interface {
	Get(ctx context.Context, owner, id string) (template.Template, error)
}

// SigningKeys reads what mails are about.
type SigningKeys interface {
	Get(ctx context.Context, tenant, id string) (signing.Key, error)
}

// Connectors finds a connector; catalog.Catalog does.
type Connectors interface {
	Find(ctx context.Context, id string) (catalog.Connector, error)
}

// Sender sends an event to an endpoint; *webhook.Sender does.
type Sender interface {
	Send(ctx context.Context, e webhook.Endpoint, event notify.Event) webhook.Result
}
