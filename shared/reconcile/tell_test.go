package reconcile_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/reconcile"
)

// teller is the reconciler with one connection, which nobody can be told of.
type teller struct {
	*reconcile.Service
	t   *testing.T
	bus *notifytest.Bus
	now time.Time
}

func newTeller(t *testing.T) *teller {
	t.Helper()
	s := &teller{t: t, bus: &notifytest.Bus{Err: errDown}, now: now}
	store := connectiontest.NewMemory()
	s.Service = &reconcile.Service{Store: store, Events: s.bus, Connects: &steps{}, Promoter: &steps{}, Now: func() time.Time { return s.now }}
	err := store.Create(t.Context(), connection.Connection{Tenant: "acme", ID: "con_1", Lifecycle: connection.Ready, Credential: &connection.Credential{}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// change changes the status, and returns the id of the event.
func (s *teller) change(lifecycle connection.Lifecycle) string {
	s.t.Helper()
	c, err := connection.Transition(s.t.Context(), s.Store, s.bus, s.Now, "acme", "con_1", func(c *connection.Connection) error {
		c.Lifecycle = lifecycle
		return nil
	})
	if err != nil || len(c.Outbox) == 0 {
		s.t.Fatalf("%d untold, %v", len(c.Outbox), err)
	}
	return c.Outbox[len(c.Outbox)-1].ID
}

// run is what the queue does when the sweep finds the connection due.
func (s *teller) run() (ran bool) {
	s.t.Helper()
	refs, err := s.Store.Due(s.t.Context(), connection.ReconcileDue, s.now, 10)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, ref := range refs {
		err := due.Handler(s.Due)(s.t.Context(), "run-1", []byte(`{"tenant":"acme","kind":"connection","id":"`+ref.ID+`","at":"2026-11-20T09:00:00Z"}`))
		if err != nil {
			s.t.Fatalf("a bus that is down fails the message: %v", err)
		}
	}
	return len(refs) > 0
}

func (s *teller) told() (ids []string) {
	for _, e := range s.bus.Events() {
		ids = append(ids, e.ID)
	}
	return ids
}

func (s *teller) record() connection.Connection {
	s.t.Helper()
	c, err := s.Store.Get(s.t.Context(), "acme", "con_1")
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// A bus that is down for an hour is asked every five minutes, fills no
// dead-letter queue, and gets all that happened, in order, when it is back.
func TestBusIsDownForAnHour(t *testing.T) {
	t.Parallel()
	s := newTeller(t)
	var want []string
	tries := 0
	for minute := range 60 {
		s.now = s.now.Add(time.Minute)
		if minute%10 == 0 {
			want = append(want, s.change([]connection.Lifecycle{connection.Disabled, connection.Ready}[minute/10%2]))
		}
		if s.run() {
			tries++
		}
	}
	s.bus.Err = nil
	for range 6 {
		s.now = s.now.Add(time.Minute)
		s.run()
	}
	if got := s.told(); !slices.Equal(got, want) || tries > 12 {
		t.Errorf("told %v after %d tries, want %v", got, tries, want)
	}
	if c := s.record(); len(c.Outbox) != 0 || !c.Due.Reconcile.IsZero() {
		t.Errorf("left %v, due %s", c.Outbox, c.Due.Reconcile)
	}
}

// Nothing else that is due waits for a bus.
func TestBusKeepsNothingElseWaiting(t *testing.T) {
	t.Parallel()
	s := newTeller(t)
	s.change(connection.Disabled)
	if _, err := s.Store.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error {
		c.RetireAt = s.now.Add(due.Soon)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(due.Soon)
	taken := &steps{outcomes: nil}
	s.Connects = taken
	err := s.Due(t.Context(), "run-1", due.Item{Tenant: "acme", Kind: "connection", ID: "con_1", At: s.now})
	if len(taken.taken) != 1 || !errors.Is(err, errDown) {
		t.Errorf("took %v, %v; want the end of the grace and its failure", taken.taken, err)
	}
}

// Two that reconcile at once tell the same, and leave what was told meanwhile.
func TestTwoReconcilersTell(t *testing.T) {
	t.Parallel()
	s := newTeller(t)
	first := s.change(connection.Disabled)
	s.now, s.bus.Err = s.now.Add(2*time.Minute), nil
	item := due.Item{Tenant: "acme", Kind: "connection", ID: "con_1", At: s.now}
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			if err := s.Due(context.Background(), "run-1", item); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if told := s.told(); len(told) == 0 || len(slices.Compact(told)) != 1 || told[0] != first {
		t.Errorf("told %v, want %s", told, first)
	}
	if c := s.record(); len(c.Outbox) != 0 || !c.Due.Reconcile.IsZero() {
		t.Errorf("left %v, due %s", c.Outbox, c.Due.Reconcile)
	}
}
