// Package killswitchtest holds an in-memory killswitch.Store and the contract that
// every store of kill switches keeps. It depends on package killswitch and go-cmp.
package killswitchtest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/killswitch"
)

// Memory is a killswitch.Store in memory. The zero value is ready to use, by many
// at once.
type Memory struct {
	mu      sync.Mutex
	records map[string]killswitch.Record
}

// Create implements killswitch.Store.
func (m *Memory) Create(_ context.Context, r killswitch.Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.active()) >= killswitch.Most {
		return killswitch.ErrTooMany
	}
	if m.records == nil {
		m.records = map[string]killswitch.Record{}
	}
	r.Version = 1
	m.records[r.ID] = r
	return nil
}

// Get implements killswitch.Store.
func (m *Memory) Get(_ context.Context, id string) (killswitch.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[id]
	if !ok {
		return killswitch.Record{}, killswitch.ErrNotFound
	}
	return r, nil
}

// Update implements killswitch.Store.
func (m *Memory) Update(_ context.Context, id string, change func(*killswitch.Record) error) (killswitch.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[id]
	if !ok {
		return killswitch.Record{}, killswitch.ErrNotFound
	}
	version := r.Version
	if err := change(&r); err != nil {
		return killswitch.Record{}, err
	}
	r.ID, r.Version = id, version+1
	m.records[id] = r
	return r, nil
}

// List implements killswitch.Store.
func (m *Memory) List(_ context.Context, tenant, start string, limit int) ([]killswitch.Record, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := slices.DeleteFunc(m.all(), func(r killswitch.Record) bool { return r.ID <= start || tenant != "" && r.Tenant != tenant })
	if len(found) <= limit {
		return found, "", nil
	}
	return found[:limit], found[limit-1].ID, nil
}

// Active implements killswitch.ActiveStore.
func (m *Memory) Active(context.Context) ([]killswitch.Active, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.active(), nil
}

func (m *Memory) active() []killswitch.Active {
	var found []killswitch.Active
	for _, r := range m.all() {
		if r.LiftedAt.IsZero() {
			found = append(found, killswitch.Active{ID: r.ID, Target: r.Target})
		}
	}
	return found
}

func (m *Memory) all() []killswitch.Record {
	var found []killswitch.Record
	for _, r := range m.records {
		found = append(found, r)
	}
	slices.SortFunc(found, func(a, b killswitch.Record) int { return cmp.Compare(a.ID, b.ID) })
	return found
}
