package duetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/due"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// RunSource checks a due.Source. open returns an empty one and what plans the
// entry of a record in it.
func RunSource(t *testing.T, open func(*testing.T) (due.Source, func(due.Index, due.Item))) {
	t.Run("what is due is named whole, of every kind, in the order of time", func(t *testing.T) {
		t.Parallel()
		source, put := open(t)
		kinds := []string{"connection", "template", "delivery", "audit#seal"}
		var want []due.Item
		for n := range 12 {
			item := due.Item{Tenant: "acme", Kind: kinds[n%4], ID: "id_1", At: start.Add(time.Duration(n*7%12) * time.Nanosecond)}
			item.Tenant = fmt.Sprint("tenant-", n/4)
			if n%2 == 0 {
				item.Connector = "crm"
			}
			put(due.Expiry, item)
			want = append(want, item)
		}
		put(due.Health, due.Item{Tenant: "acme", Kind: "connection", ID: "id_1", At: start})
		slices.SortFunc(want, func(a, b due.Item) int { return a.At.Compare(b.At) })
		same(t, source, due.Expiry, due.Shard("id_1"), time.Time{}, start.Add(time.Hour), 99, want)
		for other := range due.Shards {
			if other != due.Shard("id_1") {
				same(t, source, due.Expiry, other, time.Time{}, start.Add(time.Hour), 99, nil)
			}
		}
		for _, limit := range []int{1, 2, 5, 11, 12} {
			same(t, source, due.Expiry, due.Shard("id_1"), time.Time{}, start.Add(time.Hour), limit, want[:limit])
		}
		same(t, source, due.Expiry, due.Shard("id_1"), start.Add(2*time.Nanosecond), start.Add(5*time.Nanosecond), 99, want[3:6])
		same(t, source, due.Expiry, due.Shard("id_1"), start.Add(2*time.Nanosecond), start.Add(5*time.Nanosecond), 2, want[3:5])
	})
	t.Run("after is not in it, until is", func(t *testing.T) {
		t.Parallel()
		source, put := open(t)
		item := due.Item{Tenant: "acme", Kind: "connection", ID: "id_1", At: start}
		put(due.Refresh, item)
		shard := due.Shard("id_1")
		for _, c := range []struct {
			after, until time.Duration
			want         []due.Item
		}{
			{-1, 0, []due.Item{item}}, {0, time.Hour, nil}, {-time.Hour, -1, nil}, {-time.Hour, time.Hour, []due.Item{item}}, {0, 0, nil},
		} {
			same(t, source, due.Refresh, shard, start.Add(c.after), start.Add(c.until), 5, c.want)
		}
	})
	t.Run("an entry that is planned anew stands at its new time only", func(t *testing.T) {
		t.Parallel()
		source, put := open(t)
		item := due.Item{Tenant: "acme", Kind: "connection", ID: "id_1", At: start}
		put(due.Refresh, item)
		item.At = start.Add(time.Hour)
		put(due.Refresh, item)
		same(t, source, due.Refresh, due.Shard("id_1"), time.Time{}, start.Add(time.Hour), 5, []due.Item{item})
	})
}

func same(t *testing.T, s due.Source, index due.Index, shard int, after, until time.Time, limit int, want []due.Item) {
	t.Helper()
	got, err := s.Due(t.Context(), index, shard, after, until, limit)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("shard %d from %s until %s, at most %d: %v (-want +got):\n%s", shard, after, until, limit, err, diff)
	}
}

// RunMemory checks a due.Memory.
func RunMemory(t *testing.T, open func(*testing.T) due.Memory) {
	t.Run("what is remembered comes back", func(t *testing.T) {
		t.Parallel()
		m := open(t)
		want := due.Progress{
			Index: due.Refresh, Until: start, Owner: "run-1/refresh-due", LooseAt: start.Add(1), SweptAt: start.Add(2),
			Booked: map[string]time.Time{"crm": start.Add(3), "erp": start.Add(4)}, Version: 1,
		}
		for n := range want.Reached {
			if n%3 != 1 { // Some shards were never read.
				want.Reached[n] = start.Add(time.Duration(n) * time.Minute)
				want.Seen[n], want.Loose[n] = start.Add(time.Duration(n)*time.Second), start.Add(time.Duration(n)*time.Hour)
			}
		}
		got, err := m.Update(t.Context(), due.Refresh, func(p *due.Progress) error {
			if diff := cmp.Diff(due.Progress{Index: due.Refresh}, *p); diff != "" {
				t.Errorf("before anything was remembered (-want +got):\n%s", diff)
			}
			*p = want
			p.Version = 0
			return nil
		})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v, stored (-want +got):\n%s", err, diff)
		}
		if diff := cmp.Diff(want, remembered(t, m, due.Refresh)); diff != "" {
			t.Errorf("comes back (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(due.Progress{Index: due.Health}, remembered(t, m, due.Health)); diff != "" {
			t.Errorf("of another index (-want +got):\n%s", diff)
		}
	})
	t.Run("a change that fails is not stored", func(t *testing.T) {
		t.Parallel()
		m, down := open(t), errors.New("down")
		_, err := m.Update(t.Context(), due.Refresh, func(p *due.Progress) error { p.Owner = "run-1"; return down })
		if got := remembered(t, m, due.Refresh); !errors.Is(err, down) || got.Owner != "" {
			t.Errorf("got %v and owner %q, want the failure and none", err, got.Owner)
		}
	})
	t.Run("no change is lost", func(t *testing.T) {
		t.Parallel()
		m := open(t)
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				_, err := m.Update(context.WithoutCancel(t.Context()), due.Refresh, func(p *due.Progress) error { p.Owner += "x"; return nil })
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := remembered(t, m, due.Refresh); len(got.Owner) != 8 || got.Version != 8 {
			t.Errorf("got %q in version %d, want eight changes", got.Owner, got.Version)
		}
	})
}

// remembered reads without a change.
func remembered(t *testing.T, m due.Memory, index due.Index) due.Progress {
	t.Helper()
	var seen due.Progress
	read := errors.New("only read")
	_, err := m.Update(t.Context(), index, func(p *due.Progress) error { seen = *p; return read })
	if !errors.Is(err, read) {
		t.Fatal(err)
	}
	return seen
}

// RunQueue checks a due.Queue. open returns an empty one and what a consumer
// takes from it at a time after now.
func RunQueue(t *testing.T, open func(*testing.T) (due.Queue, func(after time.Duration) []due.Item)) {
	t.Run("everything that is sent can be taken, once its delay is over", func(t *testing.T) {
		t.Parallel()
		q, take := open(t)
		var now, later []due.Item
		var messages []due.Message
		for n := range 37 {
			m := due.Message{Item: due.Item{Tenant: fmt.Sprint("tenant-", n%3), Kind: "connection", ID: fmt.Sprintf("con_%02d", n), Connector: "crm", At: start.Add(time.Duration(n))}}
			if n%2 == 0 {
				m.Delay = 4 * time.Minute
				later = append(later, m.Item)
			} else {
				now = append(now, m.Item)
			}
			messages = append(messages, m)
		}
		unsent, err := q.Send(t.Context(), messages)
		if len(unsent) != 0 || err != nil {
			t.Fatalf("%d unsent, %v", len(unsent), err)
		}
		deep(t, q, 37)
		taken(t, take(0), now)
		taken(t, take(3*time.Minute), nil)
		taken(t, take(4*time.Minute), later)
		deep(t, q, 0)
	})
	t.Run("nothing is nothing", func(t *testing.T) {
		t.Parallel()
		q, take := open(t)
		if unsent, err := q.Send(t.Context(), nil); len(unsent) != 0 || err != nil {
			t.Errorf("got %v, %v", unsent, err)
		}
		deep(t, q, 0)
		taken(t, take(0), nil)
	})
}

func deep(t *testing.T, q due.Queue, want int) {
	t.Helper()
	if got, err := q.Depth(t.Context()); got != want || err != nil {
		t.Errorf("depth: got %d, %v, want %d", got, err, want)
	}
}

func taken(t *testing.T, got, want []due.Item) {
	t.Helper()
	slices.SortFunc(got, func(a, b due.Item) int { return a.At.Compare(b.At) })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
}
