package audittest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
)

// Run checks a store against the documentation of audit.Store, with a new, empty
// store for every subtest.
func Run(t *testing.T, open func(t *testing.T) audit.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, audit.Store)
	}{
		{"an empty audit", empty},
		{"entries come back whole", whole},
		{"an entry cannot be written over", appendOnly},
		{"a list is newest first and pages end exactly", pages},
		{"a list is filtered in full pages", filters},
		{"a list holds one tenant", tenants},
		{"filters combine", combined},
		{"a list is bounded by times", times},
		{"a list is oldest first where that is wanted", oldestFirst},
		{"a filter that matches little ends in time", bounded},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func sample(tenant string, n int) audit.Entry {
	return audit.Entry{
		ID: fmt.Sprintf("aud_%04d", n), Tenant: tenant, At: time.Date(2026, 3, 1, 12, 0, n, 1, time.UTC), Actor: "user-1",
		Action: audit.ConnectionUpdate, Resource: "con_1", Outcome: "allowed", Facts: map[string]string{"run": "", "key": "value"},
	}
}

func empty(t *testing.T, s audit.Store) {
	found, next, err := s.List(t.Context(), "acme", audit.Query{Limit: 10})
	if err != nil || len(found) != 0 || next != "" {
		t.Errorf("List: got %d entries, next %q, error %v; want nothing", len(found), next, err)
	}
}

func whole(t *testing.T, s audit.Store) {
	given := sample("acme", 1)
	add(t, s, given)
	given.Facts["key"] = "changed"
	for range 2 {
		found, _, err := s.List(t.Context(), "acme", audit.Query{Limit: 10})
		if err != nil {
			t.Fatalf("List: %v", err)
		}
		if diff := cmp.Diff([]audit.Entry{sample("acme", 1)}, found); diff != "" {
			t.Fatalf("stored entry differs (-want +got):\n%s", diff)
		}
		found[0].Facts["key"] = "changed"
	}
}

func appendOnly(t *testing.T, s audit.Store) {
	add(t, s, sample("acme", 1))
	again := sample("acme", 1)
	again.Outcome = "denied"
	if err := s.Append(t.Context(), again); err == nil {
		t.Error("Append of a used id: no error, want one")
	}
	found, _, err := s.List(t.Context(), "acme", audit.Query{Limit: 10})
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	if diff := cmp.Diff([]audit.Entry{sample("acme", 1)}, found); diff != "" {
		t.Errorf("stored entry differs (-want +got):\n%s", diff)
	}
}

func pages(t *testing.T, s audit.Store) {
	for _, n := range []int{3, 1, 4, 2} {
		add(t, s, sample("acme", n))
	}
	for limit, want := range map[int][][]string{
		1: {{"aud_0004"}, {"aud_0003"}, {"aud_0002"}, {"aud_0001"}},
		2: {{"aud_0004", "aud_0003"}, {"aud_0002", "aud_0001"}},
		3: {{"aud_0004", "aud_0003", "aud_0002"}, {"aud_0001"}},
		9: {{"aud_0004", "aud_0003", "aud_0002", "aud_0001"}},
	} {
		if diff := cmp.Diff(want, walk(t, s, audit.Query{Limit: limit})); diff != "" {
			t.Errorf("pages of %d differ (-want +got):\n%s", limit, diff)
		}
	}
	older := walk(t, s, audit.Query{Before: "aud_0003", Limit: 9})
	if diff := cmp.Diff([][]string{{"aud_0002", "aud_0001"}}, older); diff != "" {
		t.Errorf("entries before aud_0003 differ (-want +got):\n%s", diff)
	}
}

func filters(t *testing.T, s audit.Store) {
	for n := range 60 {
		e := sample("acme", n)
		if n%2 == 1 {
			e.Action = audit.ConnectionDelete
		}
		if n%3 == 2 {
			e.Resource = "con_2"
		}
		add(t, s, e)
	}
	for _, c := range []struct {
		query audit.Query
		want  []int // Lengths of the pages.
	}{
		{audit.Query{Limit: 25}, []int{25, 25, 10}},
		{audit.Query{Action: audit.ConnectionDelete, Limit: 12}, []int{12, 12, 6}},
		{audit.Query{Resource: "con_2", Limit: 10}, []int{10, 10}},
		{audit.Query{Action: audit.ConnectionDelete, Resource: "con_2", Limit: 4}, []int{4, 4, 2}},
		{audit.Query{Action: audit.ConnectionDelete, Resource: "con_2", Before: "aud_0030", Limit: 4}, []int{4, 1}},
		{audit.Query{Resource: "con_3", Limit: 4}, []int{0}},
	} {
		t.Run(fmt.Sprintf("%+v", c.query), func(t *testing.T) {
			var got []int
			for _, page := range walk(t, s, c.query) {
				got = append(got, len(page))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("lengths of the pages differ (-want +got):\n%s", diff)
			}
		})
	}
}

func tenants(t *testing.T, s audit.Store) {
	add(t, s, sample("acme", 1))
	add(t, s, sample("acm", 1)) // The id is free in another tenant.
	add(t, s, sample("acme-2", 2))
	if diff := cmp.Diff([][]string{{"aud_0001"}}, walk(t, s, audit.Query{Limit: 10})); diff != "" {
		t.Errorf("audit of acme differs (-want +got):\n%s", diff)
	}
}

func add(t *testing.T, s audit.Store, e audit.Entry) {
	t.Helper()
	if err := s.Append(t.Context(), e); err != nil {
		t.Fatalf("Append %s: %v", e.ID, err)
	}
}

// walk lists acme's entries to the end.
func walk(t *testing.T, s audit.Store, q audit.Query) [][]string {
	t.Helper()
	var out [][]string
	for {
		found, next, err := s.List(t.Context(), "acme", q)
		if err != nil {
			t.Fatalf("List: %v", err)
		}
		ids := []string{}
		for _, e := range found {
			ids = append(ids, e.ID)
		}
		out = append(out, ids)
		if next == "" || len(out) > 100 {
			return out
		}
		q.Before = next
	}
}
