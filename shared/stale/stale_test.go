package stale_test

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
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/stale"
	"github.com/tenonhq/tenon/shared/tenant"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// rig is the service on a day after the connection was made and last used.
type rig struct {
	*stale.Service
	t        *testing.T
	store    *connectiontest.Memory
	bus      *notifytest.Bus
	settings tenant.Settings
	now      time.Time
	cut      []connection.Reason
}

func newRig(t *testing.T, settings tenant.Settings) *rig {
	t.Helper()
	r := &rig{t: t, store: connectiontest.NewMemory(), bus: new(notifytest.Bus), settings: settings, now: start}
	r.Service = &stale.Service{Store: r.store, Settings: r, Connects: r, Events: r.bus, Now: func() time.Time { return r.now }}
	c := connection.Connection{
		Tenant: "acme", ID: "con_1", Connector: "crm", Lifecycle: connection.Ready, CreatedAt: start,
		Credential: &connection.Credential{SetAt: start}, UsedAt: start,
	}
	if err := r.store.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) GetSettings(context.Context, string) (tenant.Settings, error) { return r.settings, nil }

func (r *rig) CutOff(ctx context.Context, caller auth.Caller, id string, reason connection.Reason, wanted func(*connection.Connection) bool) (method.Revocation, error) {
	_, err := r.store.Update(ctx, caller.Tenant, id, func(c *connection.Connection) error {
		if !wanted(c) {
			return connection.ErrNotFound
		}
		r.cut = append(r.cut, reason)
		c.CutOff(reason, r.now)
		return nil
	})
	return method.NotSupported, err
}

// on looks at the connection on a day after the start, and returns what was told
// and cut off so far.
func (r *rig) on(day int) (told, cut int) {
	r.t.Helper()
	r.now = start.Add(time.Duration(day) * 24 * time.Hour)
	if err := r.Look(r.t.Context(), auth.Job("queue-health", "acme", "run-1"), "con_1"); err != nil {
		r.t.Errorf("day %d: %v", day, err)
	}
	return len(r.bus.Events()), len(r.cut)
}

func (r *rig) wantOn(days map[int][2]int) {
	r.t.Helper()
	for day := range 200 {
		told, cut := r.on(day)
		if want, ok := days[day]; ok && want != [2]int{told, cut} {
			r.t.Errorf("day %d: told %d, cut off %d; want %v", day, told, cut, want)
		}
	}
}

// AUD-07: what nobody used for ninety days is told once, and two weeks later
// disabled and revoked, where the tenant's settings say so.
func TestAUD07UnusedConnection(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		settings tenant.Settings
		want     map[int][2]int
	}{
		"never":                {tenant.Settings{StaleDisable: true}, map[int][2]int{199: {0, 0}}},
		"told":                 {tenant.Settings{StaleDays: 90}, map[int][2]int{89: {0, 0}, 90: {1, 0}, 199: {1, 0}}},
		"told and disabled":    {tenant.Settings{StaleDays: 90, StaleDisable: true}, map[int][2]int{89: {0, 0}, 90: {1, 0}, 103: {1, 0}, 104: {1, 1}, 199: {1, 1}}},
		"a shorter time":       {tenant.Settings{StaleDays: 7, StaleDisable: true}, map[int][2]int{6: {0, 0}, 7: {1, 0}, 20: {1, 0}, 21: {1, 1}}},
		"the day after making": {tenant.Settings{StaleDays: 1}, map[int][2]int{0: {0, 0}, 1: {1, 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, test.settings)
			r.wantOn(test.want)
			c, err := r.store.Get(t.Context(), "acme", "con_1")
			s := connection.StatusOf(&c, r.now)
			if err != nil || (s.Reason == connection.ReasonStale) != (len(r.cut) == 1) {
				t.Errorf("status %+v, %v", s, err)
			}
		})
	}
}

// What an active flow names is not forgotten; once none does there is the whole
// notice.
func TestAUD07UnusedConnectionOfAnActiveFlow(t *testing.T) {
	t.Parallel()
	r := newRig(t, tenant.Settings{StaleDays: 90, StaleDisable: true})
	bind := func(n int) {
		if _, err := r.store.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error { c.Bindings = n; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	wantOn := func(day, told, cut int) {
		t.Helper()
		if gotTold, gotCut := r.on(day); gotTold != told || gotCut != cut {
			t.Errorf("day %d: told %d, cut off %d; want %d and %d", day, gotTold, gotCut, told, cut)
		}
	}
	bind(1)
	wantOn(90, 0, 0)
	wantOn(150, 0, 0)
	bind(0)
	wantOn(151, 1, 0)
	bind(1)
	wantOn(166, 1, 0)
	bind(0)
	wantOn(167, 2, 0)
	wantOn(180, 2, 0)
	wantOn(181, 2, 1)
	if told := r.bus.Events(); told[0].ID == told[1].ID {
		t.Error("the second notice has the id of the first")
	}
}

func TestAUD07EventSaysWhen(t *testing.T) {
	t.Parallel()
	r := newRig(t, tenant.Settings{StaleDays: 90, StaleDisable: true})
	r.on(95)
	want := map[string]string{"connector": "crm", "lastUsedAt": "2026-03-01T00:00:00Z", "disablesAt": "2026-06-18T12:00:00Z"}
	if e := r.bus.Events()[0]; e.Type != "connection.stale" || e.Tenant != "acme" || e.Resource != "con_1" || cmp.Diff(want, e.Detail) != "" {
		t.Errorf("event %+v", e)
	}
}

// AUD-07: a use after it was told saves the connection, and begins the time anew;
// so does a new credential.
func TestAUD07UseSaves(t *testing.T) {
	t.Parallel()
	for name, save := range map[string]func(r *rig) error{
		"a lease": func(r *rig) error { return r.store.Used(r.t.Context(), "acme", "con_1", r.now) },
		"a new credential": func(r *rig) error {
			_, err := r.store.Update(r.t.Context(), "acme", "con_1", func(c *connection.Connection) error { c.Credential.SetAt = r.now; return nil })
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, tenant.Settings{StaleDays: 90, StaleDisable: true})
			r.on(90)
			r.on(100)
			if err := save(r); err != nil {
				t.Fatal(err)
			}
			for _, day := range []struct{ day, told, cut int }{{104, 1, 0}, {189, 1, 0}, {190, 2, 0}, {203, 2, 0}, {204, 2, 1}} {
				if told, cut := r.on(day.day); told != day.told || cut != day.cut {
					t.Errorf("day %d: told %d, cut off %d; want %d and %d", day.day, told, cut, day.told, day.cut)
				}
			}
		})
	}
}

// What cannot be told is told with the next check; what is not ready is left alone.
func TestLook(t *testing.T) {
	t.Parallel()
	r := newRig(t, tenant.Settings{StaleDays: 90, StaleDisable: true})
	r.now = start.Add(91 * 24 * time.Hour)
	r.bus.Err = errors.New("the bus is down")
	job := auth.Job("queue-health", "acme", "run-1")
	if err := r.Look(t.Context(), job, "con_1"); err == nil {
		t.Error("the failure is not reported")
	}
	r.bus.Err = nil
	if told, _ := r.on(92); told != 1 {
		t.Errorf("told %d times", told)
	}
	if err := r.Look(t.Context(), job, "con_unknown"); err != nil {
		t.Errorf("one that is gone: %v", err)
	}
	_, err := r.store.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error { c.Lifecycle = connection.Disabled; return nil })
	if told, cut := r.on(150); err != nil || told != 1 || cut != 0 {
		t.Errorf("a paused one: told %d, cut off %d, %v", told, cut, err)
	}
}
