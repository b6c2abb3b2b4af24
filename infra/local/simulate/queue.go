package simulate

import (
	"context"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

// message is one on its way.
type message struct {
	item     due.Item
	visible  time.Time
	received int
}

// queue is the due.Queue of a lane. What is sent is seen when its delay is over.
type queue struct {
	mu      sync.Mutex
	now     time.Time           // Of the sweep that sends.
	sent    int                 // Of that sweep.
	seconds map[int64][]message // By the second in which they are seen.
	depth   int
	*sweepLedger
}

// newQueue returns an empty queue whose requests the sweep is charged for.
func newQueue(l *sweepLedger) *queue {
	return &queue{seconds: map[int64][]message{}, sweepLedger: l}
}

// begin says that a sweep begins.
func (q *queue) begin(now time.Time) { q.now, q.sent = now, 0 }

// Send implements due.Queue.
func (q *queue) Send(_ context.Context, messages []due.Message) ([]due.Message, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range messages {
		at := q.now.Add(time.Duration(q.sent/senders)*sendTime + m.Delay)
		q.put(message{item: m.Item, visible: at})
		q.sent++
	}
	q.depth += len(messages)
	requests := (len(messages) + 9) / 10
	q.count(func(l *ledger) {
		l.calls[sqsSend] += int64(requests)
		l.elapsed += time.Duration((requests+7)/8) * sendTime
	})
	return nil, nil
}

// Depth implements due.Queue.
func (q *queue) Depth(context.Context) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.count(func(l *ledger) { l.calls[sqsAttributes]++ })
	return q.depth, nil
}

func (q *queue) put(m message) {
	second := m.visible.Unix()
	q.seconds[second] = append(q.seconds[second], m)
}

// again brings a message back, or says that it is dead.
func (q *queue) again(m message, at time.Time) (dead bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	m.visible, m.received = at, m.received+1
	if m.received >= receives {
		q.depth--
		return true
	}
	q.put(m)
	return false
}

func (q *queue) done(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.depth -= n
}

// take returns what is seen in this second.
func (q *queue) take(second int64) []message {
	q.mu.Lock()
	defer q.mu.Unlock()
	found := q.seconds[second]
	delete(q.seconds, second)
	return found
}
