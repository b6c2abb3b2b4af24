// Package templatetest holds an in-memory template.Store and the contract suite
// that every store of templates passes. It depends on package template and
// go-cmp.
package templatetest

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/template"
)

// Memory is a template.Store in memory. It is safe for concurrent use and shares
// nothing with its callers. A connectiontest.Memory tells it of uses.
type Memory struct {
	mu      sync.Mutex
	records map[place]template.Template
	uses    map[connection.Ref]use
}

// use is the use of a template by a connection, minted by one of its clients.
type use struct {
	place
	mintedBy int
}

type place struct{ owner, id string }

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{records: map[place]template.Template{}, uses: map[connection.Ref]use{}}
}

// Get implements template.Store.
func (m *Memory) Get(_ context.Context, owner, id string) (template.Template, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.records[place{owner, id}]
	if !ok {
		return template.Template{}, template.ErrNotFound
	}
	return clone(t)
}

// Create implements template.Store.
func (m *Memory) Create(_ context.Context, t template.Template) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.records[place{t.Owner, t.ID}]; ok {
		return template.ErrExists
	}
	for at, other := range m.records {
		if at.owner == t.Owner && other.StableKey == t.StableKey {
			return template.ErrStableKey
		}
	}
	t.Version = 1
	return m.keep(t)
}

// Update implements template.Store. The stable key stays what it is.
func (m *Memory) Update(ctx context.Context, owner, id string, change func(*template.Template) error) (template.Template, error) {
	for {
		t, err := m.Get(ctx, owner, id)
		if err != nil {
			return template.Template{}, err
		}
		seen, stable := t.Version, t.StableKey
		if err := change(&t); err != nil {
			return template.Template{}, err
		}
		t.Owner, t.ID, t.StableKey, t.Version = owner, id, stable, seen+1
		stored, err := m.swap(t, seen)
		if err != nil {
			return template.Template{}, err
		}
		if stored {
			return t, nil
		}
	}
}

// Delete implements template.Store.
func (m *Memory) Delete(_ context.Context, t template.Template) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.records, place{t.Owner, t.ID})
	return nil
}

// AddUse notes that the connection was made from its template, which must be
// there to be used.
func (m *Memory) AddUse(c connection.Connection) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{c.TemplateOwner, c.TemplateID}
	if t, ok := m.records[at]; !ok || t.Deleting {
		return connection.ErrNoTemplate
	}
	m.uses[connection.Ref{Tenant: c.Tenant, ID: c.ID}] = use{at, c.MintedBy()}
	return nil
}

// UpdateUse notes who minted the credential by now.
func (m *Memory) UpdateUse(c connection.Connection) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.uses[connection.Ref{Tenant: c.Tenant, ID: c.ID}] = use{place{c.TemplateOwner, c.TemplateID}, c.MintedBy()}
}

// RemoveUse ends the use by a connection.
func (m *Memory) RemoveUse(by connection.Ref) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.uses, by)
}

// InUse implements template.Store.
func (m *Memory) InUse(_ context.Context, owner, id string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.ContainsFunc(slices.Collect(maps.Values(m.uses)), func(u use) bool { return u.place == place{owner, id} }), nil
}

// Uses implements template.Store.
func (m *Memory) Uses(_ context.Context, owner, id string) (map[int]int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	uses := map[int]int{}
	for _, u := range m.uses {
		if (u.place == place{owner, id}) {
			uses[u.mintedBy]++
		}
	}
	return uses, nil
}

// List implements template.Store.
func (m *Memory) List(_ context.Context, owner, start string, limit int) ([]template.Template, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []template.Template
	for at, t := range m.records {
		if at.owner != owner || at.id <= start {
			continue
		}
		t, err := clone(t)
		if err != nil {
			return nil, "", err
		}
		found = append(found, t)
	}
	slices.SortFunc(found, func(a, b template.Template) int { return cmp.Compare(a.ID, b.ID) })
	if len(found) <= limit {
		return found, "", nil
	}
	return found[:limit], found[limit-1].ID, nil
}

// swap stores t if the version that stands is still the one seen.
func (m *Memory) swap(t template.Template, seen int64) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.records[place{t.Owner, t.ID}].Version != seen {
		return false, nil
	}
	return true, m.keep(t)
}

func (m *Memory) keep(t template.Template) error {
	kept, err := clone(t)
	if err != nil {
		return err
	}
	m.records[place{t.Owner, t.ID}] = kept
	return nil
}

// clone returns a deep copy with the times in UTC, as a store returns them.
func clone(t template.Template) (template.Template, error) {
	encoded, err := json.Marshal(t)
	if err != nil {
		return template.Template{}, err
	}
	var out template.Template
	return out, json.Unmarshal(encoded, &out)
}
