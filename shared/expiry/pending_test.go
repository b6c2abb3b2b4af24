package expiry_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
)

// A handoff nobody completed ends fifteen minutes after it began.
func TestExpirePending(t *testing.T) {
	t.Parallel()
	began := lapses.Add(-100 * day)
	handoff := &connection.Handoff{ID: "hof_1", ExpiresAt: began.Add(15 * time.Minute)}
	due := connection.Due{Pending: began.Add(15 * time.Minute)}
	valid := &connection.Credential{Refreshable: true}
	for name, c := range map[string]struct {
		connection connection.Connection
		early      string // Status a second before.
		late       string
		reason     connection.Reason
	}{
		"the first": {connection.Connection{Lifecycle: connection.Pending, Handoff: handoff, Due: due}, "pending", "degraded", connection.ReasonHandoffExpired},
		"declined": {connection.Connection{Lifecycle: connection.Pending, Handoff: handoff, Due: due, Health: connection.Health{Reason: connection.ReasonHandoffDenied}},
			"pending", "degraded", connection.ReasonHandoffDenied},
		"never begun":         {connection.Connection{Lifecycle: connection.Pending, Due: due}, "pending", "degraded", connection.ReasonHandoffExpired},
		"of a reconnect":      {connection.Connection{Lifecycle: connection.Ready, Credential: valid, Handoff: handoff, Due: due}, "active", "active", ""},
		"while paused":        {connection.Connection{Lifecycle: connection.Disabled, Credential: valid, Handoff: handoff, Due: due}, "disabled", "disabled", connection.ReasonDisabled},
		"of a dead one":       {connection.Connection{Lifecycle: connection.Ready, Credential: valid, Handoff: handoff, Due: due, Health: connection.Health{Reason: connection.ReasonReauthRequired}}, "degraded", "degraded", connection.ReasonReauthRequired},
		"while it is deleted": {connection.Connection{Lifecycle: connection.Deleting, Handoff: handoff, Due: due}, "disabled", "disabled", connection.ReasonDeleting},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, ladder)
			c.connection.ID = "con_2"
			c.connection.Tenant, c.connection.Connector = "acme", "crm"
			must(t, r.store.Create(t.Context(), c.connection))
			for _, step := range []struct {
				at   time.Duration
				due  int
				want string
			}{{15*time.Minute - time.Second, 0, c.early}, {15 * time.Minute, 1, c.late}, {16 * time.Minute, 0, c.late}} {
				r.now = began.Add(step.at)
				due, done, failed, err := r.ExpirePending(t.Context())
				if due != step.due || done != step.due || failed != 0 || err != nil {
					t.Errorf("after %s: got %d due, %d done, %d failed, %v; want %d", step.at, due, done, failed, err, step.due)
				}
				got := r.record(t, "con_2")
				if s := connection.StatusOf(&got, r.now); s.Name != step.want {
					t.Errorf("after %s: got %s (%s), want %s", step.at, s.Name, s.Reason, step.want)
				}
			}
			got := r.record(t, "con_2")
			if s := connection.StatusOf(&got, r.now); s.Reason != c.reason || got.Handoff != nil {
				t.Errorf("in the end: got reason %q, handoff %v; want %q, none", s.Reason, got.Handoff, c.reason)
			}
			if events := len(r.bus.Events()); (events == 1) != (c.early != c.late) {
				t.Errorf("events: got %d", events)
			}
		})
	}
}

// An entry of an index that lags must not end a handoff begun since.
func TestNewerHandoffIsNotEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	r.now = lapses.Add(-100 * day)
	for name, due := range map[string]time.Time{"con_2": r.now.Add(time.Second), "con_3": {}} {
		c := connection.Connection{
			Tenant: "acme", ID: name, Lifecycle: connection.Pending, Handoff: &connection.Handoff{ID: "hof_2"}, Due: connection.Due{Pending: due},
		}
		must(t, r.store.Create(t.Context(), c))
		r.Connections = lateIndex{r.store, name}
		before := r.record(t, name)
		if _, done, failed, err := r.ExpirePending(t.Context()); done != 1 || failed != 0 || err != nil {
			t.Errorf("got %d done, %d failed, %v; want one looked at", done, failed, err)
		}
		after := r.record(t, name)
		if after.Lifecycle != connection.Pending || cmp.Diff(before.Handoff, after.Handoff) != "" {
			t.Errorf("got %s with handoff %v, want it as before", after.Lifecycle, after.Handoff)
		}
	}
}

// lateIndex always has one entry.
type lateIndex struct {
	connection.Store
	id string
}

func (l lateIndex) Due(context.Context, connection.Index, time.Time, int) ([]connection.Ref, error) {
	return []connection.Ref{{Tenant: "acme", ID: l.id}}, nil
}
