package flow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
)

func many(name string, n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%s-%03d", name, i))
	}
	return all
}

// dying fails every so many writes, half of them when they were made already.
type dying struct {
	flow.Store
	every  int64
	writes atomic.Int64
}

var errDead = errors.New("the function was killed")

func (d *dying) Update(ctx context.Context, tenant, id string, change func(*flow.Flow) ([]connection.Connection, error)) (flow.Flow, error) {
	n := d.writes.Add(1)
	if n%d.every == 0 && n/d.every%2 == 0 {
		return flow.Flow{}, errDead
	}
	f, err := d.Store.Update(ctx, tenant, id, change)
	if n%d.every == 0 && err == nil {
		return flow.Flow{}, errDead
	}
	return f, err
}

// 500 bindings are moved by calls that die, and at no moment a flow has no usable
// connection or the counts are wrong.
func TestRebindOf500(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_a")
	w.connect("acme", "con_b")
	ids := many("flow", 250)
	for _, id := range ids {
		w.put(ann, id, flow.Active, one("con_a"), flow.Binding{Slot: "other", Connector: "salesforce", ConnectionID: "con_a"})
	}
	store := w.Store
	w.Store = &dying{Store: store, every: 17}
	done := make(chan struct{})
	var watching sync.WaitGroup
	var seen atomic.Int64
	watching.Go(func() {
		for over := false; !over; seen.Add(1) {
			select {
			case <-done:
				over = true
			default:
			}
			w.watch(store, ids)
		}
	})
	calls, moved := 0, 0
	for {
		calls++
		got, err := w.Rebind(t.Context(), ann, flow.Move{From: "con_a", To: "con_b"})
		if err != nil && !errors.Is(err, errDead) || calls > 100 {
			t.Fatal(err)
		}
		if moved += len(got.Flows); err == nil {
			if got.Remaining != 0 {
				t.Errorf("%d remain", got.Remaining)
			}
			break
		}
	}
	close(done)
	watching.Wait()
	if a, b := w.count("acme", "con_a"), w.count("acme", "con_b"); a != 0 || b != 500 || calls < 10 || seen.Load() < 2 {
		t.Errorf("%d calls leave %d and %d bindings, looked at %d times", calls, a, b, seen.Load())
	}
	for _, id := range ids {
		if diff := cmp.Diff(map[string]string{"step": "con_b", "other": "con_b"}, w.names("acme", id)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", id, diff)
		}
	}
	again, err := w.Rebind(t.Context(), ann, flow.Move{From: "con_a", To: "con_b"})
	if err != nil || len(again.Flows) != 0 || again.Remaining != 0 {
		t.Errorf("repeated: %+v, %v", again, err)
	}
}

// watch looks whether every flow can run, and whether the counts add up while
// nobody moved a flow.
func (w *world) watch(store flow.Store, ids []string) {
	ctx := w.t.Context()
	for _, id := range ids {
		f, err := store.Get(ctx, "acme", id)
		if err != nil || len(f.Bindings) != 2 || f.Bindings[0].ConnectionID != f.Bindings[1].ConnectionID {
			w.t.Errorf("%s is half moved: %+v, %v", id, f.Bindings, err)
			return
		}
		c, err := w.connections.Get(ctx, f.Bindings[0].Owner, f.Bindings[0].ConnectionID)
		if err != nil || c.Lifecycle != connection.Ready || !c.Usable(noon) {
			w.t.Errorf("%s has no usable connection: %v", id, err)
		}
	}
	a, _ := w.connections.Get(ctx, "acme", "con_a")
	b, _ := w.connections.Get(ctx, "acme", "con_b")
	if after, _ := w.connections.Get(ctx, "acme", "con_a"); after.Bindings == a.Bindings && a.Bindings+b.Bindings != 500 {
		w.t.Errorf("%d and %d bindings are not 500", a.Bindings, b.Bindings)
	}
}

func TestRebindBothWaysAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_a")
	w.connect("acme", "con_b")
	ids := many("flow", 60)
	for i, id := range ids {
		w.put(ann, id, flow.Active, one([]string{"con_a", "con_b"}[i%2]))
	}
	var wg sync.WaitGroup
	for _, m := range []flow.Move{{From: "con_a", To: "con_b"}, {From: "con_b", To: "con_a"}, {From: "con_a", To: "con_b"}} {
		wg.Go(func() {
			if _, err := w.Rebind(t.Context(), ann, m); err != nil {
				t.Errorf("%+v: %v", m, err)
			}
		})
	}
	wg.Wait()
	named := map[string]int{}
	for _, id := range ids {
		named[w.names("acme", id)["step"]]++
	}
	if a, b := w.count("acme", "con_a"), w.count("acme", "con_b"); a != named["con_a"] || b != named["con_b"] || a+b != 60 {
		t.Errorf("counted %d and %d, named %v", a, b, named)
	}
}

func TestRebindRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_a", func(c *connectionRecord) { c.GrantedScopes = []string{"api", "full"} })
	w.connect("acme", "con_b")
	w.put(ann, "easy", flow.Active, one("con_a"))
	needs := one("con_a")
	needs.Scopes = []string{"full"}
	w.put(ann, "needs-full", flow.Active, needs)
	w.put(ann, "other", flow.Active, one("con_b"))

	move := flow.Move{From: "con_a", To: "con_b"}
	got := wantFault(t, second(w.Rebind(t.Context(), ann, move)), fault.CodeBindingRefused)
	if !slices.Equal(got.Flows, []string{"needs-full"}) || got.Remedy != "grant_permissions" || w.count("acme", "con_a") != 2 {
		t.Errorf("flows %v, remedy %s, %d bindings", got.Flows, got.Remedy, w.count("acme", "con_a"))
	}
	move.DryRun = true
	dry, err := w.Rebind(t.Context(), ann, move)
	if err != nil || dry.Impact == nil || !fault.Has(dry.Impact.Refused, fault.CodeBindingRefused) || len(dry.Impact.Uses) != 1 || dry.Impact.Uses[0].Flow != "needs-full" {
		t.Errorf("dry run: %+v, %v", dry, err)
	}
	move.Flows = []string{"easy", "nosuch"}
	if dry, err = w.Rebind(t.Context(), ann, move); err != nil || dry.Impact.Refused != nil || dry.Remaining != 1 || w.count("acme", "con_a") != 2 {
		t.Errorf("dry run of one: %+v, %v", dry, err)
	}
	move.DryRun = false
	if done, err := w.Rebind(t.Context(), ann, move); err != nil || !slices.Equal(done.Flows, []string{"easy"}) || w.count("acme", "con_a") != 1 || w.count("acme", "con_b") != 2 {
		t.Errorf("one: %+v, %v", done, err)
	}
	if diff := cmp.Diff([]map[string]string{{"slot": "step", "from": "con_a", "to": "con_b"}}, w.audited("acme", "flow.rebind", "easy", "allowed")); diff != "" {
		t.Errorf("audited (-want +got):\n%s", diff)
	}
	wantFault(t, second(w.Rebind(t.Context(), ann, flow.Move{From: "con_a", To: "con_a"})), fault.CodeValidationFailed)
	wantFault(t, second(w.Rebind(t.Context(), eve, flow.Move{From: "con_a", To: "con_b"})), fault.CodeNotFound)
}

// The connection that is left may be in any state: that is when people switch.
func TestRebindOffABrokenConnection(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(*connectionRecord){
		"disabled":      func(c *connectionRecord) { c.Lifecycle = connection.Disabled },
		"dead":          func(c *connectionRecord) { c.Health.Reason = connection.ReasonReauthRequired },
		"being deleted": func(c *connectionRecord) { c.Lifecycle = connection.Deleting },
	} {
		w := newWorld(t)
		w.connect("acme", "con_a")
		w.connect("acme", "con_b")
		w.put(ann, "orders", flow.Active, one("con_a"))
		w.edit("acme", "con_a", broken)
		if got, err := w.Rebind(t.Context(), ann, flow.Move{From: "con_a", To: "con_b"}); err != nil || !slices.Equal(got.Flows, []string{"orders"}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestRebindStopsBeforeItsTimeIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_a")
	w.connect("acme", "con_b")
	for _, id := range many("flow", 5) {
		w.put(ann, id, flow.Active, one("con_a"))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // Less than is left for the answer.
	defer cancel()
	if got, err := w.Rebind(ctx, ann, flow.Move{From: "con_a", To: "con_b"}); err != nil || got.Remaining != 5 || got.API(ann).Complete {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := w.Rebind(t.Context(), ann, flow.Move{From: "con_a", To: "con_b"}); err != nil || len(got.Flows) != 5 || !got.API(ann).Complete {
		t.Errorf("the same call: %+v, %v", got, err)
	}
}
