package flow_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
)

// The connection of a paused flow may be deleted. Everything can still be done with
// the flow but to activate it as it is.
func TestPausedFlowOutlivesItsConnection(t *testing.T) {
	t.Parallel()
	active, name := flow.Active, "Renamed"
	for what, do := range map[string]func(w *world) error{
		"rename": func(w *world) error {
			return second(w.Update(t.Context(), ann, "orders", "*", flow.Change{Name: &name}))
		},
		"bind":   func(w *world) error { return second(w.Bind(t.Context(), ann, "orders", "step", "", "con_2")) },
		"unbind": func(w *world) error { return second(w.Bind(t.Context(), ann, "orders", "step", "", "")) },
		"rebind": func(w *world) error {
			return second(w.Rebind(t.Context(), ann, flow.Move{From: "con_1", To: "con_2"}))
		},
		"put": func(w *world) error {
			return second(w.Put(t.Context(), ann, "orders", "*", flow.Define{Name: "x", Bindings: []flow.Binding{one("con_2")}}))
		},
		"delete": func(w *world) error { return w.Delete(t.Context(), ann, "orders", "") },
	} {
		w := newWorld(t)
		w.connect("acme", "con_1")
		w.connect("acme", "con_2")
		w.put(ann, "orders", flow.Paused, one("con_1"))
		if err := w.connections.Delete(t.Context(), "acme", "con_1"); err != nil {
			t.Fatal(err)
		}
		wantFault(t, second(w.Update(t.Context(), ann, "orders", "*", flow.Change{State: &active})), fault.CodeBindingRefused)
		if err := do(w); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}
