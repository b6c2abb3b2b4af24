package reconcile_test

import (
	"context"
	"errors"
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

// answers is a Resumer that knows how each disconnection ends.
type answers struct {
	outcomes map[string]method.Revocation // By connection; an error for those not named.
	asked    []string
	grace    map[string]error // What EndGrace answers.
}

func (a *answers) EndGrace(_ context.Context, _ auth.Caller, connectionID string) error {
	return a.grace[connectionID]
}

func (a *answers) Resume(_ context.Context, caller auth.Caller, connectionID string) (method.Revocation, error) {
	a.asked = append(a.asked, caller.Actor()+" "+caller.Tenant+" "+connectionID+" "+caller.RequestID)
	if outcome, ok := a.outcomes[connectionID]; ok {
		return outcome, nil
	}
	return "", errors.New("the secret store is down")
}

func rig(t *testing.T, outcomes map[string]method.Revocation) (*reconcile.Service, *answers) {
	t.Helper()
	store, a := connectiontest.NewMemory(), &answers{outcomes: outcomes}
	for id, due := range map[string]time.Time{
		"con_1": now.Add(-5 * time.Minute), "con_2": now.Add(-4 * time.Minute), "con_3": now.Add(-3 * time.Minute),
		"con_4": now.Add(-2 * time.Minute), "con_5": now, "con_6": now.Add(time.Second), "con_7": {},
	} {
		c := connection.Connection{Tenant: "acme", ID: id, Lifecycle: connection.Deleting, Due: connection.Due{Reconcile: due}}
		if err := store.Create(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	return &reconcile.Service{Store: store, Connects: a, Now: func() time.Time { return now }}, a
}

// One that cannot be finished keeps none of the others from it.
func TestSweep(t *testing.T) {
	t.Parallel()
	s, a := rig(t, map[string]method.Revocation{
		"con_2": method.RevokePending, "con_3": method.Revoked, "con_4": method.RevokeFailed, "con_5": "",
	})
	due, done, failed, err := s.Sweep(t.Context(), "run-1")
	if due != 5 || done != 3 || failed != 2 || err != nil {
		t.Errorf("got %d due, %d done, %d failed, %v; want 5, 3, 2", due, done, failed, err)
	}
	want := []string{
		"job/job-reconcile acme con_1 run-1", "job/job-reconcile acme con_2 run-1", "job/job-reconcile acme con_3 run-1",
		"job/job-reconcile acme con_4 run-1", "job/job-reconcile acme con_5 run-1",
	}
	if diff := cmp.Diff(want, a.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// A grace that cannot be ended now is tried again.
func TestSweepEndsGraces(t *testing.T) {
	t.Parallel()
	s, a := rig(t, map[string]method.Revocation{"con_1": "", "con_2": "", "con_3": "", "con_4": "", "con_5": ""})
	a.grace = map[string]error{"con_2": errors.New("the secret store is down")}
	due, done, failed, err := s.Sweep(t.Context(), "run-1")
	if due != 5 || done != 4 || failed != 1 || err != nil || len(a.asked) != 4 {
		t.Errorf("got %d due, %d done, %d failed, %v; want 5, 4, 1", due, done, failed, err)
	}
}

// What a run has no time left for stays due.
func TestSweepEndsInTime(t *testing.T) {
	t.Parallel()
	s, a := rig(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if due, done, failed, err := s.Sweep(ctx, "run-1"); due != 5 || done+failed+len(a.asked) != 0 || err != nil {
		t.Errorf("got %d due, %d done, %d failed, %v, %v asked; want none touched", due, done, failed, err, a.asked)
	}
}

func TestSweepFailsWithoutItsIndex(t *testing.T) {
	t.Parallel()
	s, _ := rig(t, nil)
	s.Store = broken{s.Store}
	if _, _, _, err := s.Sweep(t.Context(), "run-1"); err == nil {
		t.Error("the failure was not reported")
	}
}

type broken struct{ connection.Store }

func (broken) Due(context.Context, connection.Index, time.Time, int) ([]connection.Ref, error) {
	return nil, errors.New("the table is down")
}
