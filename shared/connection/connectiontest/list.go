package connectiontest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
)

func listPages(t *testing.T, s connection.Store) {
	for _, n := range []int{3, 1, 6, 2, 5, 4} {
		store(t, s, sample("acme", n))
	}
	all := []string{"con_0001", "con_0002", "con_0003", "con_0004", "con_0005", "con_0006"}
	for limit, want := range map[int][][]string{
		1:   {all[:1], all[1:2], all[2:3], all[3:4], all[4:5], all[5:]},
		3:   {all[:3], all[3:]},
		4:   {all[:4], all[4:]},
		6:   {all},
		100: {all},
	} {
		if diff := cmp.Diff(want, pages(t, s, connection.Filter{}, limit)); diff != "" {
			t.Errorf("pages of %d differ (-want +got):\n%s", limit, diff)
		}
	}
	found, _, err := s.List(t.Context(), "acme", connection.Filter{}, "con_0004x", 1)
	if err != nil || len(found) != 1 || found[0].ID != "con_0005" {
		t.Errorf("List after an id that is not there: got %v, %v; want con_0005", found, err)
	}
	want := sample("acme", 5)
	want.Version = 1
	equal(t, found[0], want)
}

func listFilters(t *testing.T, s connection.Store) {
	for n := range 60 {
		c := sample("acme", n)
		if n%2 == 1 {
			c.Connector = "shop"
		}
		if n%3 == 2 {
			c.Environment = "test"
		}
		if n%30 == 29 {
			c.TemplateID = "tpl_2"
		}
		store(t, s, c)
	}
	for _, c := range []struct {
		filter connection.Filter
		limit  int
		want   []int // Lengths of the pages.
	}{
		{connection.Filter{}, 25, []int{25, 25, 10}},
		{connection.Filter{Connector: "shop"}, 12, []int{12, 12, 6}},
		{connection.Filter{Environment: "test"}, 10, []int{10, 10}},
		{connection.Filter{TemplateID: "tpl_2"}, 1, []int{1, 1}},
		{connection.Filter{Connector: "shop", Environment: "test"}, 4, []int{4, 4, 2}},
		{connection.Filter{Connector: "shop", Environment: "test", TemplateID: "tpl_2"}, 5, []int{2}},
		{connection.Filter{Connector: "crm", TemplateID: "tpl_2"}, 5, []int{0}},
	} {
		t.Run(fmt.Sprintf("%+v", c.filter), func(t *testing.T) {
			var got []int
			for _, page := range pages(t, s, c.filter, c.limit) {
				got = append(got, len(page))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("lengths of the pages differ (-want +got):\n%s", diff)
			}
		})
	}
}

func listTenant(t *testing.T, s connection.Store) {
	store(t, s, sample("acme", 2), sample("acm", 1), sample("acme-2", 3), sample("acme_", 4))
	want := [][]string{{"con_0002"}}
	if diff := cmp.Diff(want, pages(t, s, connection.Filter{}, 10)); diff != "" {
		t.Errorf("list of acme differs (-want +got):\n%s", diff)
	}
}

// pages lists acme's connections to the end.
func pages(t *testing.T, s connection.Store, f connection.Filter, limit int) [][]string {
	t.Helper()
	var out [][]string
	for start := ""; ; {
		found, next, err := s.List(t.Context(), "acme", f, start, limit)
		if err != nil {
			t.Fatalf("List: %v", err)
		}
		ids := []string{}
		for _, c := range found {
			ids = append(ids, c.ID)
		}
		out = append(out, ids)
		if next == "" || len(out) > 100 {
			return out
		}
		start = next
	}
}
