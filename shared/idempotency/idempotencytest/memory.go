// Package idempotencytest holds an in-memory idempotency.Store and the contract
// suite that every store of idempotency keys passes. It depends on package
// idempotency and go-cmp.
package idempotencytest

import (
	"context"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/idempotency"
)

// Memory is an idempotency.Store in memory. It is safe for concurrent use.
type Memory struct {
	mu      sync.Mutex
	records map[place]idempotency.Record
}

type place struct{ tenant, key string }

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{records: map[place]idempotency.Record{}}
}

// Reserve implements idempotency.Store. A record of another request, one with
// another fingerprint, is not taken over while it stands.
func (m *Memory) Reserve(_ context.Context, r idempotency.Record, now time.Time) (idempotency.Record, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{r.Tenant, r.Key}
	found, ok := m.records[at]
	if ok && found.Expires.After(now) {
		if found.Done || now.Before(found.Until) || found.Fingerprint != r.Fingerprint {
			return found, false, nil
		}
		found.Until, found.Expires = r.Until, r.Expires
		r = found
	}
	m.records[at] = r
	return r, true, nil
}

// Finish implements idempotency.Store.
func (m *Memory) Finish(_ context.Context, tenant, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{tenant, key}
	if r, ok := m.records[at]; ok {
		r.Done = true
		m.records[at] = r
	}
	return nil
}

// Release implements idempotency.Store. A finished record stays.
func (m *Memory) Release(_ context.Context, tenant, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{tenant, key}
	if !m.records[at].Done {
		delete(m.records, at)
	}
	return nil
}

// Forget implements idempotency.Store.
func (m *Memory) Forget(_ context.Context, tenant, key, resourceID string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{tenant, key}
	if m.records[at].ResourceID == resourceID {
		delete(m.records, at)
	}
	return nil
}
