package connection_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/notify"
)

// struck is a store and a bus of a process that dies at one of its steps: before
// it, or when it was done and nobody knows.
type struck struct {
	connection.Store
	bus     notify.Publisher
	at      int
	after   bool
	n       int
	updates int
}

var errDead = errors.New("the process is gone")

func (s *struck) step(act func() error) error {
	if s.n++; s.at > 0 && (s.n > s.at || s.n == s.at && !s.after) {
		return errDead
	}
	if err := act(); err != nil {
		return err
	}
	if s.n == s.at {
		return errDead
	}
	return nil
}

func (s *struck) Update(ctx context.Context, tenant, id string, change func(*connection.Connection) error) (c connection.Connection, err error) {
	err = s.step(func() error {
		s.updates++
		c, err = s.Store.Update(ctx, tenant, id, change)
		return err
	})
	return c, err
}

func (s *struck) Publish(ctx context.Context, e notify.Event) error {
	return s.step(func() error { return s.bus.Publish(ctx, e) })
}

func pause(c *connection.Connection) error {
	c.Lifecycle = connection.Disabled
	c.Tell(notify.ConnectionPromoted, now, map[string]string{"version": "2"})
	return nil
}

func (r rig) drain(t *testing.T) {
	t.Helper()
	if _, err := connection.Drain(t.Context(), r.store, r.bus, r.record(t)); err != nil {
		t.Fatal(err)
	}
}

// Wherever the process dies, what was written is told, at least once and with
// one id; what was not written is not.
func TestEventSurvivesACrash(t *testing.T) {
	t.Parallel()
	for at := 1; at <= 4; at++ { // The write, two events, and the write that takes them off.
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("step %d after=%t", at, after), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				s := &struck{Store: r.store, bus: r.bus, at: at, after: after}
				_, err := connection.Transition(t.Context(), s, s, r.Now, "acme", "con_1", pause)
				if s.n < at || (at == 1) != (err != nil) {
					t.Fatalf("%d steps, %v", s.n, err)
				}
				written := r.record(t)
				r.drain(t)
				r.drain(t)
				ids := map[string]string{}
				for _, e := range r.bus.Events() {
					if was, told := ids[e.Type]; told && was != e.ID || !id.Valid(id.Event, e.ID) {
						t.Errorf("%s told as %s and %s", e.Type, was, e.ID)
					}
					ids[e.Type] = e.ID
				}
				if want := 2; written.Lifecycle == connection.Disabled && len(ids) != want || written.Lifecycle != connection.Disabled && len(ids) != 0 {
					t.Errorf("%s, and told %v", written.Lifecycle, ids)
				}
				if left := r.record(t); left.Outbox != nil || !left.OutboxAt.IsZero() || !left.Due.Reconcile.IsZero() {
					t.Errorf("left %v, due %s", left.Outbox, left.Due.Reconcile)
				}
			})
		}
	}
}

// A change of the status costs one more write; what changes none costs none.
func TestEventCostsOneWrite(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		apply   func(*connection.Connection) error
		updates int
	}{
		"a change of the status": {pause, 2},
		"a refresh": {func(c *connection.Connection) error {
			c.Credential.RefreshedAt, c.Refresh.Epoch = now, c.Refresh.Epoch+1
			return nil
		}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			s := &struck{Store: r.store, bus: r.bus}
			got, err := connection.Transition(t.Context(), s, s, r.Now, "acme", "con_1", c.apply)
			if err != nil || s.updates != c.updates {
				t.Errorf("%d writes, %v; want %d", s.updates, err, c.updates)
			}
			if diff := cmp.Diff(r.record(t), got); diff != "" {
				t.Errorf("returned differs from stored (-stored +returned):\n%s", diff)
			}
		})
	}
}

// A refresh of a connection with untold events leaves them to the reconciler,
// which is due a good minute after the first.
func TestUntoldEventsWait(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.bus.Err = errDown
	if _, err := r.Disable(t.Context(), ann, "con_1", ""); err != nil {
		t.Fatal(err)
	}
	c := r.record(t)
	if len(c.Outbox) != 1 || !c.Due.Reconcile.Equal(now.Add(due.Soon)) {
		t.Fatalf("%d untold, due %s", len(c.Outbox), c.Due.Reconcile)
	}
	s := &struck{Store: r.store, bus: r.bus}
	rename := func(c *connection.Connection) error { c.Name = "New"; return nil }
	if _, err := connection.Transition(t.Context(), s, s, r.Now, "acme", "con_1", rename); err != nil || s.n != 1 {
		t.Errorf("%d steps, %v; want one write", s.n, err)
	}
}

// Who drains at the same time tells the same, and takes nothing of others off.
func TestDrainedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.bus.Err = errDown
	if _, err := r.Disable(t.Context(), ann, "con_1", ""); err != nil {
		t.Fatal(err)
	}
	seen := r.record(t)
	if _, err := r.Enable(t.Context(), ann, "con_1", ""); err != nil {
		t.Fatal(err)
	}
	r.bus.Err = nil
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			if _, err := connection.Drain(t.Context(), r.store, r.bus, seen); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	left := r.record(t)
	if len(left.Outbox) != 1 || left.Outbox[0].Detail["status"] != "active" || left.Due.Reconcile.IsZero() || left.Version != seen.Version+2 {
		t.Errorf("left %+v, due %s, %d writes", left.Outbox, left.Due.Reconcile, left.Version-seen.Version)
	}
	for _, e := range r.bus.Events() {
		if e.ID != seen.Outbox[0].ID {
			t.Errorf("told %+v", e)
		}
	}
}

// An outbox that is full tells of the first and the last status, and loses no
// event of another kind.
func TestOutboxIsBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.bus.Err = errDown
	for n := range 50 {
		act := r.Disable
		if n%2 == 1 {
			act = r.Enable
		}
		if _, err := act(t.Context(), ann, "con_1", ""); err != nil {
			t.Fatal(err)
		}
		if n == 10 {
			if _, err := connection.Transition(t.Context(), r.store, r.bus, r.Now, "acme", "con_1", func(c *connection.Connection) error {
				c.Tell(notify.ConnectionPromoted, now, map[string]string{"version": "2"})
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	c := r.record(t)
	if len(c.Outbox) != 20 || c.Outbox[0].Type != notify.ConnectionPromoted || !c.Due.Reconcile.Equal(now.Add(due.Soon)) {
		t.Fatalf("%d untold, first %+v, due %s", len(c.Outbox), c.Outbox[0], c.Due.Reconcile)
	}
	if first, last := c.Outbox[1], c.Outbox[19]; first.Detail["previous"] != "active" || last.Detail["status"] != "active" {
		t.Errorf("first %v, last %v", first.Detail, last.Detail)
	}
}
