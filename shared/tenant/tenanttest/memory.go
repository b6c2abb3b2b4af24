// Package tenanttest holds an in-memory tenant.Store and the contract suite that
// every store of tenants passes. It depends on packages notify, tenant and vault
// and on go-cmp.
package tenanttest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

// Memory is a tenant.Store and vault.DataKeys in memory. It is safe for
// concurrent use and shares nothing with its callers.
type Memory struct {
	mu       sync.Mutex
	records  map[string]tenant.Tenant
	settings map[string]tenant.Settings
	external map[string]string
	egress   tenant.Announced
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{records: map[string]tenant.Tenant{}, settings: map[string]tenant.Settings{}, external: map[string]string{}}
}

// Get implements tenant.Store.
func (m *Memory) Get(_ context.Context, id string) (tenant.Tenant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.records[id]
	if !ok {
		return tenant.Tenant{}, tenant.ErrUnknown
	}
	return clone(t), nil
}

// DataKey implements vault.DataKeys with the key of tenant.Tenant.DataKey.
func (m *Memory) DataKey(ctx context.Context, id string) (vault.WrappedKey, error) {
	t, err := m.Get(ctx, id)
	if err != nil {
		return vault.WrappedKey{}, err
	}
	return t.DataKey()
}

// Create implements tenant.Store.
func (m *Memory) Create(_ context.Context, t tenant.Tenant) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.records[t.ID]; ok {
		return tenant.ErrExists
	}
	t.Version = 1
	m.records[t.ID] = clone(t)
	return nil
}

// Update implements tenant.Store.
func (m *Memory) Update(_ context.Context, id string, change func(*tenant.Tenant) error) (tenant.Tenant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.records[id]
	if !ok {
		return tenant.Tenant{}, tenant.ErrUnknown
	}
	t = clone(t)
	if err := change(&t); err != nil {
		return tenant.Tenant{}, err
	}
	t.ID, t.Version = id, m.records[id].Version+1
	m.records[id] = clone(t)
	return t, nil
}

// Mark implements tenant.Store. Its list is made of the records.
func (m *Memory) Mark(ctx context.Context, id string, change func(*tenant.Tenant) error) (tenant.Tenant, error) {
	return m.Update(ctx, id, change)
}

// Activate implements tenant.Store.
func (m *Memory) Activate(_ context.Context, id string, key vault.WrappedKey) (tenant.Tenant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.records[id]
	if !ok {
		return tenant.Tenant{}, tenant.ErrUnknown
	}
	if t.State == tenant.Provisioning {
		t.Key, t.State, t.Version = key, tenant.Ready, t.Version+1
		m.records[id] = clone(t)
	}
	return clone(t), nil
}

// List implements tenant.Store.
func (m *Memory) List(_ context.Context, start string, limit int) ([]tenant.Tenant, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []tenant.Tenant
	for id, t := range m.records {
		if id > start {
			found = append(found, clone(t))
		}
	}
	slices.SortFunc(found, func(a, b tenant.Tenant) int { return cmp.Compare(a.ID, b.ID) })
	if len(found) <= limit {
		return found, "", nil
	}
	return found[:limit], found[limit-1].ID, nil
}

// GetSettings implements tenant.Store.
func (m *Memory) GetSettings(_ context.Context, id string) (tenant.Settings, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return cloneSettings(m.settings[id]), nil
}

// PutSettings implements tenant.Store.
func (m *Memory) PutSettings(_ context.Context, id string, s tenant.Settings) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.settings[id].Revision != s.Revision-1 {
		return tenant.ErrStale
	}
	m.settings[id] = cloneSettings(s)
	return nil
}

// DeleteSettings implements tenant.Store.
func (m *Memory) DeleteSettings(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.settings, id)
	return nil
}

// ExternalID implements tenant.ExternalIDStore.
func (m *Memory) ExternalID(_ context.Context, id string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.external[id], nil
}

// ClaimExternalID implements tenant.ExternalIDStore.
func (m *Memory) ClaimExternalID(_ context.Context, id, proposed string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.external[id] == "" {
		m.external[id] = proposed
	}
	return m.external[id], nil
}

func clone(t tenant.Tenant) tenant.Tenant {
	t.Key.Blob, t.CreatedAt = slices.Clone(t.Key.Blob), t.CreatedAt.UTC()
	if t.Suspension != nil {
		s := *t.Suspension
		t.Suspension = &s
	}
	if t.Offboarding != nil {
		o := *t.Offboarding
		o.Irrevocable, o.Steps = slices.Clone(o.Irrevocable), slices.Clone(o.Steps)
		for i := range o.Steps {
			o.Steps[i].Counts = maps.Clone(o.Steps[i].Counts)
		}
		t.Offboarding = &o
	}
	return t
}

func cloneSettings(s tenant.Settings) tenant.Settings {
	s.DaysBefore, s.Admins, s.ReturnURLs = slices.Clone(s.DaysBefore), slices.Clone(s.Admins), slices.Clone(s.ReturnURLs)
	return s
}
