package due_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

// While the queue is full nothing is read. What is due stays in the index and is
// sent as fast as it is worked off, never more than may wait.
func TestBacklog(t *testing.T) {
	t.Parallel()
	const capacity, many = 320, 5000
	r := newRig(capacity)
	r.fill("acme", many, start)
	for minute := 0; r.source.Left(due.Refresh) > 0; minute++ {
		if minute > 2*many/200 {
			t.Fatalf("%d entries are left after %d minutes", r.source.Left(due.Refresh), minute)
		}
		reads := r.source.Reads()
		depth, _ := r.queue.Depth(t.Context())
		sent := r.sweep(t)
		if depth >= capacity && (sent > 0 || r.source.Reads() > reads) {
			t.Fatalf("with %d of %d waiting the sweep read and sent %d", depth, capacity, sent)
		}
		if depth+sent > capacity+2*due.Shards {
			t.Fatalf("%d messages wait, want %d", depth+sent, capacity)
		}
		r.work(200)
		r.pass(time.Minute)
	}
	r.wantAll(t, many)
	for id, times := range r.messages() {
		if times != 1 {
			t.Errorf("%s was sent %d times", id, times)
		}
	}
}

// The workers stand still for hours: nothing is lost and no entry is sent twice
// while its message waits.
func TestWorkersStandStill(t *testing.T) {
	t.Parallel()
	r := newRig(100)
	r.fill("acme", 600, start)
	for range 180 {
		r.sweep(t)
		r.pass(time.Minute)
	}
	if got := len(r.queue.Sent()); got > 100+2*due.Shards {
		t.Errorf("%d messages were sent, want no more than may wait", got)
	}
	for range 20 {
		r.minute(t)
	}
	r.wantAll(t, 600)
}

// Messages that are lost are sent again: at once when the queue is empty, else
// when they are long overdue.
func TestLostMessages(t *testing.T) {
	t.Parallel()
	for _, busy := range []bool{false, true} {
		t.Run(fmt.Sprintf("busy %v", busy), func(t *testing.T) {
			t.Parallel()
			r := newRig(10_000)
			r.fill("acme", 3000, start)
			r.sweep(t)
			r.queue.Lose()
			minutes, planned := 1, 3000
			if busy {
				minutes = 22
			}
			for n := range minutes {
				if busy { // Something is always on its way.
					r.fill(fmt.Sprint("busy-", n), 60, r.time().Add(2*time.Minute))
					planned += 60
				}
				r.minute(t)
			}
			for range 4 {
				r.minute(t)
			}
			r.wantAll(t, planned)
		})
	}
}

// Work that is planned into a time that was read already is found: by the next
// sweep when the queue is empty, else when it is long overdue. What is planned
// for Soon is in time.
func TestPlannedIntoThePast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		after   time.Duration // From the sweep that read the first minute.
		minutes int
		busy    bool
	}{
		{"for now", 0, 1, false}, {"for the past", -time.Hour, 1, false}, {"for half a minute", 30 * time.Second, 2, false},
		{"soon", due.Soon, 2, false}, {"soon, busy", due.Soon, 2, true}, {"for half a minute, busy", 30 * time.Second, 22, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(1000)
			r.minute(t)
			r.sweep(t)
			r.pass(time.Second)
			r.plan("acme", "con_1", r.time().Add(c.after))
			r.pass(59 * time.Second)
			for n := range c.minutes {
				if c.busy {
					r.fill(fmt.Sprint("busy-", n), 60, r.time().Add(2*time.Minute))
				}
				r.minute(t)
			}
			if r.worked["con_1"] != 1 {
				t.Errorf("after %d minutes worked on %d times, want once", c.minutes, r.worked["con_1"])
			}
		})
	}
}

// At a scale at which the messages of the next minute alone are more than a tenth
// of what may wait, what was left behind is found all the same.
func TestLostMessagesAtScale(t *testing.T) {
	t.Parallel()
	r := newRig(200)
	r.plan("acme", "con_lost", start)
	r.sweep(t)
	r.queue.Lose()
	for n := range 30 {
		r.fill(fmt.Sprint("busy-", n), 60, r.time().Add(2*time.Minute))
		r.minute(t)
	}
	if r.worked["con_lost"] != 1 || r.lag["con_lost"] > 25*time.Minute {
		t.Errorf("worked on %d times, after %s; want once within 25 minutes", r.worked["con_lost"], r.lag["con_lost"])
	}
}

// EVT-03: entries that are sent again and again, because their record cannot be
// worked on, keep none of those behind them from being found.
func TestEVT03EntriesThatStay(t *testing.T) {
	t.Parallel()
	r := newRig(64)
	for n := range 1000 {
		r.source.Put(due.Refresh, due.Item{Tenant: "acme", Kind: "unknown", ID: fmt.Sprintf("bad_%d", n), At: start.Add(time.Duration(n-2000) * time.Second)})
	}
	consume := func() {
		for _, item := range r.queue.Take(1 << 20) {
			if item.Kind == due.Connection && r.source.Done(due.Refresh, item) {
				r.worked[item.ID]++
			}
		}
	}
	for range 90 {
		r.sweep(t)
		consume()
		r.pass(time.Minute)
	}
	for shard, reached := range r.memory.Progress(due.Refresh).Reached {
		if reached.Before(start) {
			t.Errorf("shard %d was read until %s only", shard, reached)
		}
	}
	r.plan("acme", "con_1", start.Add(-100*time.Second)) // Planned for what was read long ago.
	for minute := 0; r.worked["con_1"] == 0; minute++ {
		if minute == 90 {
			t.Fatal("not found in an hour and a half")
		}
		r.sweep(t)
		consume()
		r.pass(time.Minute)
	}
}
