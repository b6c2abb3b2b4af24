// Package signingtest holds in-memory fakes of what package signing needs, and
// the contract every implementation of its interfaces must keep. It depends on
// packages fault and signing and on go-cmp.
package signingtest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/signing"
)

// Memory is a signing.Store in memory. It is safe for concurrent use and shares
// nothing with its callers.
type Memory struct {
	mu      sync.Mutex
	records map[place]signing.Key
}

type place struct{ tenant, id string }

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{records: map[place]signing.Key{}} }

// Create implements signing.Store.
func (m *Memory) Create(_ context.Context, k signing.Key) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{k.Tenant, k.ID}
	if _, ok := m.records[at]; ok {
		return signing.ErrExists
	}
	k.Version = 1
	m.records[at] = clone(k)
	return nil
}

// Get implements signing.Store.
func (m *Memory) Get(_ context.Context, tenant, id string) (signing.Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.records[place{tenant, id}]
	if !ok {
		return signing.Key{}, signing.ErrNotFound
	}
	return clone(k), nil
}

// List implements signing.Store.
func (m *Memory) List(_ context.Context, tenant string) ([]signing.Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []signing.Key
	for at, k := range m.records {
		if at.tenant == tenant {
			found = append(found, clone(k))
		}
	}
	slices.SortFunc(found, func(a, b signing.Key) int { return cmp.Compare(a.ID, b.ID) })
	return found, nil
}

// Update implements signing.Store.
func (m *Memory) Update(ctx context.Context, tenant, id string, change func(*signing.Key) error) (signing.Key, error) {
	for {
		k, err := m.Get(ctx, tenant, id)
		if err != nil {
			return signing.Key{}, err
		}
		seen := k.Version
		if err := change(&k); err != nil {
			return signing.Key{}, err
		}
		k.Tenant, k.ID, k.Version = tenant, id, seen+1
		if m.swap(k, seen) {
			return k, nil
		}
	}
}

// swap stores k if the version that stands is still the one seen.
func (m *Memory) swap(k signing.Key, seen int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{k.Tenant, k.ID}
	if m.records[at].Version != seen {
		return false
	}
	m.records[at] = clone(k)
	return true
}

func clone(k signing.Key) signing.Key {
	k.PublicKey, k.Certificate = slices.Clone(k.PublicKey), slices.Clone(k.Certificate)
	return k
}
