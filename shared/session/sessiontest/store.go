// Package sessiontest holds an in-memory session.Store and the contract suite
// that every store of connect sessions passes. It depends on packages session and
// fault and on go-cmp.
package sessiontest

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/session"
)

// Memory is a session.Store in memory. It is safe for concurrent use and shares
// nothing with its callers.
type Memory struct {
	mu      sync.Mutex
	records map[string]session.Session
}

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{records: map[string]session.Session{}} }

// Create implements session.Store.
func (m *Memory) Create(_ context.Context, s session.Session) error {
	s.Version = 1
	stored, err := m.swap(s, 0)
	if err == nil && !stored {
		return fault.New(fault.Conflict, fault.CodeConflict, "The connect session exists already.")
	}
	return err
}

// Get implements session.Store.
func (m *Memory) Get(_ context.Context, id string) (session.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.records[id]
	if !ok {
		return session.Session{}, session.ErrNotFound
	}
	return clone(s)
}

// Update implements session.Store.
func (m *Memory) Update(ctx context.Context, id string, change func(*session.Session) error) (session.Session, error) {
	for {
		s, err := m.Get(ctx, id)
		if err != nil {
			return session.Session{}, err
		}
		seen := s.Version
		if err := change(&s); err != nil {
			return session.Session{}, err
		}
		s.ID, s.Version = id, seen+1
		stored, err := m.swap(s, seen)
		if err != nil {
			return session.Session{}, err
		}
		if stored {
			return s, nil
		}
	}
}

// All returns every session, by id.
func (m *Memory) All() map[string]session.Session {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := map[string]session.Session{}
	for id, s := range m.records {
		all[id] = s
	}
	return all
}

// swap stores s if the version that stands is still the one seen; zero is none.
func (m *Memory) swap(s session.Session, seen int64) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records[s.ID].Version != seen {
		return false, nil
	}
	kept, err := clone(s)
	if err != nil {
		return false, err
	}
	m.records[s.ID] = kept
	return true, nil
}

// clone returns a deep copy with the times in UTC, as a store returns them.
func clone(s session.Session) (session.Session, error) {
	encoded, err := json.Marshal(s)
	if err != nil {
		return session.Session{}, err
	}
	var out session.Session
	return out, json.Unmarshal(encoded, &out)
}
