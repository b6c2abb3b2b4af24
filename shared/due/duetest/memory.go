package duetest

import (
	"context"
	"maps"
	"sync"

	"github.com/tenonhq/tenon/shared/due"
)

// Memory is a due.Memory in memory. The zero value is ready to use, by many at
// once.
type Memory struct {
	// Err, where set, is asked before each write.
	Err func(due.Index) error

	mu       sync.Mutex
	progress map[due.Index]due.Progress
}

// Update implements due.Memory.
func (m *Memory) Update(_ context.Context, index due.Index, change func(*due.Progress) error) (due.Progress, error) {
	if m.Err != nil {
		if err := m.Err(index); err != nil {
			return due.Progress{}, err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.progress[index]
	version := p.Version
	p.Index, p.Booked = index, maps.Clone(p.Booked)
	if err := change(&p); err != nil {
		return due.Progress{}, err
	}
	p.Version = version + 1
	if m.progress == nil {
		m.progress = map[due.Index]due.Progress{}
	}
	stored := p
	stored.Booked = maps.Clone(p.Booked)
	m.progress[index] = stored
	return p, nil
}

// Progress returns what is remembered of an index.
func (m *Memory) Progress(index due.Index) due.Progress {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.progress[index]
	p.Booked = maps.Clone(p.Booked)
	return p
}
