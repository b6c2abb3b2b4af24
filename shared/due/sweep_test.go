package due_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/due/duetest"
)

// The same event comes ten times at once: one sweep reads and sends.
func TestEVT01SweepsAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(10_000)
	r.fill("acme", 3000, start)
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			if _, _, _, err := r.Sweep(t.Context(), "run-1"); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for id, times := range r.messages() {
		if times != 1 {
			t.Errorf("%s was sent %d times", id, times)
		}
	}
	r.work(10_000)
	r.wantAll(t, 3000)
}

// While one sweep sends, another that begins finds it running and does nothing.
func TestEVT01SweepWhileAnotherSends(t *testing.T) {
	t.Parallel()
	r := newRig(100)
	r.fill("acme", 20, start)
	began, goOn := make(chan struct{}), make(chan struct{})
	r.queue.Fail = func(m due.Message) bool {
		if m.Item.ID == "con_acme_0" {
			close(began)
			<-goOn
		}
		return false
	}
	other := *r.Sweeper
	idle := &duetest.Queue{Now: r.time}
	other.Lanes = []due.Lane{{Index: due.Refresh, Queue: idle, Capacity: 100}}
	var group sync.WaitGroup
	group.Go(func() { r.sweep(t) })
	<-began
	for _, after := range []time.Duration{0, time.Minute, time.Minute} {
		r.pass(after)
		if found, _, _, err := other.Sweep(t.Context(), "run-2"); found != 0 || err != nil {
			t.Errorf("a second sweep found %d, %v; want none", found, err)
		}
	}
	close(goOn)
	group.Wait()
	if got := len(r.queue.Sent()); got != 20 || len(idle.Sent()) != 0 {
		t.Errorf("sent %d and %d, want 20 by the first alone", got, len(idle.Sent()))
	}
}

// An event that comes hours late, or again, finds what is due by the record.
func TestEVT01LateEvent(t *testing.T) {
	t.Parallel()
	r := newRig(100)
	r.fill("acme", 20, start)
	r.pass(5 * time.Hour)
	for range 10 {
		r.sweep(t)
	}
	if got := len(r.queue.Sent()); got != 20 {
		t.Errorf("sent %d messages by ten sweeps, want 20", got)
	}
	r.work(100)
	if got := r.sweep(t); got != 0 {
		t.Errorf("sent %d after all was done, want none", got)
	}
	r.wantAll(t, 20)
}

// A sweep of 100,000 entries is killed half way: the next one goes on from where
// it was, and every shard was served.
func TestEVT06KilledSweepIsResumed(t *testing.T) {
	t.Parallel()
	const many = 100_000
	r := newRig(2 * many)
	r.fill("acme", many, start)
	down, dead := errors.New("killed"), false
	r.queue.Fail = func(due.Message) bool { return false }
	r.queue.Err = func() error {
		if dead = dead || len(r.queue.Sent()) >= many/2; dead {
			return down
		}
		return nil
	}
	r.memory.Err = func(due.Index) error {
		if dead {
			return down
		}
		return nil
	}
	if _, _, _, err := r.Sweep(t.Context(), "run-1"); !errors.Is(err, down) {
		t.Fatalf("got %v, want the sweep killed", err)
	}
	first := len(r.queue.Sent())
	shards := [due.Shards]int{}
	for _, m := range r.queue.Sent() {
		shards[due.Shard(m.Item.ID)]++
	}
	for shard, got := range shards {
		if got < first/due.Shards/2 {
			t.Errorf("shard %d got %d of %d places before the end", shard, got, first)
		}
	}
	dead, r.queue.Err, r.memory.Err = false, nil, nil
	r.pass(2 * time.Minute)
	if got := r.sweep(t); got != 0 {
		t.Errorf("sent %d while the killed sweep may still run", got)
	}
	r.pass(time.Minute)
	if again := r.sweep(t) + first - many; again < 0 || again > 500*due.Shards {
		t.Errorf("%d entries were sent twice, want one round at most", again)
	}
	r.work(2 * many)
	r.wantAll(t, many)
}

// A sweep that hung for longer than it counts as alive finds itself overtaken,
// stores nothing and sends no more.
func TestOvertakenSweepEnds(t *testing.T) {
	t.Parallel()
	r := newRig(1 << 20)
	r.fill("acme", 20_000, start)
	once := sync.OnceFunc(func() {
		r.pass(4 * time.Minute)
		r.queue.Fail = nil
		r.sweep(t)
	})
	slow := *r.Sweeper
	hung := &duetest.Queue{Now: r.time, Fail: func(due.Message) bool { once(); return false }}
	slow.Lanes = []due.Lane{{Index: due.Refresh, Queue: hung, Capacity: 1 << 20}}
	if _, _, _, err := slow.Sweep(t.Context(), "run-2"); err != nil {
		t.Error(err)
	}
	if got := len(hung.Sent()); got > 500*due.Shards {
		t.Errorf("the overtaken sweep sent %d, want its first round only", got)
	}
	if got, want := r.memory.Progress(due.Refresh).Owner, "run-1/refresh-due"; got != want {
		t.Errorf("the progress is of %s, want %s", got, want)
	}
}

// Many entries of the same time stand at the end of a page: none is lost.
func TestEntriesOfOneTime(t *testing.T) {
	t.Parallel()
	r := newRig(100_000)
	for n := range 20_000 {
		r.plan("acme", fmt.Sprintf("con_%d", n), start.Add(-time.Duration(n/7_000)*time.Nanosecond))
	}
	r.sweep(t)
	r.work(100_000)
	r.wantAll(t, 20_000)
}

// A lane that fails keeps none of the others waiting, and says which it was.
func TestLaneThatFails(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	for name, harm := range map[string]func(*rig, *duetest.Queue){
		"its index": func(r *rig, _ *duetest.Queue) { r.source.Err = onlyHealth(down) },
		"its queue": func(_ *rig, q *duetest.Queue) { q.Err = func() error { return down } },
		"its memory": func(r *rig, _ *duetest.Queue) {
			r.memory.Err = func(i due.Index) error { return onlyHealth(down)(i, 0) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(100)
			r.fill("acme", 20, start)
			other := &duetest.Queue{Now: r.time}
			r.Lanes = append([]due.Lane{{Index: due.Health, Queue: other, Capacity: 100}}, r.Lanes...)
			r.source.Put(due.Health, due.Item{Tenant: "acme", Kind: due.Connection, ID: "con_1", At: start})
			harm(r, other)
			found, sent, failed, err := r.Sweep(t.Context(), "run-1")
			if found != 20 || sent != 20 || failed != 0 || !errors.Is(err, down) {
				t.Errorf("got %d found, %d sent, %d failed, %v; want 20, 20, 0 and the failure", found, sent, failed, err)
			}
			r.source.Err, r.memory.Err, other.Err = nil, nil, nil
			r.pass(3 * time.Minute)
			r.work(100)
			if _, _, _, err := r.Sweep(t.Context(), "run-2"); err != nil || len(other.Sent()) != 1 {
				t.Errorf("once it works: %d sent, %v; want 1", len(other.Sent()), err)
			}
		})
	}
}

func onlyHealth(err error) func(due.Index, int) error {
	return func(index due.Index, _ int) error {
		if index == due.Health {
			return err
		}
		return nil
	}
}
