package duetest_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/due/duetest"
)

func TestSource(t *testing.T) {
	t.Parallel()
	duetest.RunSource(t, func(*testing.T) (due.Source, func(due.Index, due.Item)) {
		s := new(duetest.Source)
		return s, func(index due.Index, item due.Item) { s.Put(index, item) }
	})
}

func TestMemory(t *testing.T) {
	t.Parallel()
	duetest.RunMemory(t, func(*testing.T) due.Memory { return new(duetest.Memory) })
}

func TestQueue(t *testing.T) {
	t.Parallel()
	duetest.RunQueue(t, func(*testing.T) (due.Queue, func(time.Duration) []due.Item) {
		begun := time.Now()
		now := begun
		q := &duetest.Queue{Now: func() time.Time { return now }}
		return q, func(after time.Duration) []due.Item {
			now = begun.Add(after)
			return q.Take(100)
		}
	})
}
