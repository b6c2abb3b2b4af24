package due_test

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/due/duetest"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// rig is a sweeper with one lane over fakes, and the consumer of its queue.
type rig struct {
	*due.Sweeper
	source *duetest.Source
	memory *duetest.Memory
	queue  *duetest.Queue

	mu     sync.Mutex
	now    time.Time
	worked map[string]int           // How often, by record.
	lag    map[string]time.Duration // From when it was due to when it was worked on.
}

func newRig(capacity int) *rig {
	r := &rig{source: new(duetest.Source), memory: new(duetest.Memory), now: start, worked: map[string]int{}, lag: map[string]time.Duration{}}
	r.queue = &duetest.Queue{Now: r.time}
	r.Sweeper = &due.Sweeper{
		Source: r.source, Memory: r.memory, Now: r.time,
		Lanes: []due.Lane{{Index: due.Refresh, Queue: r.queue, Capacity: capacity}},
	}
	return r
}

func (r *rig) time() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// plan makes the entry of a connection of a tenant.
func (r *rig) plan(tenant, id string, at time.Time) {
	r.source.Put(due.Refresh, due.Item{Tenant: tenant, Kind: due.Connection, ID: id, Connector: "crm", At: at})
}

// fill plans so many entries of a tenant, a second apart, the last at a time.
func (r *rig) fill(tenant string, n int, last time.Time) {
	for i := range n {
		r.plan(tenant, fmt.Sprintf("con_%s_%d", tenant, i), last.Add(-time.Duration(n-1-i)*time.Second))
	}
}

// sweep runs a sweep that is not to fail and returns how many messages it sent.
func (r *rig) sweep(t testing.TB) int {
	t.Helper()
	before := len(r.queue.Sent())
	_, sent, _, err := r.Sweep(context.WithoutCancel(t.Context()), "run-1")
	if err != nil {
		t.Fatalf("sweep: %v", err)
	}
	if got := len(r.queue.Sent()) - before; got != sent {
		t.Errorf("the sweep says that it sent %d messages, the queue took %d", sent, got)
	}
	return sent
}

// work consumes at most so many messages that can be seen. The record decides
// whether there is anything to do.
func (r *rig) work(most int) int {
	done := 0
	for _, item := range r.queue.Take(most) {
		if r.source.Done(due.Refresh, item) {
			r.worked[item.ID]++
			r.lag[item.ID] = r.time().Sub(item.At)
			done++
		}
	}
	return done
}

// minute sweeps, works on all that can be seen, and lets a minute pass.
func (r *rig) minute(t testing.TB) {
	t.Helper()
	r.sweep(t)
	for range 6 {
		r.work(1 << 20)
		r.pass(10 * time.Second)
	}
}

// wantAll checks that every entry was worked on once, and none is left.
func (r *rig) wantAll(t testing.TB, want int) {
	t.Helper()
	if left := r.source.Left(due.Refresh); left != 0 || len(r.worked) != want {
		t.Errorf("%d entries are left and %d were worked on, want none and %d", left, len(r.worked), want)
	}
	for id, times := range maps.All(r.worked) {
		if times != 1 {
			t.Errorf("%s was worked on %d times", id, times)
		}
	}
}

// messages returns how often each record was sent.
func (r *rig) messages() map[string]int {
	sent := map[string]int{}
	for _, m := range r.queue.Sent() {
		sent[m.Item.ID]++
	}
	return sent
}
