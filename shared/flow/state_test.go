package flow_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
)

func TestActivationChecksEveryBinding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_1")
	w.connect("acme", "con_2", func(c *connectionRecord) { c.Lifecycle = connection.Disabled })
	w.put(ann, "orders", flow.Paused,
		flow.Binding{Slot: "a", Connector: "salesforce"}, flow.Binding{Slot: "b", Connector: "salesforce", ConnectionID: "con_1"},
		flow.Binding{Slot: "c", Connector: "salesforce", ConnectionID: "con_2"})
	active, paused := flow.Active, flow.Paused
	_, err := w.Update(t.Context(), ann, "orders", `"1"`, flow.Change{State: &active})
	got := wantFault(t, err, fault.CodeBindingRefused)
	want := []fault.Field{
		{Pointer: "/bindings/0/connectionId", Detail: "a: Nothing is bound, and the flow is active."},
		{Pointer: "/bindings/2/connectionId", Detail: "c: The connection has no credential that an active flow could use now."},
	}
	if diff := cmp.Diff(want, got.Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if n := w.count("acme", "con_1"); n != 0 {
		t.Errorf("a refused activation counts %d bindings", n)
	}

	if _, err := w.Bind(t.Context(), ann, "orders", "a", "", "con_1"); err != nil {
		t.Fatal(err)
	}
	w.edit("acme", "con_2", func(c *connectionRecord) { c.Lifecycle = connection.Ready })
	f, err := w.Update(t.Context(), ann, "orders", `"2"`, flow.Change{State: &active})
	if err != nil || f.Revision != 3 || w.count("acme", "con_1") != 2 || w.count("acme", "con_2") != 1 {
		t.Errorf("activated: %+v, %v", f, err)
	}
	// What became of a connection since does not keep anybody from renaming the flow.
	w.edit("acme", "con_2", func(c *connectionRecord) { c.Health.Reason = connection.ReasonReauthRequired })
	name := "Orders"
	if _, err := w.Update(t.Context(), ann, "orders", `"3"`, flow.Change{Name: &name, State: &active}); err != nil {
		t.Errorf("rename: %v", err)
	}
	same := []flow.Binding{{Slot: "a", Connector: "salesforce", ConnectionID: "con_1"}, {Slot: "c", Connector: "salesforce", ConnectionID: "con_2"}}
	if _, err := w.Put(t.Context(), ann, "orders", `"4"`, flow.Define{Name: "Orders", Bindings: same}); err != nil {
		t.Errorf("replace without the binding between: %v", err)
	}
	if _, err := w.Update(t.Context(), ann, "orders", `"5"`, flow.Change{State: &paused}); err != nil || w.count("acme", "con_1") != 0 {
		t.Errorf("pause: %v with %d bindings", err, w.count("acme", "con_1"))
	}
	wantFault(t, second(w.Update(t.Context(), ann, "orders", "", flow.Change{Name: &name})), fault.CodePreconditionRequired)
	wantFault(t, second(w.Update(t.Context(), ann, "orders", `"4"`, flow.Change{Name: &name})), fault.CodePreconditionFailed)
}

func second[T any](_ T, err error) error { return err }

func TestBind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_1")
	w.connect("acme", "con_2")
	w.connect("acme", "con_broken", func(c *connectionRecord) { c.Lifecycle = connection.Disabled })
	w.put(ann, "orders", flow.Active, one("con_1"), flow.Binding{Slot: "other", Connector: "salesforce", ConnectionID: "con_1"})
	// One of the two is repaired although the other is broken too.
	w.edit("acme", "con_1", func(c *connectionRecord) { c.Health.Reason = connection.ReasonReauthRequired })
	f, err := w.Bind(t.Context(), ann, "orders", "step", `"1"`, "con_2")
	if err != nil || f.Revision != 2 || w.count("acme", "con_1") != 1 || w.count("acme", "con_2") != 1 {
		t.Errorf("bound %+v, %v", f, err)
	}
	if diff := cmp.Diff([]map[string]string{{"slot": "step", "from": "con_1", "to": "con_2"}}, w.audited("acme", "flow.bind", "orders", "allowed")); diff != "" {
		t.Errorf("audited (-want +got):\n%s", diff)
	}
	for name, test := range map[string]struct {
		slot, ifMatch, connection string
		code                      fault.Code
	}{
		"unbound while active": {"step", "", "", fault.CodeBindingRefused},
		"not usable":           {"step", "", "con_broken", fault.CodeBindingRefused},
		"another version":      {"step", `"1"`, "con_1", fault.CodePreconditionFailed},
		"no such slot":         {"nosuch", "", "con_2", fault.CodeNotFound},
	} {
		_, err := w.Bind(t.Context(), ann, "orders", test.slot, test.ifMatch, test.connection)
		if !fault.Has(err, test.code) {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	wantFault(t, second(w.Bind(t.Context(), eve, "orders", "step", "", "con_2")), fault.CodeNotFound)
	paused := flow.Paused
	if _, err := w.Update(t.Context(), ann, "orders", "*", flow.Change{State: &paused}); err != nil {
		t.Fatal(err)
	}
	if f, err := w.Bind(t.Context(), ann, "orders", "step", "", ""); err != nil || f.Bindings[1].ConnectionID != "" || !f.Bindings[1].BoundAt.IsZero() {
		t.Errorf("unbound: %+v, %v", f.Bindings, err)
	}
	if got := w.names("acme", "orders"); got["step"] != "" || got["other"] != "con_1" {
		t.Errorf("names %v", got)
	}
}

// A connection that is disabled between the check and the write is not bound.
func TestBindSeesWhatHappensMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_1")
	w.connect("acme", "con_2")
	w.put(ann, "orders", flow.Active, one("con_1"))
	w.Connections = meanwhile{w.connections, sync.OnceFunc(func() {
		w.edit("acme", "con_2", func(c *connectionRecord) { c.Lifecycle = connection.Disabled })
	})}
	wantFault(t, second(w.Bind(t.Context(), ann, "orders", "step", "", "con_2")), fault.CodeBindingRefused)
	if got := w.names("acme", "orders")["step"]; got != "con_1" || w.count("acme", "con_1") != 1 {
		t.Errorf("names %s", got)
	}
}

// meanwhile does something after reads of con_2.
type meanwhile struct {
	connection.Store
	do func()
}

func (m meanwhile) Get(ctx context.Context, tenant, id string) (connection.Connection, error) {
	c, err := m.Store.Get(ctx, tenant, id)
	if id == "con_2" {
		m.do()
	}
	return c, err
}

func TestDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_1")
	w.put(ann, "orders", flow.Active, one("con_1"))
	wantFault(t, w.Delete(t.Context(), eve, "orders", ""), fault.CodeNotFound)
	wantFault(t, w.Delete(t.Context(), ann, "orders", `"2"`), fault.CodePreconditionFailed)
	wantFault(t, w.Delete(t.Context(), ann, "a#b", ""), fault.CodeNotFound)
	if err := w.Delete(t.Context(), ann, "orders", `"1"`); err != nil || w.count("acme", "con_1") != 0 {
		t.Errorf("%v with %d bindings", err, w.count("acme", "con_1"))
	}
	wantFault(t, w.Delete(t.Context(), ann, "orders", ""), fault.CodeNotFound)
}

func TestBound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_1")
	w.put(ann, "orders", flow.Active, one("con_1"))
	f, b, err := w.Bound(t.Context(), "acme", "orders", "step")
	if err != nil || f.ID != "orders" || b.ConnectionID != "con_1" {
		t.Errorf("%+v %+v %v", f, b, err)
	}
	for _, try := range [][3]string{{"globex", "orders", "step"}, {"acme", "other", "step"}, {"acme", "or#ders", "step"}} {
		if _, _, err := w.Bound(t.Context(), try[0], try[1], try[2]); !errors.Is(err, flow.ErrNotFound) {
			t.Errorf("%v: %v", try, err)
		}
	}
	if _, _, err := w.Bound(t.Context(), "acme", "orders", "nosuch"); !errors.Is(err, flow.ErrNoSlot) {
		t.Errorf("slot: %v", err)
	}
}
