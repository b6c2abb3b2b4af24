package deliverytest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/notify"
)

// Run checks a store against the documentation of delivery.Store, with a new,
// empty store for every subtest.
func Run(t *testing.T, open func(t *testing.T) delivery.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, delivery.Store)
	}{
		{"a delivery is created once", create},
		{"an update keeps whose delivery it is", update},
		{"a refused update changes nothing", refusedUpdate},
		{"a list is of one target, the newest first", list},
		{"of many at once one creates", concurrentCreate},
		{"of many at once one claims", concurrentClaim},
		{"a thing is told of once in a time", onceInATime},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

var at = time.Date(2026, 3, 1, 12, 0, 0, 1, time.UTC)

func sample(tenant, target, event string) delivery.Delivery {
	return delivery.Delivery{
		Tenant: tenant, Target: target, Version: 1, State: delivery.Pending, Due: at.Add(time.Minute), CreatedAt: at,
		Event: notify.Event{
			ID: event, Type: notify.ConnectionConnected, Tenant: tenant, Resource: "con_1", At: at, Detail: map[string]string{"connector": "stripe"},
		},
	}
}

func created(t *testing.T, s delivery.Store, d delivery.Delivery) {
	t.Helper()
	if made, err := s.Create(t.Context(), d); err != nil || !made {
		t.Fatalf("got %v, %v", made, err)
	}
}

func stands(t *testing.T, s delivery.Store, want ...delivery.Delivery) {
	t.Helper()
	got, next, err := s.List(t.Context(), want[0].Tenant, want[0].Target, "", 100)
	if err != nil || next != "" {
		t.Fatalf("got next %q, %v", next, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func create(t *testing.T, s delivery.Store) {
	want := sample("acme", "whe_1", "evt_1")
	created(t, s, want)
	created(t, s, sample("globex", "whe_1", "evt_1"))
	other := want
	other.State = delivery.Delivered
	if made, err := s.Create(t.Context(), other); err != nil || made {
		t.Errorf("got %v, %v, want false", made, err)
	}
	stands(t, s, want)
}

func update(t *testing.T, s delivery.Store) {
	created(t, s, sample("acme", "whe_1", "evt_1"))
	want := sample("acme", "whe_1", "evt_1")
	want.Version, want.State, want.Attempts, want.FirstAt, want.LastAt = 2, delivery.Failed, 3, at, at.Add(1)
	want.Due, want.Outcome, want.Status, want.Took = time.Time{}, "server_error", 503, 1500*time.Millisecond
	made, err := s.Update(t.Context(), "acme", "whe_1/evt_1", func(d *delivery.Delivery) error {
		*d = want
		d.Tenant, d.Target, d.Event.ID, d.Version = "globex", "whe_2", "evt_2", 9
		return nil
	})
	if diff := cmp.Diff(want, made); diff != "" || err != nil {
		t.Errorf("returned %v (-want +got):\n%s", err, diff)
	}
	stands(t, s, want)
	for _, of := range [][2]string{{"acme", "whe_1/evt_2"}, {"globex", "whe_1/evt_1"}, {"acme", "whe_2/evt_1"}} {
		if _, err := s.Update(t.Context(), of[0], of[1], func(*delivery.Delivery) error { return nil }); !errors.Is(err, delivery.ErrNotFound) {
			t.Errorf("%v: got %v", of, err)
		}
	}
}

func refusedUpdate(t *testing.T, s delivery.Store) {
	created(t, s, sample("acme", "whe_1", "evt_1"))
	refused := errors.New("refused")
	_, err := s.Update(t.Context(), "acme", "whe_1/evt_1", func(d *delivery.Delivery) error {
		d.Event.Detail["connector"] = "other"
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	stands(t, s, sample("acme", "whe_1", "evt_1"))
}

func list(t *testing.T, s delivery.Store) {
	for _, of := range [][3]string{
		{"acme", "whe_1", "evt_2"}, {"acme", "whe_1", "evt_1"}, {"acme", "whe_10", "evt_9"}, {"acme", "whe_0", "evt_9"}, {"acme", "mail", "evt_1"},
		{"globex", "whe_1", "evt_4"}, {"acme", "whe_1", "evt_3"},
	} {
		created(t, s, sample(of[0], of[1], of[2]))
	}
	stands(t, s, sample("acme", "whe_1", "evt_3"), sample("acme", "whe_1", "evt_2"), sample("acme", "whe_1", "evt_1"))
	for limit := 1; limit <= 3; limit++ {
		var seen []string
		start, pages := "", 0
		for pages < 5 {
			pages++
			found, next, err := s.List(t.Context(), "acme", "whe_1", start, limit)
			if err != nil || len(found) > limit {
				t.Fatalf("got %d, %v", len(found), err)
			}
			for _, d := range found {
				seen = append(seen, d.Event.ID)
			}
			if start = next; next == "" {
				break
			}
		}
		if diff := cmp.Diff([]string{"evt_3", "evt_2", "evt_1"}, seen); diff != "" || pages != (3+limit-1)/limit {
			t.Errorf("by %d in %d pages (-want +got):\n%s", limit, pages, diff)
		}
	}
}

func concurrentCreate(t *testing.T, s delivery.Store) {
	var group sync.WaitGroup
	var creators atomic.Int64
	for range 8 {
		group.Go(func() {
			made, err := s.Create(t.Context(), sample("acme", "whe_1", "evt_1"))
			if err != nil {
				t.Error(err)
			}
			if made {
				creators.Add(1)
			}
		})
	}
	group.Wait()
	if n := creators.Load(); n != 1 {
		t.Errorf("%d created it", n)
	}
}

func concurrentClaim(t *testing.T, s delivery.Store) {
	created(t, s, sample("acme", "whe_1", "evt_1"))
	var group sync.WaitGroup
	var claims atomic.Int64
	taken := errors.New("taken")
	for range 8 {
		group.Go(func() {
			_, err := s.Update(t.Context(), "acme", "whe_1/evt_1", func(d *delivery.Delivery) error {
				if d.Attempts > 0 {
					return taken
				}
				d.Attempts++
				return nil
			})
			if err == nil {
				claims.Add(1)
			} else if !errors.Is(err, taken) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := claims.Load(); n != 1 {
		t.Errorf("%d claimed it", n)
	}
}

func onceInATime(t *testing.T, s delivery.Store) {
	for i, step := range []struct {
		tenant, about, event string
		after                time.Duration
		want                 bool
	}{
		{"acme", "con_1/expired", "evt_1", 0, true},
		{"acme", "con_1/expired", "evt_1", time.Minute, true},
		{"acme", "con_1/expired", "evt_2", time.Minute, false},
		{"acme", "con_1/permissions", "evt_2", time.Minute, true},
		{"acme", "con_2/expired", "evt_2", time.Minute, true},
		{"globex", "con_1/expired", "evt_2", time.Minute, true},
		{"acme", "con_1/expired", "evt_3", time.Hour - 1, false},
		{"acme", "con_1/expired", "evt_3", time.Hour, true},
		{"acme", "con_1/expired", "evt_1", time.Hour, false},
	} {
		now := at.Add(step.after)
		got, err := s.Once(t.Context(), step.tenant, step.about, step.event, now, now.Add(time.Hour))
		if err != nil || got != step.want {
			t.Errorf("%d: got %v, %v, want %v", i, got, err, step.want)
		}
	}
}
