package duetest

import (
	"context"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

// Queue is a due.Queue in memory. Its messages wait until they are taken.
type Queue struct {
	Now func() time.Time
	// Fail, where set, says of a message that it is not taken.
	Fail func(due.Message) bool
	// Err, where set, is asked before each call; a request that fails takes
	// nothing.
	Err func() error

	mu      sync.Mutex
	waiting []waiting
	sent    []due.Message
}

type waiting struct {
	item    due.Item
	visible time.Time
}

// Send implements due.Queue.
func (q *Queue) Send(_ context.Context, messages []due.Message) ([]due.Message, error) {
	if q.Err != nil {
		if err := q.Err(); err != nil {
			return messages, err
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	var unsent []due.Message
	for _, m := range messages {
		if q.Fail != nil && q.Fail(m) {
			unsent = append(unsent, m)
			continue
		}
		q.waiting = append(q.waiting, waiting{m.Item, q.Now().Add(m.Delay)})
		q.sent = append(q.sent, m)
	}
	return unsent, nil
}

// Depth implements due.Queue.
func (q *Queue) Depth(context.Context) (int, error) {
	if q.Err != nil {
		if err := q.Err(); err != nil {
			return 0, err
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting), nil
}

// Take removes at most so many messages whose delay is over, in the order in
// which they were sent.
func (q *Queue) Take(most int) []due.Item {
	q.mu.Lock()
	defer q.mu.Unlock()
	var taken []due.Item
	kept := q.waiting[:0]
	for _, w := range q.waiting {
		if len(taken) < most && !w.visible.After(q.Now()) {
			taken = append(taken, w.item)
			continue
		}
		kept = append(kept, w)
	}
	q.waiting = kept
	return taken
}

// Lose drops everything that waits: messages may be lost, entries are not.
func (q *Queue) Lose() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = nil
}

// Sent returns every message that was ever taken, in order.
func (q *Queue) Sent() []due.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	return append([]due.Message(nil), q.sent...)
}
