// Package connectiontest holds an in-memory connection.Store and the contract
// suite that every store of connections passes. It depends on package
// connection and go-cmp.
package connectiontest

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
)

// Uses knows the templates and what uses them; *templatetest.Memory does.
type Uses interface {
	AddUse(c connection.Connection) error
	UpdateUse(c connection.Connection)
	RemoveUse(by connection.Ref)
}

// Memory is a connection.Store in memory. It is safe for concurrent use and
// shares nothing with its callers.
type Memory struct {
	// Templates is told of every use; nil means that every template is there.
	Templates Uses

	mu      sync.Mutex
	records map[connection.Ref]connection.Connection
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{records: map[connection.Ref]connection.Connection{}}
}

// Get implements connection.Store.
func (m *Memory) Get(_ context.Context, tenant, id string) (connection.Connection, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.records[connection.Ref{Tenant: tenant, ID: id}]
	if !ok {
		return connection.Connection{}, connection.ErrNotFound
	}
	return clone(c), nil
}

// Create implements connection.Store.
func (m *Memory) Create(_ context.Context, c connection.Connection) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c.Version = 1
	if _, ok := m.records[connection.Ref{Tenant: c.Tenant, ID: c.ID}]; ok {
		return connection.ErrExists
	}
	if m.Templates != nil {
		if err := m.Templates.AddUse(c); err != nil {
			return err
		}
	}
	return m.keep(c)
}

// Update implements connection.Store.
func (m *Memory) Update(ctx context.Context, tenant, id string, change func(*connection.Connection) error) (connection.Connection, error) {
	for {
		c, err := m.Get(ctx, tenant, id)
		if err != nil {
			return connection.Connection{}, err
		}
		seen := c.Version
		if err := change(&c); err != nil {
			return connection.Connection{}, err
		}
		c.Tenant, c.ID, c.Version = tenant, id, seen+1
		stored, err := m.swap(c, seen)
		if err != nil {
			return connection.Connection{}, err
		}
		if stored {
			return c, nil
		}
	}
}

// SaveAnswer implements connection.Store.
func (m *Memory) SaveAnswer(_ context.Context, tenant, id string, epoch int, sealed []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	ref := connection.Ref{Tenant: tenant, ID: id}
	c, ok := m.records[ref]
	if !ok {
		return connection.ErrNotFound
	}
	if c.Refresh.Epoch != epoch {
		return connection.ErrFenced
	}
	c.Refresh.Answer, c.Refresh.AnswerEpoch = slices.Clone(sealed), epoch
	c.Version++
	m.records[ref] = c
	return nil
}

// Used implements connection.Store.
func (m *Memory) Used(_ context.Context, tenant, id string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	ref := connection.Ref{Tenant: tenant, ID: id}
	c, ok := m.records[ref]
	if !ok {
		return connection.ErrNotFound
	}
	c.UsedAt, c.StaleAt = at.UTC(), time.Time{}
	c.Version++
	m.records[ref] = c
	return nil
}

// Delete implements connection.Store.
func (m *Memory) Delete(_ context.Context, tenant, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	ref := connection.Ref{Tenant: tenant, ID: id}
	delete(m.records, ref)
	if m.Templates != nil {
		m.Templates.RemoveUse(ref)
	}
	return nil
}

// List implements connection.Store.
func (m *Memory) List(_ context.Context, tenant string, f connection.Filter, start string, limit int) ([]connection.Connection, string, error) {
	found, err := m.all(func(c connection.Connection) bool {
		return c.Tenant == tenant && c.ID > start && (f.Connector == "" || c.Connector == f.Connector) &&
			(f.Environment == "" || c.Environment == f.Environment) && (f.TemplateID == "" || c.TemplateID == f.TemplateID)
	})
	if err != nil || len(found) <= limit {
		return found, "", err
	}
	return found[:limit], found[limit-1].ID, nil
}

// Due implements connection.Store, with a single shard.
func (m *Memory) Due(_ context.Context, index connection.Index, t time.Time, limit int) ([]connection.Ref, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	times, refs := map[connection.Ref]time.Time{}, []connection.Ref(nil)
	for ref, c := range m.records {
		if at := dueAt(c, index); !at.IsZero() && !at.After(t) {
			times[ref], refs = at, append(refs, ref)
		}
	}
	slices.SortFunc(refs, func(a, b connection.Ref) int {
		return cmp.Or(times[a].Compare(times[b]), cmp.Compare(a.ID, b.ID))
	})
	return refs[:min(limit, len(refs))], nil
}

// swap stores c if the version that stands is still the one seen.
func (m *Memory) swap(c connection.Connection, seen int64) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ref := connection.Ref{Tenant: c.Tenant, ID: c.ID}
	if m.records[ref].Version != seen {
		return false, nil
	}
	if m.Templates != nil {
		m.Templates.UpdateUse(c)
	}
	return true, m.keep(c)
}

func (m *Memory) keep(c connection.Connection) error {
	kept := clone(c)
	m.records[connection.Ref{Tenant: c.Tenant, ID: c.ID}] = kept
	return nil
}

// all returns copies of the records wanted, in order of id.
func (m *Memory) all(wanted func(connection.Connection) bool) ([]connection.Connection, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []connection.Connection
	for _, c := range m.records {
		if !wanted(c) {
			continue
		}
		found = append(found, clone(c))
	}
	slices.SortFunc(found, func(a, b connection.Connection) int { return cmp.Compare(a.ID, b.ID) })
	return found, nil
}

func dueAt(c connection.Connection, index connection.Index) time.Time {
	switch index {
	case connection.RefreshDue:
		return c.Due.Refresh
	case connection.HealthDue:
		return c.Due.Health
	case connection.ExpiryDue:
		return c.Due.Expiry
	case connection.PendingDue:
		return c.Due.Pending
	case connection.DeviceDue:
		return c.Due.Device
	case connection.ReconcileDue:
		return c.Due.Reconcile
	default:
		return time.Time{}
	}
}

// clone returns a deep copy with the times in UTC, as a store returns them.
