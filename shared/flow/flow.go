// Package flow owns the integrations that use connections through named
// bindings: what a binding accepts, which connection it names, and who uses a
// connection. It depends on packages api, audit, auth, catalog, connection, fault
// and template.
//
// A flow, its bindings and the count of active bindings on every connection are
// written in one transaction, so that at no moment a connection that an active
// flow needs can be deleted, and a flow never names two connections half.
package flow

import (
	"context"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// Flow is the stored record.
type Flow struct {
	Tenant   string
	ID       string // Chosen by whoever registers it.
	Name     string
	Kind     Kind
	State    State
	Bindings []Binding // In order of slot.

	Revision  int
	Version   int64
	CreatedAt time.Time
	CreatedBy string
	UpdatedAt time.Time
}

// Binding is one place of a flow where a connection belongs.
type Binding struct {
	Slot         string
	Connector    string
	Template     string   // Stable key of the template the connection is made from; empty for any.
	Environments []string // Of the connection; never empty.
	Scopes       []string // The connection must have been granted.

	Owner        string // Tenant of the connection: that of the flow, or the organization.
	ConnectionID string // Empty while nothing is bound.
	BoundAt      time.Time
	BoundBy      string
}

// Kind says which slots a flow has.
type Kind string

// The kinds: a sync has exactly the slots source and destination, one of steps
// those it names.
const (
	Sync  Kind = "sync"
	Steps Kind = "steps"
)

// State says whether a flow runs.
type State string

// The states. Connections of an active flow are protected; a paused flow gets no
// lease but for test runs, and may have empty bindings.
const (
	Active State = "active"
	Paused State = "paused"
)

// MostBindings is how many bindings a flow has at most: all of them, and the
// connections before and after, fit into one transaction.
const MostBindings = 20

// Store keeps flows. All reads of one flow are consistent.
type Store interface {
	// Get returns ErrNotFound for a flow that is not there.
	Get(ctx context.Context, tenant, id string) (Flow, error)
	// Update applies change to the newest record, which is zero but for its Tenant
	// and ID while there is none, and stores the result with the uses and counts
	// of connections if nobody wrote in between, else it starts over: change may
	// run several times. change returns the connections that the flow names from
	// now on, as it read them: the write is made only while they are unchanged.
	Update(ctx context.Context, tenant, id string, change func(*Flow) ([]connection.Connection, error)) (Flow, error)
	// Delete removes a flow that allow lets go; an absent one is ErrNotFound.
	Delete(ctx context.Context, tenant, id string, allow func(Flow) error) error
	// List returns a tenant's flows in order of id, beginning after start.
	List(ctx context.Context, tenant, start string, limit int) ([]Flow, string, error)
	connection.Uses
}

// ErrNotFound is the fault of a flow that is not there.
var ErrNotFound = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such flow.")

// ErrNoSlot is the fault of a binding that a flow does not have.
var ErrNoSlot = fault.New(fault.NotFound, fault.CodeNotFound, "The flow has no such binding.")

var (
	idForm   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`) })
	slotForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`) })
)

// Binding returns the binding of a slot.
func (f *Flow) Binding(slot string) (*Binding, bool) {
	i := slices.IndexFunc(f.Bindings, func(b Binding) bool { return b.Slot == slot })
	if i < 0 {
		return nil, false
	}
	return &f.Bindings[i], true
}

// Uses returns the uses of connections by the flow, by the connection used.
func (f *Flow) Uses() map[connection.Ref][]connection.Use {
	uses := map[connection.Ref][]connection.Use{}
	for _, b := range f.Bindings {
		if b.ConnectionID == "" {
			continue
		}
		ref := connection.Ref{Tenant: b.Owner, ID: b.ConnectionID}
		uses[ref] = append(uses[ref], connection.Use{Tenant: f.Tenant, Flow: f.ID, Slot: b.Slot, Active: f.State == Active, Scopes: b.Scopes})
	}
	return uses
}

// Effect is what replacing one version of a flow by another does to the uses and
// counts of connections.
type Effect struct {
	Added   map[connection.Ref][]connection.Use // New, or changed.
	Removed map[connection.Ref][]connection.Use // No longer there.
	Counts  map[connection.Ref]int              // By how much Connection.Bindings changes.
	Needed  []connection.Ref                    // Connections that must be as they were read.
}

// EffectOf compares two versions of a flow; either may be zero.
func EffectOf(before, after Flow) Effect {
	e := Effect{
		Added: map[connection.Ref][]connection.Use{}, Removed: map[connection.Ref][]connection.Use{}, Counts: map[connection.Ref]int{},
	}
	old, now := before.Uses(), after.Uses()
	for ref, uses := range old {
		for _, u := range uses {
			if !slices.ContainsFunc(now[ref], func(n connection.Use) bool { return n.Slot == u.Slot }) {
				e.Removed[ref] = append(e.Removed[ref], u)
			}
		}
		e.Counts[ref] -= active(uses)
	}
	for ref, uses := range now {
		needed := false
		for _, u := range uses {
			i := slices.IndexFunc(old[ref], func(o connection.Use) bool { return o.Slot == u.Slot })
			if i >= 0 && same(old[ref][i], u) {
				continue
			}
			e.Added[ref] = append(e.Added[ref], u)
			needed = needed || i < 0 || u.Active
		}
		e.Counts[ref] += active(uses)
		if needed {
			e.Needed = append(e.Needed, ref)
		}
	}
	return e
}

func active(uses []connection.Use) int {
	n := 0
	for _, u := range uses {
		if u.Active {
			n++
		}
	}
	return n
}

func same(a, b connection.Use) bool {
	return a.Slot == b.Slot && a.Active == b.Active && slices.Equal(a.Scopes, b.Scopes)
}
