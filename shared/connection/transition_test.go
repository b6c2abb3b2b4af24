package connection_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
)

func TestTransitionTellsOfANewStatus(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		apply func(*connection.Connection) error
		event map[string]string // Nil: none.
	}{
		"a new status": {func(c *connection.Connection) error { c.Health.Reason = connection.ReasonReauthRequired; return nil },
			map[string]string{"connector": "crm", "status": "degraded", "reason": "reauth_required", "previous": "active"}},
		"a pause": {func(c *connection.Connection) error { c.Lifecycle = connection.Disabled; return nil },
			map[string]string{"connector": "crm", "status": "disabled", "reason": "disabled", "previous": "active"}},
		"something else":           {func(c *connection.Connection) error { c.Name = "New"; return nil }, nil},
		"a failure of the change":  {func(c *connection.Connection) error { c.Lifecycle = connection.Disabled; return errDown }, nil},
		"a call that changes none": {func(c *connection.Connection) error { c.Health.Ring = "o" + c.Health.Ring; return nil }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			before := r.record(t)
			got, _ := connection.Transition(t.Context(), r.store, r.bus, r.Now, "acme", "con_1", c.apply)
			events := r.bus.Events()
			if c.event == nil {
				if len(events) != 0 || !r.record(t).Since.Equal(before.Since) {
					t.Errorf("got events %v, since %s; want none, as before", events, r.record(t).Since)
				}
				return
			}
			if len(events) != 1 || !got.Since.Equal(now) || events[0].Tenant != "acme" || events[0].Resource != "con_1" || !events[0].At.Equal(now) {
				t.Fatalf("got events %v, since %s; want one, now", events, got.Since)
			}
			if diff := cmp.Diff(c.event, events[0].Detail); diff != "" {
				t.Errorf("event differs (-want +got):\n%s", diff)
			}
		})
	}
}

// The bus is told after the fact: it cannot undo it.
func TestTransitionSurvivesTheBus(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.bus.Err = errDown
	c, err := r.Disable(t.Context(), ann, "con_1", "")
	if err != nil || c.Lifecycle != connection.Disabled || r.record(t).Lifecycle != connection.Disabled {
		t.Errorf("got %s, %v; want it paused", c.Lifecycle, err)
	}
}
