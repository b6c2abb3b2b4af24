package tenant_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

var errDown = errors.New("down")

// announcing is an Announcer over fakes, whose store dies at the n-th write.
type announcing struct {
	*tenanttest.Memory
	bus    *notifytest.Bus
	writes int
	dies   int
}

func newAnnouncing() *announcing {
	return &announcing{Memory: tenanttest.NewMemory(), bus: new(notifytest.Bus), dies: -1}
}

func (a *announcing) UpdateEgress(ctx context.Context, change func(*tenant.Announced) error) (tenant.Announced, error) {
	r, err := a.Memory.UpdateEgress(ctx, func(r *tenant.Announced) error {
		if err := change(r); err != nil {
			return err
		}
		if a.writes == a.dies {
			return errDown
		}
		return nil
	})
	if err == nil {
		a.writes++
	}
	return r, err
}

func (a *announcing) announce(t *testing.T, addresses ...string) error {
	t.Helper()
	return (&tenant.Announcer{
		Store: a, Events: a.bus, Addresses: addresses, Now: func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) },
	}).Announce(t.Context())
}

// told renders the events: what was added and removed.
func (a *announcing) told() [][2]string {
	all := [][2]string{}
	for _, e := range a.bus.Events() {
		if e.Type == notify.EgressChanged && e.Tenant == "org" {
			all = append(all, [2]string{e.Detail["added"], e.Detail["removed"]})
		}
	}
	return all
}

func TestAnnounce(t *testing.T) {
	t.Parallel()
	const a, b, c = "198.51.100.7", "198.51.100.8", "2001:db8::7"
	for name, test := range map[string]struct {
		runs   [][]string // The addresses of one run after the other.
		want   [][2]string
		writes int
	}{
		"a stage without addresses":             {[][]string{{}, {}}, [][2]string{}, 0},
		"the first are no news":                 {[][]string{{a, b}, {a, b}}, [][2]string{}, 1},
		"the same in another order, or twice":   {[][]string{{a, b}, {b, a, b}}, [][2]string{}, 1},
		"one more":                              {[][]string{{a}, {b, a}, {a, b}}, [][2]string{{b, ""}}, 3},
		"one for another":                       {[][]string{{a, b}, {c, b}, {b, c}}, [][2]string{{c, a}}, 3},
		"several":                               {[][]string{{a}, {c, b}}, [][2]string{{b + "," + c, a}}, 3},
		"none any more, and again":              {[][]string{{a}, {}, {}, {a}}, [][2]string{{"", a}, {a, ""}}, 5},
		"first none, then the first":            {[][]string{{}, {a}}, [][2]string{}, 1},
		"back to what they were, each is news":  {[][]string{{a}, {b}, {a}}, [][2]string{{b, a}, {a, b}}, 5},
		"as many as a deployment may have, all": {[][]string{{a}, {a, b, c}}, [][2]string{{b + "," + c, ""}}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newAnnouncing()
			for _, addresses := range test.runs {
				if err := w.announce(t, addresses...); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(test.want, w.told()); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if w.writes != test.writes {
				t.Errorf("%d writes, want %d", w.writes, test.writes)
			}
		})
	}
}

// TestAnnounceAfterACrash: who dies between any two steps leaves it to the next
// run, which tells it under the same id.
func TestAnnounceAfterACrash(t *testing.T) {
	t.Parallel()
	const before, after = "198.51.100.7", "198.51.100.8"
	for name, test := range map[string]struct {
		crash func(*announcing) // Before the run that finds another address.
		told  int               // Until then and by the next run.
	}{
		"before it is recorded":      {func(w *announcing) { w.dies = 1 }, 1},
		"before it is told":          {func(w *announcing) { w.bus.Err = errDown }, 1},
		"before it is noted as told": {func(w *announcing) { w.dies = 2 }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newAnnouncing()
			if err := w.announce(t, before); err != nil {
				t.Fatal(err)
			}
			test.crash(w)
			if err := w.announce(t, after); !errors.Is(err, errDown) {
				t.Fatalf("got %v, want the crash", err)
			}
			w.dies, w.bus.Err = -1, nil
			for range 2 {
				if err := w.announce(t, after); err != nil {
					t.Fatal(err)
				}
			}
			ids := map[string]bool{}
			for _, e := range w.bus.Events() {
				ids[e.ID] = true
			}
			if got := w.told(); len(got) != test.told || len(ids) != 1 || got[0] != [2]string{after, before} {
				t.Errorf("told %v under %d ids, want it %d times under one", got, len(ids), test.told)
			}
			if r, err := w.GetEgress(t.Context()); err != nil || len(r.Outbox) != 0 || !cmp.Equal(r.Addresses, []string{after}) {
				t.Errorf("left %+v, %v", r, err)
			}
		})
	}
}

// TestAnnounceInOrder: what could not be told is told before what came after it.
func TestAnnounceInOrder(t *testing.T) {
	t.Parallel()
	w := newAnnouncing()
	_ = w.announce(t, "198.51.100.1")
	w.bus.Err = errDown
	_, _ = w.announce(t, "198.51.100.2"), w.announce(t, "198.51.100.3")
	w.bus.Err = nil
	if err := w.announce(t, "198.51.100.3"); err != nil {
		t.Fatal(err)
	}
	want := [][2]string{{"198.51.100.2", "198.51.100.1"}, {"198.51.100.3", "198.51.100.2"}}
	if diff := cmp.Diff(want, w.told()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}
