package connectiontest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
)

var indexes = []connection.Index{connection.RefreshDue, connection.HealthDue, connection.ExpiryDue, connection.PendingDue, connection.DeviceDue, connection.ReconcileDue}

func dueUntil(t *testing.T, s connection.Store) {
	for n, at := range []time.Time{{}, now.Add(-48 * time.Hour), now.Add(-time.Millisecond), now, now.Add(time.Millisecond), now.Add(time.Hour)} {
		c := sample("acme", n)
		c.Due.Refresh = at
		store(t, s, c)
	}
	other := sample("globex", 9)
	other.Due.Refresh = now.Add(-time.Hour).In(time.FixedZone("", 7200))
	store(t, s, other)
	want := []connection.Ref{
		{Tenant: "acme", ID: "con_0001"}, {Tenant: "acme", ID: "con_0002"}, {Tenant: "acme", ID: "con_0003"},
		{Tenant: "globex", ID: "con_0009"},
	}
	dueNow(t, s, connection.RefreshDue, want)
}

func dueIndexes(t *testing.T, s connection.Store) {
	for n, set := range []func(*connection.Due){
		func(d *connection.Due) { d.Refresh = now },
		func(d *connection.Due) { d.Health = now },
		func(d *connection.Due) { d.Expiry = now },
		func(d *connection.Due) { d.Pending = now },
		func(d *connection.Due) { d.Device = now },
		func(d *connection.Due) { d.Reconcile = now },
	} {
		c := sample("acme", n)
		set(&c.Due)
		store(t, s, c)
	}
	for n, index := range indexes {
		dueNow(t, s, index, []connection.Ref{{Tenant: "acme", ID: sample("acme", n).ID}})
	}
}

func dueEnds(t *testing.T, s connection.Store) {
	c := sample("acme", 1)
	c.Due = connection.Due{Refresh: now, Health: now, Expiry: now, Pending: now, Device: now, Reconcile: now}
	store(t, s, c, func() connection.Connection { d := c; d.ID = "con_0002"; return d }())
	setDue(t, s, "con_0001", connection.Due{Health: now.Add(time.Hour)})
	if err := s.Delete(t.Context(), "acme", "con_0002"); err != nil {
		t.Fatal(err)
	}
	for _, index := range indexes {
		dueNow(t, s, index, nil)
	}
	setDue(t, s, "con_0001", connection.Due{Health: now})
	dueNow(t, s, connection.HealthDue, []connection.Ref{{Tenant: "acme", ID: "con_0001"}})
}

func dueLifecycle(t *testing.T, s connection.Store) {
	var want []connection.Ref
	for n, lifecycle := range []connection.Lifecycle{connection.Pending, connection.Ready, connection.Disabled, connection.Deleting} {
		c := sample("acme", n)
		c.Lifecycle, c.Due.Health = lifecycle, now
		store(t, s, c)
		want = append(want, connection.Ref{Tenant: "acme", ID: c.ID})
	}
	dueNow(t, s, connection.HealthDue, want)
}

func dueDrains(t *testing.T, s connection.Store) {
	const all, limit = 40, 7
	for n := range all {
		c := sample("acme", n)
		c.Due.Pending = now.Add(-time.Duration(n) * time.Minute)
		store(t, s, c)
	}
	seen := map[connection.Ref]bool{}
	for len(seen) < all {
		refs, err := s.Due(t.Context(), connection.PendingDue, now, limit)
		if err != nil {
			t.Fatalf("Due: %v", err)
		}
		if want := min(limit, all-len(seen)); len(refs) != want {
			t.Fatalf("Due with %d left: got %d refs, want %d", all-len(seen), len(refs), want)
		}
		for _, ref := range refs {
			if seen[ref] {
				t.Errorf("%v was named again after it was dealt with", ref)
			}
			seen[ref] = true
			setDue(t, s, ref.ID, connection.Due{})
		}
	}
	dueNow(t, s, connection.PendingDue, nil)
}

// dueNow compares what is due with want, which is in order of id.
func dueNow(t *testing.T, s connection.Store, index connection.Index, want []connection.Ref) {
	t.Helper()
	got, err := s.Due(t.Context(), index, now, 100)
	if err != nil {
		t.Fatalf("Due %s: %v", index, err)
	}
	slices.SortFunc(got, func(a, b connection.Ref) int { return strings.Compare(a.ID, b.ID) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", index, diff)
	}
}

func setDue(t *testing.T, s connection.Store, id string, d connection.Due) {
	t.Helper()
	_, err := s.Update(t.Context(), "acme", id, func(c *connection.Connection) error { c.Due = d; return nil })
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
}
