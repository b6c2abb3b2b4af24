package killswitchtest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/killswitch"
)

// Run holds stores to the contract. open returns an empty one.
func Run(t *testing.T, open func(*testing.T) killswitch.Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, killswitch.Store){
		"what was stored is read":                   stored,
		"an absent one is not found":                absent,
		"an error stores nothing":                   refused,
		"active are those that are not lifted":      active,
		"the list of the active is bounded":         bounded,
		"a list is in order and pages end exactly":  pages,
		"switches made at the same time are active": together,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func at(minutes int) time.Time { return time.Date(2026, 11, 20, 9, minutes, 0, 1, time.UTC) }

func sample(n int) killswitch.Record {
	return killswitch.Record{
		ID: fmt.Sprintf("kls_%04d", n), Target: killswitch.Target{Scope: killswitch.ScopeTenant, Tenant: fmt.Sprintf("tenant-%d", n%2)},
		Reason: "leaked", StartedAt: at(1), StartedBy: "org/bo", Home: "org", Phase: killswitch.Cutting, Walk: killswitch.Walk{Pass: 1}, Due: at(2), Version: 1,
	}
}

func stored(t *testing.T, s killswitch.Store) {
	all := sample(1)
	all.Connector = "crm"
	all.FinishedAt, all.Phase, all.Version = at(3), killswitch.Done, 2
	all.Walk = killswitch.Walk{
		Pass: 2, Cursor: killswitch.Cursor{After: "a", Tenant: "b", Connection: "con_1"}, Changed: 7, Unended: 8, Owner: "lea_1", Until: at(6),
		Counts: killswitch.Counts{Total: 1, Disabled: 2, Revoked: 3, Irrevocable: 4, Pending: 5, Failed: 6}, Whole: killswitch.Counts{Total: 9},
	}
	create(t, s, sample(1))
	update(t, s, all.ID, func(r *killswitch.Record) { *r = all; r.Version = 1 })
	want(t, s, all)
	all.LiftedAt, all.LiftedBy, all.Due, all.Version = at(4), "org/bo", time.Time{}, 3
	update(t, s, all.ID, func(r *killswitch.Record) { r.LiftedAt, r.LiftedBy, r.Due = at(4), "org/bo", time.Time{} })
	want(t, s, all)
}

func absent(t *testing.T, s killswitch.Store) {
	if _, err := s.Get(t.Context(), "kls_1"); !errors.Is(err, killswitch.ErrNotFound) {
		t.Errorf("Get: got %v, want ErrNotFound", err)
	}
	if _, err := s.Get(t.Context(), "active"); !errors.Is(err, killswitch.ErrNotFound) {
		t.Errorf("Get of what is no switch: got %v, want ErrNotFound", err)
	}
	if _, err := s.Update(t.Context(), "kls_1", func(*killswitch.Record) error { return nil }); !errors.Is(err, killswitch.ErrNotFound) {
		t.Errorf("Update: got %v, want ErrNotFound", err)
	}
	wantActive(t, s)
}

func refused(t *testing.T, s killswitch.Store) {
	create(t, s, sample(1))
	no := errors.New("no")
	if _, err := s.Update(t.Context(), "kls_0001", func(r *killswitch.Record) error { r.LiftedAt = at(9); return no }); !errors.Is(err, no) {
		t.Errorf("Update: got %v, want the error of the change", err)
	}
	want(t, s, sample(1))
	wantActive(t, s, "kls_0001")
}

func active(t *testing.T, s killswitch.Store) {
	for n := range 3 {
		create(t, s, sample(n))
	}
	update(t, s, "kls_0001", func(r *killswitch.Record) { r.LiftedAt = at(9) })
	update(t, s, "kls_0002", func(r *killswitch.Record) { r.Phase = killswitch.Done })
	wantActive(t, s, "kls_0000", "kls_0002")
	update(t, s, "kls_0001", func(r *killswitch.Record) { r.Phase = killswitch.Lifted })
	update(t, s, "kls_0000", func(r *killswitch.Record) { r.LiftedAt = at(9) })
	update(t, s, "kls_0002", func(r *killswitch.Record) { r.LiftedAt = at(9) })
	wantActive(t, s)
}

func bounded(t *testing.T, s killswitch.Store) {
	for n := range killswitch.Most {
		create(t, s, sample(n))
	}
	if err := s.Create(t.Context(), sample(killswitch.Most)); !errors.Is(err, killswitch.ErrTooMany) {
		t.Errorf("one more: got %v, want ErrTooMany", err)
	}
	update(t, s, "kls_0000", func(r *killswitch.Record) { r.LiftedAt = at(9) })
	create(t, s, sample(killswitch.Most))
}

func pages(t *testing.T, s killswitch.Store) {
	for n := range 4 {
		create(t, s, sample(n))
	}
	for _, test := range []struct {
		tenant, start string
		limit         int
		want          []string
		next          string
	}{
		{"", "", 3, []string{"kls_0000", "kls_0001", "kls_0002"}, "kls_0002"},
		{"", "kls_0002", 3, []string{"kls_0003"}, ""},
		{"tenant-1", "", 2, []string{"kls_0001", "kls_0003"}, ""},
		{"tenant-1", "", 1, []string{"kls_0001"}, "kls_0001"},
		{"tenant-9", "", 2, nil, ""},
	} {
		found, next, err := s.List(t.Context(), test.tenant, test.start, test.limit)
		var got []string
		for _, r := range found {
			got = append(got, r.ID)
		}
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" || next != test.next {
			t.Errorf("List of %q after %q: next %q, %v (-want +got):\n%s", test.tenant, test.start, next, err, diff)
		}
	}
}

func together(t *testing.T, s killswitch.Store) {
	var all sync.WaitGroup
	var ids []string
	for n := range 8 {
		ids = append(ids, sample(n).ID)
		all.Go(func() { create(t, s, sample(n)) })
	}
	all.Wait()
	wantActive(t, s, ids...)
}

func create(t *testing.T, s killswitch.Store, r killswitch.Record) {
	t.Helper()
	if err := s.Create(t.Context(), r); err != nil {
		t.Errorf("Create: %v", err)
	}
}

func update(t *testing.T, s killswitch.Store, id string, by func(*killswitch.Record)) {
	t.Helper()
	if _, err := s.Update(t.Context(), id, func(r *killswitch.Record) error { by(r); return nil }); err != nil {
		t.Errorf("Update: %v", err)
	}
}

func want(t *testing.T, s killswitch.Store, want killswitch.Record) {
	t.Helper()
	got, err := s.Get(t.Context(), want.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Get: %v (-want +got):\n%s", err, diff)
	}
}

func wantActive(t *testing.T, s killswitch.Store, want ...string) {
	t.Helper()
	found, err := s.Active(t.Context())
	got := map[string]killswitch.Target{}
	for _, a := range found {
		got[a.ID] = a.Target
	}
	wanted := map[string]killswitch.Target{}
	for _, id := range want {
		r, err := s.Get(t.Context(), id)
		if err != nil {
			t.Error(err)
		}
		wanted[id] = r.Target
	}
	if diff := cmp.Diff(wanted, got); err != nil || diff != "" || len(found) != len(want) {
		t.Errorf("Active: %v (-want +got):\n%s", err, diff)
	}
}
