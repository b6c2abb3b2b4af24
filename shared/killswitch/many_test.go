package killswitch_test

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/tenonhq/tenon/shared/connection"
)

// many is a store of connections for very many of them, in which a record is
// shared with nobody who changes it.
type many struct {
	connection.Store

	mu      sync.Mutex
	records map[string][]connection.Connection // By tenant, in order of id.
}

func (m *many) find(tenant, id string) (int, bool) {
	return slices.BinarySearchFunc(m.records[tenant], id, func(c connection.Connection, id string) int { return strings.Compare(c.ID, id) })
}

func (m *many) Create(_ context.Context, c connection.Connection) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.find(c.Tenant, c.ID)
	if ok {
		return connection.ErrExists
	}
	m.records[c.Tenant] = slices.Insert(m.records[c.Tenant], i, c)
	return nil
}

func (m *many) Get(_ context.Context, tenant, id string) (connection.Connection, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.find(tenant, id)
	if !ok {
		return connection.Connection{}, connection.ErrNotFound
	}
	return m.records[tenant][i], nil
}

func (m *many) Update(_ context.Context, tenant, id string, change func(*connection.Connection) error) (connection.Connection, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.find(tenant, id)
	if !ok {
		return connection.Connection{}, connection.ErrNotFound
	}
	c := m.records[tenant][i]
	if c.Cutoff != nil {
		x := *c.Cutoff
		c.Cutoff = &x
	}
	if err := change(&c); err != nil {
		return connection.Connection{}, err
	}
	m.records[tenant][i] = c
	return c, nil
}

func (m *many) List(_ context.Context, tenant string, f connection.Filter, start string, limit int) (found []connection.Connection, next string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.records[tenant] {
		if c.ID <= start || f.Connector != "" && c.Connector != f.Connector {
			continue
		}
		if len(found) == limit {
			return found, found[limit-1].ID, nil
		}
		found = append(found, c)
	}
	return found, "", nil
}
