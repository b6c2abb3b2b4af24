// Package duetest holds in-memory fakes of what package due reads, remembers
// and sends with, and the contracts that every implementation keeps. It depends
// on package due and go-cmp, and is for tests.
package duetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

// Source is a due.Source in memory. The zero value is empty and ready to use, by
// many at once.
type Source struct {
	// Err, where set, is asked before each read.
	Err func(index due.Index, shard int) error

	mu      sync.Mutex
	entries map[due.Index]*[due.Shards]map[record]due.Item
	sorted  map[due.Index]*[due.Shards][]due.Item // Nil where an entry changed since.
	reads   int
}

type record struct{ tenant, kind, id string }

// Put plans the entry of a record, in the place of the one it had.
func (s *Source) Put(index due.Index, items ...due.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries == nil {
		s.entries, s.sorted = map[due.Index]*[due.Shards]map[record]due.Item{}, map[due.Index]*[due.Shards][]due.Item{}
	}
	if s.entries[index] == nil {
		s.entries[index], s.sorted[index] = &[due.Shards]map[record]due.Item{}, &[due.Shards][]due.Item{}
	}
	for _, item := range items {
		shard := due.Shard(item.ID)
		if s.entries[index][shard] == nil {
			s.entries[index][shard] = map[record]due.Item{}
		}
		s.entries[index][shard][record{item.Tenant, item.Kind, item.ID}] = item
		s.sorted[index][shard] = nil
	}
}

// Done takes the entry of a record out, if it is still planned for that time,
// and reports whether it was: a message that comes late or twice finds nothing.
func (s *Source) Done(index due.Index, item due.Item) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries[index] == nil {
		return false
	}
	shard, at := due.Shard(item.ID), record{item.Tenant, item.Kind, item.ID}
	if planned, ok := s.entries[index][shard][at]; !ok || !planned.At.Equal(item.At) {
		return false
	}
	delete(s.entries[index][shard], at)
	s.sorted[index][shard] = nil
	return true
}

// Left returns how many entries stand in an index.
func (s *Source) Left(index due.Index) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := 0
	if s.entries[index] != nil {
		for _, of := range s.entries[index] {
			left += len(of)
		}
	}
	return left
}

// Reads returns how often the index was read.
func (s *Source) Reads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}

// Due implements due.Source.
func (s *Source) Due(_ context.Context, index due.Index, shard int, after, until time.Time, limit int) ([]due.Item, error) {
	if s.Err != nil {
		if err := s.Err(index, shard); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	if s.entries[index] == nil {
		return nil, nil
	}
	if s.sorted[index][shard] == nil {
		s.sorted[index][shard] = slices.SortedFunc(maps.Values(s.entries[index][shard]), func(a, b due.Item) int {
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
		})
	}
	var found []due.Item
	for _, item := range s.sorted[index][shard] {
		if !after.IsZero() && !item.At.After(after) {
			continue
		}
		if item.At.After(until) || len(found) == limit {
			break
		}
		found = append(found, item)
	}
	return found, nil
}
