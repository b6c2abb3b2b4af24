// Package connecttest holds an in-memory connect.Store and the contract suite
// that every store of handoffs passes. It depends on packages connect and fault
// and on go-cmp.
package connecttest

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
)

// Memory is a connect.Store in memory. It is safe for concurrent use and shares
// nothing with its callers.
type Memory struct {
	mu      sync.Mutex
	records map[string]connect.Handoff
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{records: map[string]connect.Handoff{}}
}

// Create implements connect.Store.
func (m *Memory) Create(_ context.Context, h connect.Handoff) error {
	h.Version = 1
	stored, err := m.swap(h, 0)
	if err == nil && !stored {
		return fault.New(fault.Conflict, fault.CodeConflict, "The handoff exists already.")
	}
	return err
}

// Get implements connect.Store.
func (m *Memory) Get(_ context.Context, id string) (connect.Handoff, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h, ok := m.records[id]
	if !ok {
		return connect.Handoff{}, connect.ErrNotFound
	}
	return cloneHandoff(h)
}

// Update implements connect.Store.
func (m *Memory) Update(ctx context.Context, id string, change func(*connect.Handoff) error) (connect.Handoff, error) {
	for {
		h, err := m.Get(ctx, id)
		if err != nil {
			return connect.Handoff{}, err
		}
		seen := h.Version
		if err := change(&h); err != nil {
			return connect.Handoff{}, err
		}
		h.ID, h.Version = id, seen+1
		stored, err := m.swap(h, seen)
		if err != nil {
			return connect.Handoff{}, err
		}
		if stored {
			return h, nil
		}
	}
}

// swap stores h if the version that stands is still the one seen; zero is none.
func (m *Memory) swap(h connect.Handoff, seen int64) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records[h.ID].Version != seen {
		return false, nil
	}
	kept, err := cloneHandoff(h)
	if err != nil {
		return false, err
	}
	m.records[h.ID] = kept
	return true, nil
}

// cloneHandoff returns a deep copy with the times in UTC, as a store returns them.
func cloneHandoff(h connect.Handoff) (connect.Handoff, error) {
	encoded, err := json.Marshal(h)
	if err != nil {
		return connect.Handoff{}, err
	}
	var out connect.Handoff
	return out, json.Unmarshal(encoded, &out)
}
