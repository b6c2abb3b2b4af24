package connection

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
)

// Store keeps connections. All reads of one connection are consistent. An
// absent connection, and one of another tenant, is ErrNotFound.
type Store interface {
	Get(ctx context.Context, tenant, id string) (Connection, error)
	// Create stores a new connection and, in the same write, that it uses its
	// template. An existing id is ErrExists; a template that does not exist, or
	// is being deleted, is ErrNoTemplate.
	Create(ctx context.Context, c Connection) error
	// Update applies change to the newest record and stores the result if no
	// one wrote in between, else it starts over: change may run several times.
	// An error of change ends it and nothing is stored. Version is counted by
	// the store, and the use of the template follows Credential.MintedBy in the
	// same write.
	Update(ctx context.Context, tenant, id string, change func(*Connection) error) (Connection, error)
	// SaveAnswer writes the sealed answer of a token request ahead of parsing,
	// in one conditional write: ErrFenced when epoch is no longer the newest.
	SaveAnswer(ctx context.Context, tenant, id string, epoch int, sealed []byte) error
	// Used notes a use at the time given, and that the connection is not stale, in
	// one write of its own. ErrNotFound when it is gone.
	Used(ctx context.Context, tenant, id string, at time.Time) error
	// Delete removes a connection and its use of the template in one write; an
	// absent one is no error.
	Delete(ctx context.Context, tenant, id string) error
	// List returns connections in order of id, beginning after start, and the
	// id to go on from, empty at the end.
	List(ctx context.Context, tenant string, f Filter, start string, limit int) ([]Connection, string, error)
	// Due returns what is due in an index at or before t, oldest first within
	// each shard, at most limit.
	Due(ctx context.Context, index Index, t time.Time, limit int) ([]Ref, error)
}

// Filter selects connections; empty fields select all.
type Filter struct {
	Connector   string
	Environment string
	TemplateID  string
}

// Ref names one connection.
type Ref struct{ Tenant, ID string }

// Index names a due-index.
type Index string

// The due-indexes.
const (
	RefreshDue   Index = "refresh-due"
	HealthDue    Index = "health-due"
	ExpiryDue    Index = "expiry-due"
	PendingDue   Index = "pending-due"
	DeviceDue    Index = "device-due"
	ReconcileDue Index = "reconcile-due"
)

// Errors of a Store.
var (
	ErrNotFound   = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such connection.")
	ErrExists     = fault.New(fault.Conflict, fault.CodeConflict, "The connection exists already.")
	ErrNoTemplate = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such template.")
	ErrFenced     = fault.New(fault.Conflict, fault.CodeConflict, "Another refresh of this connection went ahead.")
)
