// Package healthtest holds an in-memory health.Histories and the contract that
// every store of histories keeps. It depends on package health and go-cmp.
package healthtest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/health"
)

// Memory is a health.Histories in memory. The zero value is ready to use, by many
// at once.
type Memory struct {
	mu      sync.Mutex
	records map[connection.Ref]health.History
	writes  int
}

// Get implements health.Histories.
func (m *Memory) Get(_ context.Context, tenant, connectionID string) (health.History, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(tenant, connectionID), nil
}

// Update implements health.Histories.
func (m *Memory) Update(ctx context.Context, tenant, connectionID string, change func(*health.History) error) (health.History, error) {
	for {
		h, err := m.Get(ctx, tenant, connectionID)
		if err != nil {
			return health.History{}, err
		}
		seen := h.Version
		if err := change(&h); err != nil {
			return health.History{}, err
		}
		h.Tenant, h.Connection, h.Version = tenant, connectionID, seen+1
		if m.swap(h, seen) {
			return h, nil
		}
	}
}

// Changed implements health.Histories.
func (m *Memory) Changed(_ context.Context, tenant string, limit int) ([]string, error) {
	refs := m.due(func(ref connection.Ref, h health.History) bool { return ref.Tenant == tenant && !h.DeriveAt.IsZero() })
	ids := []string{}
	for _, ref := range refs[:min(limit, len(refs))] {
		ids = append(ids, ref.ID)
	}
	return ids, nil
}

// Due returns the connections whose health is to be derived at or before a time.
func (m *Memory) Due(at time.Time) []connection.Ref {
	return m.due(func(_ connection.Ref, h health.History) bool { return !h.DeriveAt.IsZero() && !h.DeriveAt.After(at) })
}

// Writes returns how often something was written.
func (m *Memory) Writes() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.writes
}

func (m *Memory) get(tenant, connectionID string) health.History {
	h := m.records[connection.Ref{Tenant: tenant, ID: connectionID}]
	h.Tenant, h.Connection = tenant, connectionID
	return h
}

// swap stores h if the version that stands is still the one seen.
func (m *Memory) swap(h health.History, seen int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.get(h.Tenant, h.Connection).Version != seen {
		return false
	}
	if m.records == nil {
		m.records = map[connection.Ref]health.History{}
	}
	m.records[connection.Ref{Tenant: h.Tenant, ID: h.Connection}] = h
	m.writes++
	return true
}

func (m *Memory) due(wanted func(connection.Ref, health.History) bool) []connection.Ref {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := slices.DeleteFunc(slices.Collect(maps.Keys(m.records)), func(ref connection.Ref) bool { return !wanted(ref, m.records[ref]) })
	slices.SortFunc(found, func(a, b connection.Ref) int {
		return cmp.Or(cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.ID, b.ID))
	})
	return found
}
