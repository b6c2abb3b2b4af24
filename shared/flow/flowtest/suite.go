package flowtest

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/flow"
)

// Stores are a store of flows and the connections whose bindings it counts.
type Stores struct {
	flow.Store
	Connections connection.Store
}

// Run runs the contract suite.
func Run(t *testing.T, open func(t *testing.T) Stores) {
	RunSequential(t, open)
	for _, c := range []contract{
		{"concurrent bindings are all counted", concurrentBindings},
		{"a connection is bound or condemned, never both", bindOrCondemn},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

type contract struct {
	name string
	test func(*testing.T, Stores)
}

// RunSequential is Run without the subtests of concurrent writes, for emulators
// that do not isolate them.
func RunSequential(t *testing.T, open func(t *testing.T) Stores) {
	for _, c := range []contract{
		{"an absent flow is not found", absent},
		{"a flow is stored as it was given", stored},
		{"an error of change stores nothing", changeFails},
		{"another tenant's flow is not found", otherTenant},
		{"bindings of active flows are counted", counted},
		{"a flow moved to another connection moves its count", moved},
		{"a connection that was written meanwhile makes change run again", startsOver},
		{"one connection in two slots counts twice", twice},
		{"a paused flow counts nothing and is still a use", paused},
		{"as many bindings as a flow may have change at once", most},
		{"deleting a flow ends its uses", deleted},
		{"uses are listed in pages", pages},
		{"flows are listed in pages", listed},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

var born = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func connected(t *testing.T, s Stores, tenant string, ids ...string) {
	t.Helper()
	for _, id := range ids {
		c := connection.Connection{Tenant: tenant, ID: id, Connector: "shopify", TemplateID: "tpl_1", TemplateOwner: "org", Lifecycle: connection.Ready, CreatedAt: born}
		if err := s.Connections.Create(t.Context(), c); err != nil {
			t.Fatalf("create %s: %v", id, err)
		}
	}
}

// bind makes the flow name the connections, one in each slot.
func bind(t *testing.T, s Stores, tenant, id string, state flow.State, connections ...string) flow.Flow {
	t.Helper()
	f, err := s.Update(t.Context(), tenant, id, func(f *flow.Flow) ([]connection.Connection, error) {
		f.Name, f.Kind, f.State, f.CreatedAt, f.Bindings = id, flow.Steps, state, born, nil
		var bound []connection.Connection
		for i, id := range connections {
			c, err := s.Connections.Get(t.Context(), tenant, id)
			if err != nil {
				return nil, err
			}
			bound = append(bound, c)
			f.Bindings = append(f.Bindings, flow.Binding{
				Slot: "slot-" + strconv.Itoa(i), Connector: "shopify", Environments: []string{"production"}, Scopes: []string{"read"},
				Owner: tenant, ConnectionID: id, BoundAt: born, BoundBy: tenant + "/ann",
			})
		}
		return bound, nil
	})
	if err != nil {
		t.Fatalf("bind %s: %v", id, err)
	}
	return f
}

func counts(t *testing.T, s Stores, tenant string, want map[string]int) {
	t.Helper()
	got := map[string]int{}
	for id := range want {
		c, err := s.Connections.Get(t.Context(), tenant, id)
		if err != nil {
			t.Fatal(err)
		}
		got[id] = c.Bindings
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bindings (-want +got):\n%s", diff)
	}
}

func users(t *testing.T, s Stores, owner, id string) []string {
	t.Helper()
	found, _, err := s.Uses(t.Context(), owner, id, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, u := range found {
		names = append(names, u.Tenant+"/"+u.Flow+"/"+u.Slot)
	}
	return names
}

func absent(t *testing.T, s Stores) {
	if _, err := s.Get(t.Context(), "acme", "orders"); !errors.Is(err, flow.ErrNotFound) {
		t.Errorf("Get: %v", err)
	}
	allow := func(flow.Flow) error { return nil }
	if err := s.Delete(t.Context(), "acme", "orders", allow); !errors.Is(err, flow.ErrNotFound) {
		t.Errorf("Delete: %v", err)
	}
}

func stored(t *testing.T, s Stores) {
	connected(t, s, "acme", "con_1", "con_2")
	want := bind(t, s, "acme", "orders", flow.Active, "con_1", "con_2")
	got, err := s.Get(t.Context(), "acme", "orders")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || got.Version != 1 {
		t.Errorf("version %d (-want +got):\n%s", got.Version, diff)
	}
}

func changeFails(t *testing.T, s Stores) {
	refused := errors.New("refused")
	_, err := s.Update(t.Context(), "acme", "orders", func(*flow.Flow) ([]connection.Connection, error) { return nil, refused })
	if !errors.Is(err, refused) {
		t.Errorf("Update: %v", err)
	}
	absent(t, s)
}

func otherTenant(t *testing.T, s Stores) {
	connected(t, s, "acme", "con_1")
	bind(t, s, "acme", "orders", flow.Active, "con_1")
	if _, err := s.Get(t.Context(), "globex", "orders"); !errors.Is(err, flow.ErrNotFound) {
		t.Errorf("Get: %v", err)
	}
	if found, _, err := s.List(t.Context(), "globex", "", 10); err != nil || len(found) != 0 {
		t.Errorf("List: %v, %v", found, err)
	}
	if found, _, err := s.Uses(t.Context(), "globex", "con_1", "", 10); err != nil || len(found) != 0 {
		t.Errorf("Uses: %v, %v", found, err)
	}
}

func counted(t *testing.T, s Stores) {
	connected(t, s, "acme", "con_1", "con_2")
	bind(t, s, "acme", "orders", flow.Active, "con_1", "con_2")
	bind(t, s, "acme", "refunds", flow.Active, "con_1")
	counts(t, s, "acme", map[string]int{"con_1": 2, "con_2": 1})
	if diff := cmp.Diff([]string{"acme/orders/slot-0", "acme/refunds/slot-0"}, users(t, s, "acme", "con_1")); diff != "" {
		t.Errorf("uses (-want +got):\n%s", diff)
	}
}

func moved(t *testing.T, s Stores) {
	connected(t, s, "acme", "con_1", "con_2")
	bind(t, s, "acme", "orders", flow.Active, "con_1")
	bind(t, s, "acme", "orders", flow.Active, "con_2")
	counts(t, s, "acme", map[string]int{"con_1": 0, "con_2": 1})
	if got := users(t, s, "acme", "con_1"); got != nil {
		t.Errorf("con_1 is used by %v", got)
	}
}

func startsOver(t *testing.T, s Stores) {
	connected(t, s, "acme", "con_1")
	runs := 0
	_, err := s.Update(t.Context(), "acme", "orders", func(f *flow.Flow) ([]connection.Connection, error) {
		runs++
		c, err := s.Connections.Get(t.Context(), "acme", "con_1")
		if err != nil {
			return nil, err
		}
		if runs == 1 {
			rename := func(c *connection.Connection) error { c.Name = "renamed"; return nil }
			if _, err := s.Connections.Update(t.Context(), "acme", "con_1", rename); err != nil {
				return nil, err
			}
		}
		f.State, f.Bindings = flow.Active, []flow.Binding{{Slot: "source", Owner: "acme", ConnectionID: "con_1"}}
		return []connection.Connection{c}, nil
	})
	if err != nil || runs != 2 {
		t.Errorf("change ran %d times: %v", runs, err)
	}
	counts(t, s, "acme", map[string]int{"con_1": 1})
}

func twice(t *testing.T, s Stores) {
	connected(t, s, "acme", "con_1", "con_2")
	bind(t, s, "acme", "copy", flow.Active, "con_1", "con_1")
	counts(t, s, "acme", map[string]int{"con_1": 2})
	bind(t, s, "acme", "copy", flow.Active, "con_1", "con_2")
	counts(t, s, "acme", map[string]int{"con_1": 1, "con_2": 1})
}

func paused(t *testing.T, s Stores) {
	connected(t, s, "acme", "con_1")
	bind(t, s, "acme", "orders", flow.Active, "con_1")
	bind(t, s, "acme", "orders", flow.Paused, "con_1")
	counts(t, s, "acme", map[string]int{"con_1": 0})
	found, _, err := s.Uses(t.Context(), "acme", "con_1", "", 10)
	if err != nil || len(found) != 1 || found[0].Active {
		t.Errorf("uses: %+v, %v", found, err)
	}
	bind(t, s, "acme", "orders", flow.Active, "con_1")
	counts(t, s, "acme", map[string]int{"con_1": 1})
}

func most(t *testing.T, s Stores) {
	before, after := make([]string, flow.MostBindings), make([]string, flow.MostBindings)
	for i := range before {
		before[i], after[i] = "con_a"+strconv.Itoa(i), "con_b"+strconv.Itoa(i)
	}
	connected(t, s, "acme", slices.Concat(before, after)...)
	bind(t, s, "acme", "orders", flow.Active, before...)
	bind(t, s, "acme", "orders", flow.Active, after...)
	counts(t, s, "acme", map[string]int{before[0]: 0, after[0]: 1, after[flow.MostBindings-1]: 1})
}

func deleted(t *testing.T, s Stores) {
	connected(t, s, "acme", "con_1")
	bind(t, s, "acme", "orders", flow.Active, "con_1")
	refused := errors.New("refused")
	if err := s.Delete(t.Context(), "acme", "orders", func(flow.Flow) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("Delete: %v", err)
	}
	counts(t, s, "acme", map[string]int{"con_1": 1})
	if err := s.Delete(t.Context(), "acme", "orders", func(flow.Flow) error { return nil }); err != nil {
		t.Fatal(err)
	}
	counts(t, s, "acme", map[string]int{"con_1": 0})
	if got := users(t, s, "acme", "con_1"); got != nil {
		t.Errorf("used by %v", got)
	}
}

func pages(t *testing.T, s Stores) {
	connected(t, s, "acme", "con_1")
	for _, id := range []string{"a", "b", "c"} {
		bind(t, s, "acme", id, flow.Active, "con_1")
	}
	var got []string
	for start := ""; ; {
		found, next, err := s.Uses(t.Context(), "acme", "con_1", start, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range found {
			got = append(got, u.Flow)
		}
		if start = next; next == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func listed(t *testing.T, s Stores) {
	connected(t, s, "acme", "con_1")
	for _, id := range []string{"a", "b", "c"} {
		bind(t, s, "acme", id, flow.Paused, "con_1")
	}
	first, next, err := s.List(t.Context(), "acme", "", 2)
	if err != nil || len(first) != 2 || next == "" {
		t.Fatalf("first page: %v, %q, %v", first, next, err)
	}
	rest, next, err := s.List(t.Context(), "acme", next, 2)
	if err != nil || len(rest) != 1 || rest[0].ID != "c" || next != "" {
		t.Errorf("second page: %v, %q, %v", rest, next, err)
	}
}

func concurrentBindings(t *testing.T, s Stores) {
	connected(t, s, "acme", "con_1")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() { bind(t, s, "acme", "flow-"+strconv.Itoa(i), flow.Active, "con_1") })
	}
	wg.Wait()
	counts(t, s, "acme", map[string]int{"con_1": 8})
}

func bindOrCondemn(t *testing.T, s Stores) {
	inUse := errors.New("in use")
	for i := range 10 {
		id := "con_" + strconv.Itoa(i)
		connected(t, s, "acme", id)
		var wg sync.WaitGroup
		var condemned, bound error
		wg.Go(func() {
			_, condemned = s.Connections.Update(t.Context(), "acme", id, func(c *connection.Connection) error {
				if c.Bindings > 0 {
					return inUse
				}
				c.Lifecycle = connection.Deleting
				return nil
			})
		})
		wg.Go(func() {
			_, bound = s.Update(t.Context(), "acme", "flow-"+id, func(f *flow.Flow) ([]connection.Connection, error) {
				c, err := s.Connections.Get(t.Context(), "acme", id)
				if err != nil || c.Lifecycle == connection.Deleting {
					return nil, errors.Join(err, connection.ErrNotFound)
				}
				f.State, f.Bindings = flow.Active, []flow.Binding{{Slot: "source", Owner: "acme", ConnectionID: id}}
				return []connection.Connection{c}, nil
			})
		})
		wg.Wait()
		if (condemned == nil) == (bound == nil) {
			t.Errorf("%s: condemned %v, bound %v: exactly one of them may fail", id, condemned, bound)
		}
	}
}
