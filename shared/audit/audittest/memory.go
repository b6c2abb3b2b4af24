// Package audittest holds an in-memory audit.Archive and the contract suites
// that every store of the audit passes. It depends on package audit and go-cmp.
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

// Memory is an audit.Archive in memory. It is safe for concurrent use and shares
// nothing with its callers.
type Memory struct {
	mu          sync.Mutex
	entries     map[place]audit.Entry
	heads       map[string]audit.Head
	seals       map[string]map[int64]audit.Seal
	inspections map[string]audit.Inspection
}

type place struct{ tenant, id string }

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{
		entries: map[place]audit.Entry{}, heads: map[string]audit.Head{},
		seals: map[string]map[int64]audit.Seal{}, inspections: map[string]audit.Inspection{},
	}
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
	low, high := q.Span()
	var all []audit.Entry
	for at, e := range m.entries {
		if at.tenant == tenant && at.id >= low && at.id <= high {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b audit.Entry) int {
		if q.Oldest {
			a, b = b, a
		}
		return cmp.Compare(b.ID, a.ID)
	})
	var found []audit.Entry
	for i, e := range all {
		switch {
		case i == q.Bound():
			return found, all[i-1].ID, nil
		case q.Excludes(e.ID) || !q.Matches(e):
		case len(found) == q.Limit:
			return found, found[q.Limit-1].ID, nil
		default:
			found = append(found, clone(e))
		}
	}
	return found, "", nil
}

func clone(e audit.Entry) audit.Entry {
	e.Facts, e.At = maps.Clone(e.Facts), e.At.UTC()
	return e
}
