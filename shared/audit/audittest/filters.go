package audittest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/id"
)

// combined: filters combine with one another, with both orders and with ids.
func combined(t *testing.T, s audit.Store) {
	for n := range 8 {
		e := sample("acme", n)
		if n%2 == 1 {
			e.Actor = "user-2"
		}
		if n%4 >= 2 {
			e.Outcome = "denied"
		}
		add(t, s, e)
	}
	for _, c := range []struct {
		query audit.Query
		want  []string
	}{
		{audit.Query{Actor: "user-2"}, []string{"aud_0007", "aud_0005", "aud_0003", "aud_0001"}},
		{audit.Query{Outcome: "denied", Oldest: true}, []string{"aud_0002", "aud_0003", "aud_0006", "aud_0007"}},
		{audit.Query{Actor: "user-2", Outcome: "denied"}, []string{"aud_0007", "aud_0003"}},
		{audit.Query{Actor: "user-2", Outcome: "denied", Before: "aud_0007"}, []string{"aud_0003"}},
		{audit.Query{After: "aud_0005"}, []string{"aud_0007", "aud_0006"}},
		{audit.Query{After: "aud_0002", Before: "aud_0005", Oldest: true}, []string{"aud_0003", "aud_0004"}},
		{audit.Query{After: "aud_0005", Before: "aud_0002"}, nil},
		{audit.Query{Actor: "user-3"}, nil},
		{audit.Query{Action: audit.ConnectionDelete, Outcome: "denied"}, nil},
	} {
		c.query.Limit = 9
		found, next, err := s.List(t.Context(), "acme", c.query)
		if err != nil || next != "" {
			t.Errorf("%+v: next %q, %v", c.query, next, err)
		}
		if diff := cmp.Diff(c.want, ids(found)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.query, diff)
		}
	}
}

// times: what was made at Since is of the query, what was made at Until is not.
func times(t *testing.T, s audit.Store) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var made []string
	for n := range 4 {
		e := sample("acme", n)
		e.At = noon.Add(time.Duration(n) * time.Second)
		e.ID = id.Least(id.Audit, e.At)
		e.ID = e.ID[:len(e.ID)-1] + "1"
		made = append(made, e.ID)
		add(t, s, e)
	}
	for _, c := range []struct {
		since, until int // Seconds after noon; -1 for none.
		want         []string
	}{
		{-1, -1, made}, {1, -1, made[1:]}, {-1, 2, made[:2]}, {1, 3, made[1:3]}, {2, 2, nil}, {3, 1, nil},
	} {
		q := audit.Query{Oldest: true, Limit: 9}
		if c.since >= 0 {
			q.Since = noon.Add(time.Duration(c.since) * time.Second)
		}
		if c.until >= 0 {
			q.Until = noon.Add(time.Duration(c.until) * time.Second)
		}
		found, next, err := s.List(t.Context(), "acme", q)
		if diff := cmp.Diff(c.want, ids(found)); err != nil || next != "" || diff != "" {
			t.Errorf("from %d to %d: next %q, %v (-want +got):\n%s", c.since, c.until, next, err, diff)
		}
	}
}

// bounded: a filter that matches little answers short and empty pages, whose
// cursors lead on, and all that matches is found once.
func bounded(t *testing.T, s audit.Store) {
	for n := range 60 {
		e := sample("acme", n)
		if n == 7 || n == 33 {
			e.Resource = "con_2"
		}
		add(t, s, e)
	}
	for _, oldest := range []bool{false, true} {
		q := audit.Query{Resource: "con_2", Oldest: oldest, Limit: 5, Reads: 10}
		var found []string
		empty, pages := 0, 0
		for ; pages < 20; pages++ {
			page, next, err := s.List(t.Context(), "acme", q)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				empty++
			}
			found = append(found, ids(page)...)
			if next == "" {
				break
			}
			if oldest {
				q.After = next
			} else {
				q.Before = next
			}
		}
		want := []string{"aud_0033", "aud_0007"}
		if oldest {
			want = []string{"aud_0007", "aud_0033"}
		}
		if diff := cmp.Diff(want, found); diff != "" || empty < 3 || pages < 5 || pages == 20 {
			t.Errorf("oldest first %t: %d pages, %d of them empty (-want +got):\n%s", oldest, pages+1, empty, diff)
		}
	}
}

func ids(found []audit.Entry) []string {
	var all []string
	for _, e := range found {
		all = append(all, e.ID)
	}
	return all
}

// oldestFirst: pages in the other order go on after an id.
func oldestFirst(t *testing.T, s audit.Store) {
	for n := range 5 {
		add(t, s, sample("acme", n))
	}
	q := audit.Query{Oldest: true, Limit: 2}
	for _, want := range [][]string{{"aud_0000", "aud_0001"}, {"aud_0002", "aud_0003"}, {"aud_0004"}} {
		found, next, err := s.List(t.Context(), "acme", q)
		if diff := cmp.Diff(want, ids(found)); err != nil || diff != "" || (next == "") != (len(want) == 1) {
			t.Fatalf("after %q: next %q, %v (-want +got):\n%s", q.After, next, err, diff)
		}
		q.After = fmt.Sprint(next)
	}
}
