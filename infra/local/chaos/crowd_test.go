package chaos_test

import (
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/routes"
)

// crowd is many callers in four processes that want the token of a connection
// whose refresh is held by a fifth process, which is paused.
type crowd struct {
	r      *run
	holder *strike
	lane   *lane
}

const (
	crowdSize      = 64
	crowdProcesses = 4
)

func newCrowd(t *testing.T, r *run, calls []call) *crowd {
	t.Helper()
	return &crowd{r: r, lane: r.e.newLane(t, crowdProcesses, 0, routes.ConnectionLease.Name), holder: &strike{
		how: pause, provider: strict, kind: kind{cold: true}, at: acquired(calls), after: true,
		connection: newConnection(t, r.e, r.ann, r.templates[strict], "crowd"),
		lane:       r.e.newLane(t, 1, patience, routes.ConnectionLease.Name),
	}}
}

// begin pauses the holder.
func (c *crowd) begin(t *testing.T) {
	t.Helper()
	c.r.e.custody.expire(t, c.holder.connection)
	c.holder.refresh(t, c.r.e, c.r.ann)
	if !c.holder.reached {
		t.Fatal("the holder of the lease was not paused")
	}
}

// end lets the crowd come shortly before the lease of the holder ends. One of
// them refreshes; the holder finds that out and does not.
func (c *crowd) end(t *testing.T) {
	t.Helper()
	wait(t, time.Until(c.holder.over)-3*time.Second)
	got := make([]outcome, crowdSize)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i] = ask(t.Context(), c.r.ann.through(c.lane), c.holder.connection) })
	}
	all.Wait()
	for i, o := range got {
		if o.status != 200 || o.lease.AccessToken != got[0].lease.AccessToken {
			t.Fatalf("caller %d of %d: %d %v, or another token", i, crowdSize, o.status, o.err)
		}
	}
	if n := len(c.lane.processes(t)); n != crowdProcesses {
		t.Errorf("the crowd was served by %d processes, want %d", n, crowdProcesses)
	}
	c.holder.lane.signal(t, syscall.SIGCONT)
	late := ask(t.Context(), c.r.ann.through(c.holder.lane), c.holder.connection)
	if late.status != 200 || late.lease.AccessToken != got[0].lease.AccessToken {
		t.Errorf("the holder that went on: %d %v, or another token", late.status, late.err)
	}
	if accepted, refused := c.r.e.provider.counts(c.holder.connection); accepted != 1 || refused != 0 {
		t.Errorf("the provider accepted %d refreshes and refused %d, want 1 and 0", accepted, refused)
	}
	t.Logf("%d callers in %d processes and a paused holder: one refresh", crowdSize, crowdProcesses)
}
