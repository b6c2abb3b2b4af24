// Package flowtest holds an in-memory flow.Store and the contract suite that
// every store of flows passes. It depends on packages connection, connectiontest
// and flow, and on go-cmp.
package flowtest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/flow"
)

// Memory is a flow.Store in memory. It is safe for concurrent use and shares
// nothing with its callers.
type Memory struct {
	Connections *connectiontest.Memory // Whose bindings it counts.

	mu      sync.Mutex
	records map[connection.Ref]flow.Flow
}

// NewMemory returns an empty store of flows that use the connections.
func NewMemory(connections *connectiontest.Memory) *Memory {
	return &Memory{Connections: connections, records: map[connection.Ref]flow.Flow{}}
}

// Get implements flow.Store.
func (m *Memory) Get(_ context.Context, tenant, id string) (flow.Flow, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.records[connection.Ref{Tenant: tenant, ID: id}]
	if !ok {
		return flow.Flow{}, flow.ErrNotFound
	}
	return clone(f), nil
}

// Update implements flow.Store.
func (m *Memory) Update(ctx context.Context, tenant, id string, change func(*flow.Flow) ([]connection.Connection, error)) (flow.Flow, error) {
	for {
		before, err := m.Get(ctx, tenant, id)
		if err != nil && !errors.Is(err, flow.ErrNotFound) {
			return flow.Flow{}, err
		}
		after := clone(before)
		after.Tenant, after.ID = tenant, id
		bound, err := change(&after)
		if err != nil {
			return flow.Flow{}, err
		}
		after.Tenant, after.ID, after.Version = tenant, id, before.Version+1
		after = clone(after)
		if m.swap(before, after, bound) {
			return clone(after), nil
		}
	}
}

// Delete implements flow.Store.
func (m *Memory) Delete(ctx context.Context, tenant, id string, allow func(flow.Flow) error) error {
	for {
		before, err := m.Get(ctx, tenant, id)
		if err != nil {
			return err
		}
		if err := allow(before); err != nil {
			return err
		}
		if m.swap(before, flow.Flow{}, nil) {
			return nil
		}
	}
}

// List implements flow.Store.
func (m *Memory) List(_ context.Context, tenant, start string, limit int) ([]flow.Flow, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []flow.Flow
	for ref, f := range m.records {
		if ref.Tenant == tenant && ref.ID > start {
			found = append(found, clone(f))
		}
	}
	slices.SortFunc(found, func(a, b flow.Flow) int { return cmp.Compare(a.ID, b.ID) })
	if len(found) <= limit {
		return found, "", nil
	}
	return found[:limit], found[limit-1].ID, nil
}

// Uses implements connection.Uses.
func (m *Memory) Uses(_ context.Context, owner, connectionID, start string, limit int) ([]connection.Use, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[string]connection.Use{}
	for _, f := range m.records {
		for _, u := range f.Uses()[connection.Ref{Tenant: owner, ID: connectionID}] {
			if place := u.Tenant + "/" + u.Flow + "/" + u.Slot; place > start {
				found[place] = u
			}
		}
	}
	places := slices.Sorted(maps.Keys(found))
	next := ""
	if len(places) > limit {
		places, next = places[:limit], places[limit-1]
	}
	var uses []connection.Use
	for _, place := range places {
		u := found[place]
		u.Scopes = slices.Clone(u.Scopes)
		uses = append(uses, u)
	}
	return uses, next, nil
}

// swap stores after, or nothing if it is zero, while before and the connections
// that are needed stand.
func (m *Memory) swap(before, after flow.Flow, bound []connection.Connection) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	ref := connection.Ref{Tenant: cmp.Or(after.Tenant, before.Tenant), ID: cmp.Or(after.ID, before.ID)}
	if m.records[ref].Version != before.Version {
		return false
	}
	e, seen := flow.EffectOf(before, after), map[connection.Ref]int64{}
	for _, needed := range e.Needed {
		seen[needed] = 0
		for _, c := range bound {
			if c.Tenant == needed.Tenant && c.ID == needed.ID {
				seen[needed] = c.Version
			}
		}
	}
	if m.Connections.Count(e.Counts, seen) != nil {
		return false
	}
	if after.ID == "" {
		delete(m.records, ref)
	} else {
		m.records[ref] = after
	}
	return true
}

func clone(f flow.Flow) flow.Flow {
	f.Bindings = slices.Clone(f.Bindings)
	f.CreatedAt, f.UpdatedAt = f.CreatedAt.UTC(), f.UpdatedAt.UTC()
	for i := range f.Bindings {
		b := &f.Bindings[i]
		b.Environments, b.Scopes, b.BoundAt = slices.Clone(b.Environments), slices.Clone(b.Scopes), b.BoundAt.UTC()
	}
	return f
}
