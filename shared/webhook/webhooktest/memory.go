// Package webhooktest holds an in-memory webhook.Store, a receiver of webhooks,
// and the contract that every store of endpoints keeps. It depends on packages
// fault and webhook, on go-cmp and on the receiver's library of Standard Webhooks.
package webhooktest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/webhook"
)

// Memory is a webhook.Store in memory. The zero value is ready to use, by many
// at once. It shares nothing with its callers.
type Memory struct {
	mu      sync.Mutex
	records map[place]webhook.Endpoint
}

type place struct{ tenant, id string }

// Create implements webhook.Store.
func (m *Memory) Create(_ context.Context, e webhook.Endpoint) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{e.Tenant, e.ID}
	if _, ok := m.records[at]; ok {
		return webhook.ErrExists
	}
	if m.records == nil {
		m.records = map[place]webhook.Endpoint{}
	}
	e.Version = 1
	m.records[at] = clone(e)
	return nil
}

// Get implements webhook.Store.
func (m *Memory) Get(_ context.Context, tenant, id string) (webhook.Endpoint, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.records[place{tenant, id}]
	if !ok {
		return webhook.Endpoint{}, webhook.ErrNotFound
	}
	return clone(e), nil
}

// List implements webhook.Store.
func (m *Memory) List(_ context.Context, tenant string) ([]webhook.Endpoint, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []webhook.Endpoint
	for at, e := range m.records {
		if at.tenant == tenant {
			found = append(found, clone(e))
		}
	}
	slices.SortFunc(found, func(a, b webhook.Endpoint) int { return cmp.Compare(a.ID, b.ID) })
	return found, nil
}

// Update implements webhook.Store.
func (m *Memory) Update(_ context.Context, tenant, id string, change func(*webhook.Endpoint) error) (webhook.Endpoint, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	stands, ok := m.records[place{tenant, id}]
	if !ok {
		return webhook.Endpoint{}, webhook.ErrNotFound
	}
	e := clone(stands)
	if err := change(&e); err != nil {
		return webhook.Endpoint{}, err
	}
	e.Tenant, e.ID, e.Version = tenant, id, stands.Version+1
	m.records[place{tenant, id}] = clone(e)
	return e, nil
}

// Delete implements webhook.Store.
func (m *Memory) Delete(_ context.Context, tenant, id string, version int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{tenant, id}
	if e, ok := m.records[at]; ok && e.Version != version {
		return webhook.ErrChanged
	}
	delete(m.records, at)
	return nil
}

func clone(e webhook.Endpoint) webhook.Endpoint {
	e.Events, e.Secrets = slices.Clone(e.Events), slices.Clone(e.Secrets)
	for i := range e.Secrets {
		e.Secrets[i].Sealed = slices.Clone(e.Secrets[i].Sealed)
	}
	return e
}
