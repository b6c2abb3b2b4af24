package reconcile_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/method"
)

// A cutoff that is due goes on before anything else; one whose provider cannot be
// told is planned again.
func TestSweepOfCutoffs(t *testing.T) {
	t.Parallel()
	cut := connection.Connection{Lifecycle: connection.Disabled, Cutoff: &connection.Cutoff{Next: now.Add(-time.Hour)}}
	both := cut
	both.Previous = &connection.Kept{Until: now.Add(-time.Hour)}
	over := cut
	over.Cutoff, over.RetireAt = &connection.Cutoff{}, now.Add(-time.Hour)
	s, got := rig(t, map[string]method.Revocation{"con_001": method.Revoked, "con_002": method.RevokePending, "con_003": ""}, cut, both, over)
	if _, _, failed, err := sweep(t.Context(), s); failed != 1 || err != nil {
		t.Errorf("%d failed, %v; want the one that is pending", failed, err)
	}
	want := []string{
		"resume cutoff job/queue-reconcile acme con_001 run-1", "resume cutoff job/queue-reconcile acme con_002 run-1",
		"end grace job/queue-reconcile acme con_003 run-1",
	}
	if diff := cmp.Diff(want, got.taken); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

type heirs struct{ switches }

func (h *heirs) Reapply(_ context.Context, caller auth.Caller, connectionID string) error {
	h.switches = append(h.switches, caller.Tenant+" "+connectionID)
	return nil
}

// What a change of a connection's own inputs leaves to be done is done.
func TestSweepOfOwnInputs(t *testing.T) {
	t.Parallel()
	later := connection.Connection{Lifecycle: connection.Ready, ReapplyAt: now.Add(time.Hour)}
	s, _ := rig(t, nil, connection.Connection{Lifecycle: connection.Ready, ReapplyAt: now}, later)
	got := new(heirs)
	s.Heirs = got
	if _, _, failed, err := sweep(t.Context(), s); failed != 0 || err != nil {
		t.Errorf("%d failed, %v", failed, err)
	}
	if diff := cmp.Diff(switches{"acme con_001"}, got.switches); diff != "" {
		t.Errorf("made anew (-want +got):\n%s", diff)
	}
}

type switches []string

func (s *switches) Due(_ context.Context, _ string, item due.Item) error {
	*s = append(*s, item.ID)
	return nil
}

// Records of another kind are for whoever knows them.
func TestKillSwitchesAreDispatched(t *testing.T) {
	t.Parallel()
	s, got := rig(t, nil)
	var walked switches
	s.Switches = &walked
	if err := s.Due(t.Context(), "run-1", due.Item{Tenant: "org", Kind: "kill-switch", ID: "kls_1", At: now}); err != nil {
		t.Error(err)
	}
	if len(walked) != 1 || walked[0] != "kls_1" || len(got.taken) > 0 {
		t.Errorf("walked %v, steps %v", walked, got.taken)
	}
}
