package simulate

import (
	"cmp"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app/sweeps"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/routes"
)

// lane is an index, its queue and the environments that work it off.
type lane struct {
	index        due.Index
	consumer     *routes.Route
	queue        *queue
	environments []*environment
	open         [pollers]batch // What the pollers gather.
	turn         int
	waiting      []batch       // Gathered, and no environment was free.
	estimate     time.Duration // About what a batch takes.
}

// batch is what one run is given.
type batch struct {
	messages       []message
	opened, closed time.Time
}

func newLane(w *world, x sweeps.Lane, l *sweepLedger) *lane {
	n := &lane{index: x.Index, consumer: x.Consumer, queue: newQueue(l), estimate: providerTime}
	if !w.has(x.Index) {
		return n // It is swept; nothing is ever due.
	}
	for range x.Consumer.Queue.Concurrency {
		n.environments = append(n.environments, newEnvironment(w, n, routes.Typed[api.Batch, api.BatchResult]{Route: x.Consumer}))
	}
	return n
}

// gather lets the pollers take what is seen in the second that begins at from.
func (l *lane) gather(from time.Time) {
	until := from.Add(time.Second)
	seen := l.queue.take(from.Unix())
	slices.SortStableFunc(seen, func(a, b message) int { return a.visible.Compare(b.visible) })
	for _, m := range seen {
		l.turn = (l.turn + 1) % pollers
		b := &l.open[l.turn]
		if len(b.messages) > 0 && m.visible.Sub(b.opened) >= batchWindow {
			l.close(b, b.opened.Add(batchWindow))
		}
		if len(b.messages) == 0 {
			b.opened = m.visible
		}
		if b.messages = append(b.messages, m); len(b.messages) == l.consumer.Queue.Batch {
			l.close(b, m.visible)
		}
	}
	for i := range l.open {
		if b := &l.open[i]; len(b.messages) > 0 && b.opened.Add(batchWindow).Before(until) {
			l.close(b, b.opened.Add(batchWindow))
		}
	}
	slices.SortStableFunc(l.waiting, func(a, b batch) int { return a.closed.Compare(b.closed) })
}

func (l *lane) close(b *batch, at time.Time) {
	b.closed = at
	l.waiting = append(l.waiting, *b)
	*b = batch{}
}

// plan gives the batches to environments, the first that is free, and returns
// those that have something to do. What none is free for before the end of the
// second goes on waiting.
func (l *lane) plan(until time.Time) []*environment {
	var chosen []*environment
	given := 0
	for _, b := range l.waiting {
		e := l.free(b.closed)
		start := b.closed
		if e.planned.After(start) {
			start = e.planned
		}
		if !start.Before(until) {
			break
		}
		if len(e.batches) == 0 {
			chosen = append(chosen, e)
		}
		e.batches = append(e.batches, b)
		e.planned = start.Add(l.estimate)
		given++
	}
	l.waiting = slices.Delete(l.waiting, 0, given)
	return chosen
}

// free returns the first environment that is free at a time, else the one that is
// free soonest.
func (l *lane) free(at time.Time) *environment {
	for _, e := range l.environments {
		if !e.planned.After(at) {
			return e
		}
	}
	return slices.MinFunc(l.environments, func(a, b *environment) int { return cmp.Compare(a.planned.UnixNano(), b.planned.UnixNano()) })
}

// learn takes what the last batches took for what the next will.
func (l *lane) learn(ran []*environment) {
	for _, e := range ran {
		if e.longest > 0 {
			l.estimate = (7*l.estimate + e.longest) / 8
		}
	}
}
