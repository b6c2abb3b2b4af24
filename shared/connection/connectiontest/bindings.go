package connectiontest

import (
	"errors"

	"github.com/tenonhq/tenon/shared/connection"
)

// ErrMoved says that a connection was written since it was read, or is gone.
var ErrMoved = errors.New("a connection is not as it was read")

// Count changes how many bindings of active flows name connections, all or none:
// those of seen only while they have the version given there.
func (m *Memory) Count(by map[connection.Ref]int, seen map[connection.Ref]int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for ref, version := range seen {
		if m.records[ref].Version != version || version == 0 {
			return ErrMoved
		}
	}
	for ref, n := range by {
		if _, ok := m.records[ref]; !ok && n != 0 {
			return ErrMoved
		}
	}
	for ref, n := range by {
		_, needed := seen[ref]
		if c := m.records[ref]; n != 0 || needed {
			c.Bindings += n
			c.Version++
			m.records[ref] = c
		}
	}
	return nil
}
