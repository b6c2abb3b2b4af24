package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/reconcile"
)

var now = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// steps takes every step and knows how it ends.
type steps struct {
	now      time.Time
	outcomes map[string]method.Revocation // By connection; a failure for those not named.
	taken    []string
	promoted []time.Time
}

var errDown = errors.New("the secret store is down")

func (s *steps) take(step string, caller auth.Caller, connectionID string) error {
	s.taken = append(s.taken, step+" "+caller.Actor()+" "+caller.Tenant+" "+connectionID+" "+caller.RequestID)
	if _, ok := s.outcomes[connectionID]; !ok {
		return errDown
	}
	return nil
}

func (s *steps) Resume(_ context.Context, caller auth.Caller, connectionID string) (method.Revocation, error) {
	return s.outcomes[connectionID], s.take("resume", caller, connectionID)
}

func (s *steps) Abandon(_ context.Context, caller auth.Caller, connectionID string) error {
	return s.take("abandon", caller, connectionID)
}

func (s *steps) EndGrace(_ context.Context, caller auth.Caller, connectionID string) error {
	return s.take("end grace", caller, connectionID)
}

func (s *steps) Promote(_ context.Context, caller auth.Caller, connectionID string) error {
	s.promoted = append(s.promoted, s.now)
	return s.take("promote", caller, connectionID)
}

// rig is the job with connections that are all due, in order, a minute apart.
func rig(t *testing.T, outcomes map[string]method.Revocation, records ...connection.Connection) (*reconcile.Service, *steps) {
	t.Helper()
	store, s := connectiontest.NewMemory(), &steps{now: now, outcomes: outcomes}
	for n, c := range records {
		c.Tenant, c.ID, c.Due.Reconcile = "acme", fmt.Sprintf("con_%03d", n+1), now.Add(time.Duration(n-len(records)+1)*time.Minute)
		if err := store.Create(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	sleep := func(_ context.Context, d time.Duration) error { s.now = s.now.Add(d); return nil }
	return &reconcile.Service{Store: store, Connects: s, Promoter: s, Now: func() time.Time { return s.now }, Sleep: sleep}, s
}

// sweep finishes what is due, one record after the other.
func sweep(ctx context.Context, s *reconcile.Service) (found, done, failed int, err error) {
	return connectiontest.Sweep(ctx, s.Store, connection.ReconcileDue, s.Now(), 1, s.Due)
}

var (
	deleting = connection.Connection{Lifecycle: connection.Deleting, Deletion: connection.Deletion{Next: now}}
	leftover = connection.Connection{Lifecycle: connection.Pending, Provisioning: now}
	rotated  = connection.Connection{Lifecycle: connection.Ready, Refresh: connection.Refresh{PromoteAt: now}}
	past     = connection.Connection{Lifecycle: connection.Ready, Previous: &connection.Kept{Until: now}}
	retiring = connection.Connection{Lifecycle: connection.Disabled, RetireAt: now}
)

// The record says which step it needs, and one that cannot be finished keeps
// none of the others from its own.
func TestSweep(t *testing.T) {
	t.Parallel()
	both := leftover
	both.Refresh.PromoteAt = now
	paused := rotated
	paused.Lifecycle = connection.Disabled
	s, got := rig(t, map[string]method.Revocation{
		"con_002": method.RevokePending, "con_003": method.Revoked, "con_004": method.RevokeFailed, "con_005": "",
		"con_006": "", "con_008": "", "con_010": "", "con_011": "", "con_012": "",
	}, deleting, deleting, deleting, deleting, deleting, leftover, leftover, rotated, rotated, both, paused, past, retiring)
	due, done, failed, err := sweep(t.Context(), s)
	if due != 13 || done != 8 || failed != 5 || err != nil {
		t.Errorf("got %d due, %d done, %d failed, %v; want 13, 8, 5", due, done, failed, err)
	}
	var want []string
	for n, step := range []string{
		"resume", "resume", "resume", "resume", "resume", "abandon", "abandon", "promote", "promote", "abandon", "promote",
		"end grace", "end grace",
	} {
		want = append(want, fmt.Sprintf("%s job/queue-reconcile acme con_%03d run-1", step, n+1))
	}
	if diff := cmp.Diff(want, got.taken); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

// The index may be late: the record decides, and one that needs nothing leaves
// the index.
func TestSweepOfAnOutdatedIndexEntry(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*connection.Connection){
		"never due again": func(c *connection.Connection) { *c = connection.Connection{} },
		"put off": func(c *connection.Connection) {
			c.Refresh.PromoteAt = now.Add(time.Second)
			c.PlanReconcile()
		},
		"needs nothing": func(c *connection.Connection) { c.Refresh.PromoteAt = time.Time{} },
		"gone":          nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, got := rig(t, nil, rotated)
			var err error
			if change == nil {
				err = s.Store.Delete(t.Context(), "acme", "con_001")
			} else {
				_, err = s.Store.Update(t.Context(), "acme", "con_001", func(c *connection.Connection) error { change(c); return nil })
			}
			if err != nil {
				t.Fatal(err)
			}
			store := s.Store
			s.Store = lateIndex{store}
			before, _ := store.Get(t.Context(), "acme", "con_001")
			if due, done, failed, err := sweep(t.Context(), s); due != 1 || done != 1 || failed != 0 || err != nil || len(got.taken) > 0 {
				t.Errorf("got %d due, %d done, %d failed, %v, steps %v; want 1, 1, 0 and none", due, done, failed, err, got.taken)
			}
			if left, err := store.Due(t.Context(), connection.ReconcileDue, now, 9); len(left) != 0 || err != nil {
				t.Errorf("still due: %v, %v", left, err)
			}
			if after, _ := store.Get(t.Context(), "acme", "con_001"); after.Version != before.Version && name != "needs nothing" {
				t.Error("the record was written")
			}
		})
	}
}

// lateIndex always has one entry.
type lateIndex struct{ connection.Store }

func (lateIndex) Due(context.Context, connection.Index, time.Time, int) ([]connection.Ref, error) {
	return []connection.Ref{{Tenant: "acme", ID: "con_001"}}, nil
}

// AWS-02: however many promotions are due, no more than forty are begun within
// a second of a run.
func TestAWS02PromotionsArePaced(t *testing.T) {
	t.Parallel()
	const many = 100
	records, outcomes := make([]connection.Connection, many), map[string]method.Revocation{}
	for n := range records {
		records[n] = rotated
		outcomes[fmt.Sprintf("con_%03d", n+1)] = ""
	}
	s, got := rig(t, outcomes, records...)
	if _, done, _, err := sweep(t.Context(), s); done != many || err != nil {
		t.Fatalf("got %d done, %v; want %d", done, err, many)
	}
	for n := 40; n < many; n++ {
		if took := got.promoted[n].Sub(got.promoted[n-40]); took < time.Second {
			t.Fatalf("41 promotions in %s", took)
		}
	}
}
