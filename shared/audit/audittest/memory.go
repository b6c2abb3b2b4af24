// Package audittest holds an in-memory audit.Store and the contract suite that
// every store of the audit passes. It depends on package audit and go-cmp.
package audittest

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/audit"
)

// Memory is an audit.Store in memory. It is safe for concurrent use and shares
// nothing with its callers.
type Memory struct {
	mu      sync.Mutex
	entries map[place]audit.Entry
}

type place struct{ tenant, id string }

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{entries: map[place]audit.Entry{}}
}

// Append implements audit.Store. An id that was used before is refused.
func (m *Memory) Append(_ context.Context, e audit.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{e.Tenant, e.ID}
	if _, ok := m.entries[at]; ok {
		return fmt.Errorf("append audit entry %s: the id was used before", e.ID)
	}
	m.entries[at] = clone(e)
	return nil
}

// List implements audit.Store.
func (m *Memory) List(_ context.Context, tenant string, q audit.Query) ([]audit.Entry, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []audit.Entry
	for at, e := range m.entries {
		if at.tenant == tenant && (q.Before == "" || at.id < q.Before) &&
			(q.Action == "" || e.Action == q.Action) && (q.Resource == "" || e.Resource == q.Resource) {
			found = append(found, clone(e))
		}
	}
	slices.SortFunc(found, func(a, b audit.Entry) int { return cmp.Compare(b.ID, a.ID) })
	if len(found) <= q.Limit {
		return found, "", nil
	}
	return found[:q.Limit], found[q.Limit-1].ID, nil
}

func clone(e audit.Entry) audit.Entry {
	e.Facts, e.At = maps.Clone(e.Facts), e.At.UTC()
	return e
}
