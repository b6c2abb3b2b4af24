// Package killswitch cuts off everything of a tenant, of a connector or of the
// whole stage: its leases are refused within seconds, and its credentials are
// revoked and destroyed one after the other. It depends on packages api, audit,
// auth, connection, due, fault, id, method, metric, notify and tenant.
//
// Two things make a switch. The list of those that are not lifted is one small
// item that the Gate of every process reads every few seconds: it refuses at once
// whatever the walk has not come to. The Walker then visits every connection of
// the scope, page by page, and notes how far it came, so that it may be killed
// anywhere. It walks again until a whole pass finds nothing more to do.
package killswitch

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
)

// Scope says how much a switch cuts off.
type Scope string

// The scopes.
const (
	ScopeTenant    Scope = "tenant"
	ScopeConnector Scope = "connector" // Of all tenants.
	ScopeStage     Scope = "stage"
)

// Target is what a switch cuts off.
type Target struct {
	Scope     Scope
	Tenant    string // Of scope tenant.
	Connector string // Of scope connector.
}

// Covers reports whether a connector of a tenant is cut off.
func (t Target) Covers(tenant, connector string) bool {
	switch t.Scope {
	case ScopeTenant:
		return t.Tenant == tenant
	case ScopeConnector:
		return t.Connector == connector
	default:
		return t.Scope == ScopeStage
	}
}

// Active is a switch that is not lifted.
type Active struct {
	ID string // kls_…
	Target
}

// Phase is what is done about a switch.
type Phase string

// The phases.
const (
	Cutting Phase = "cutting" // Credentials are being revoked and destroyed.
	Done    Phase = "done"    // Nothing of the scope has a credential.
	Lifting Phase = "lifting" // Lifted; the connections are being released to be reconnected.
	Lifted  Phase = "lifted"
)

// Record is one kill switch.
type Record struct {
	ID string // kls_…
	Target
	Reason     string
	StartedAt  time.Time
	StartedBy  string
	Home       string // Tenant of whoever started it.
	FinishedAt time.Time
	LiftedAt   time.Time
	LiftedBy   string
	Phase      Phase
	Walk       Walk
	Due        time.Time // When the walk goes on; zero when there is none.
	Version    int64
}

// Walk is how far the walk over the connections of the scope has come.
type Walk struct {
	Pass    int // Passes that were begun, from one.
	Cursor  Cursor
	Counts  Counts // Of this pass so far.
	Whole   Counts // Of the last pass that was whole, or as far as it came before a lift.
	Changed int    // What this pass found to do.
	Unended int    // Passes in a row that left something for later.
	Owner   string // Of the run that walks; empty when none does.
	Until   time.Time
}

// Cursor is a place in the walk.
type Cursor struct {
	After      string // The last tenant that is dealt with.
	Tenant     string // The one that is being dealt with; empty for none.
	Connection string // Its last connection that is dealt with.
}

// Counts are the connections of the scope by what became of them.
type Counts struct {
	Total       int
	Disabled    int
	Revoked     int // By the provider.
	Irrevocable int // The provider cannot be told, or refused.
	Pending     int // To be told again.
	Failed      int // Not dealt with; the next pass tries again.
}

// Progress returns the counts of the last whole pass, or of the first one so far.
func (r Record) Progress() Counts {
	if r.Walk.Pass > 1 {
		return r.Walk.Whole
	}
	return r.Walk.Counts
}

// Store keeps the switches of the stage.
type Store interface {
	// Create stores a new record and, in the same write, puts it on the list of
	// those that are active: ErrTooMany when that is full.
	Create(ctx context.Context, r Record) error
	// Get is ErrNotFound for an absent record.
	Get(ctx context.Context, id string) (Record, error)
	// Update works as connection.Store.Update does. With LiftedAt set, the record
	// leaves the list of the active ones in the same write.
	Update(ctx context.Context, id string, change func(*Record) error) (Record, error)
	// List returns records in order of id, beginning after start: all of them, or
	// those of scope tenant of one tenant.
	List(ctx context.Context, tenant, start string, limit int) ([]Record, string, error)
	ActiveStore
}

// ActiveStore reads the switches that are not lifted, consistently.
type ActiveStore interface {
	Active(ctx context.Context) ([]Active, error)
}

// Most is how many switches may be active at once: the list is read often.
const Most = 200

// Errors of a Store.
var (
	ErrNotFound = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such kill switch.")
	ErrTooMany  = fault.New(fault.Conflict, fault.CodeLimitExceeded, "Too many kill switches are active. Lift one, or choose a wider scope.")
)
