// Package webhook owns the endpoints to which a tenant has its events sent:
// their signing secrets, the sending of one event to one of them, and when one
// counts as dead. It depends on packages api, audit, auth, connection, fault, id,
// idempotency, method, notify, secret and vault.
//
// What is sent is signed as Standard Webhooks says
// (https://www.standardwebhooks.com).
package webhook

import (
	"context"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
)

// Endpoint is the stored record.
type Endpoint struct {
	Tenant      string
	ID          string // whe_…
	Version     int64  // Counts the writes.
	Revision    int    // Counts the changes by people; the ETag.
	URL         string // It may hold a token of the receiver and stands in no log.
	Description string
	Events      []string // Types it wants, in order; none is all.
	Enabled     bool
	DisabledAt  time.Time
	Reason      string // Why it was disabled by the service: failing, gone.
	Untold      string // Identifier of the event about that, until it is published.
	Secrets     []Secret
	FailingAt   time.Time // The oldest failure since the last success.
	CreatedAt   time.Time
	CreatedBy   string
	UpdatedAt   time.Time
}

// Secret signs. The first of an endpoint is the one that was shown last.
type Secret struct {
	Version int
	Sealed  []byte    // Thirty-two bytes, under the tenant's data key.
	Until   time.Time // When it ends, of one that was replaced.
}

// The reasons for which the service disables an endpoint.
const (
	Failing = "failing" // It took nothing for a day.
	Gone    = "gone"    // It answered 410.
)

// Store keeps endpoints.
type Store interface {
	// Create stores a new endpoint; an existing id is ErrExists.
	Create(ctx context.Context, e Endpoint) error
	// Get returns ErrNotFound for an id the tenant does not have.
	Get(ctx context.Context, tenant, id string) (Endpoint, error)
	// List returns all endpoints of the tenant in order of id, which is that of time.
	List(ctx context.Context, tenant string) ([]Endpoint, error)
	// Update applies change to the record as it stands; change may run again, and
	// its error ends it. ErrNotFound as for Get.
	Update(ctx context.Context, tenant, id string, change func(*Endpoint) error) (Endpoint, error)
	// Delete removes the endpoint if it is at the version; one that is not there is
	// no error, one at another version is ErrChanged.
	Delete(ctx context.Context, tenant, id string, version int64) error
}

// Errors of a Store.
var (
	ErrExists   = fault.New(fault.Conflict, fault.CodeConflict, "There is a webhook endpoint of this id already.")
	ErrNotFound = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such webhook endpoint.")
	ErrChanged  = fault.New(fault.PreconditionFailed, fault.CodePreconditionFailed, "It was changed by someone else. Read it again.")
)

// patience is how long an endpoint may take nothing before it is disabled.
const patience = 24 * time.Hour

// Wants reports whether events of the type are sent to the endpoint.
func (e *Endpoint) Wants(kind string) bool {
	return e.Enabled && (len(e.Events) == 0 || slices.Contains(e.Events, kind))
}

// Took notes that the endpoint took an event.
func (e *Endpoint) Took() { e.FailingAt = time.Time{} }

// Failed notes that an attempt that began at a time failed, and disables the
// endpoint when it said that it is gone or has taken nothing for a day. notice
// is the identifier of the event that tells of it.
func (e *Endpoint) Failed(at time.Time, gone bool, notice string) {
	if e.FailingAt.IsZero() || at.Before(e.FailingAt) {
		e.FailingAt = at
	}
	switch {
	case !e.Enabled:
	case gone:
		e.disable(at, Gone, notice)
	case at.Sub(e.FailingAt) >= patience:
		e.disable(at, Failing, notice)
	}
}

func (e *Endpoint) disable(at time.Time, reason, notice string) {
	e.Enabled, e.DisabledAt, e.Reason, e.Untold, e.UpdatedAt = false, at, reason, notice, at
	e.Revision++
}

// Notice is the event that tells that the endpoint was disabled by the service.
func (e *Endpoint) Notice() notify.Event {
	return notify.Event{
		ID: e.Untold, Type: notify.WebhookEndpointDisabled, Tenant: e.Tenant, Resource: e.ID, At: e.DisabledAt,
		Detail: map[string]string{"reason": e.Reason},
	}
}

// enable starts anew.
func (e *Endpoint) enable() {
	e.Enabled, e.DisabledAt, e.Reason, e.Untold, e.FailingAt = true, time.Time{}, "", "", time.Time{}
}
