// Package outagetest holds an in-memory outage.Store and the contract that every
// store of providers keeps. It depends on package outage and go-cmp.
package outagetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/outage"
)

// Memory is an outage.Store in memory. The zero value is ready to use, by many
// at once.
type Memory struct {
	mu      sync.Mutex
	records map[string]outage.Record
	writes  int
}

// Get implements outage.Store.
func (m *Memory) Get(_ context.Context, provider string) (outage.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(provider), nil
}

// Update implements outage.Store.
func (m *Memory) Update(_ context.Context, provider string, change func(*outage.Record) error) (outage.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.get(provider)
	version := r.Version
	if err := change(&r); err != nil {
		return outage.Record{}, err
	}
	r.Provider, r.Version = provider, version+1
	if m.records == nil {
		m.records = map[string]outage.Record{}
	}
	m.records[provider] = r
	m.writes++
	return r, nil
}

// List implements outage.Store.
func (m *Memory) List(context.Context) ([]outage.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.records), func(a, b outage.Record) int { return cmp.Compare(a.Provider, b.Provider) }), nil
}

// Writes returns how often something was written.
func (m *Memory) Writes() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.writes
}

func (m *Memory) get(provider string) outage.Record {
	r := m.records[provider]
	r.Provider = provider
	return r
}
