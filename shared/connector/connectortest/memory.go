// Package connectortest holds an in-memory connector.Store and the contract that
// every store of definitions keeps. It depends on packages connector, fault and
// go-cmp.
package connectortest

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/connector"
)

// Memory is a connector.Store in memory. The zero value is ready to use, by many
// at once.
type Memory struct {
	mu      sync.Mutex
	records map[string]connector.Record
}

// Record implements connector.Store.
func (m *Memory) Record(_ context.Context, id string) (connector.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(id), nil
}

// Definition implements catalog.Own.
func (m *Memory) Definition(_ context.Context, id string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, found := m.records[id]
	if !found {
		return nil, connector.ErrNotFound
	}
	return slices.Clone(r.Definition), nil
}

// Definitions implements catalog.Own.
func (m *Memory) Definitions(context.Context) ([][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all [][]byte
	for _, id := range slices.Sorted(maps.Keys(m.records)) {
		if r := m.records[id]; !r.Retired {
			all = append(all, slices.Clone(r.Definition))
		}
	}
	return all, nil
}

// Update implements connector.Store.
func (m *Memory) Update(_ context.Context, id string, change func(*connector.Record) error) (connector.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.get(id)
	version := r.Version
	if err := change(&r); err != nil {
		return connector.Record{}, err
	}
	r.ID, r.Version = id, version+1
	if m.records == nil {
		m.records = map[string]connector.Record{}
	}
	m.records[id] = r
	return r, nil
}

func (m *Memory) get(id string) connector.Record {
	r := m.records[id]
	r.ID, r.Definition = id, slices.Clone(r.Definition)
	return r
}
