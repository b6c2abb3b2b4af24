package flow_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
)

func TestPut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_1")
	w.connect("acme", "con_2")
	made := w.put(ann, "orders", "", one("con_1"))
	want := flow.Flow{
		Tenant: "acme", ID: "orders", Name: "orders", Kind: flow.Steps, State: flow.Active, Revision: 1, Version: 1,
		CreatedAt: noon, CreatedBy: "acme/ann", UpdatedAt: noon,
		Bindings: []flow.Binding{{
			Slot: "step", Connector: "salesforce", Environments: []string{"production"}, Owner: "acme", ConnectionID: "con_1", BoundAt: noon, BoundBy: "acme/ann",
		}},
	}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := w.count("acme", "con_1"); n != 1 {
		t.Errorf("con_1 has %d bindings", n)
	}

	// Replaced: what stays bound does so since then.
	w.now = noon.Add(time.Hour)
	another := flow.Binding{Slot: "also", Connector: "salesforce", Environments: []string{"test", "production", "test"}, ConnectionID: "con_2"}
	replaced, err := w.Put(t.Context(), ann, "orders", `"1"`, flow.Define{Name: "Orders", Bindings: []flow.Binding{one("con_1"), another}})
	if err != nil {
		t.Fatal(err)
	}
	if b := replaced.Bindings; len(b) != 2 || b[0].Slot != "also" || !b[0].BoundAt.Equal(w.now) || !b[1].BoundAt.Equal(noon) {
		t.Errorf("bindings %+v", b)
	}
	if got := replaced.Bindings[0].Environments; !slices.Equal(got, []string{"production", "test"}) {
		t.Errorf("environments %v", got)
	}
	if replaced.Revision != 2 || !replaced.CreatedAt.Equal(noon) || w.count("acme", "con_2") != 1 {
		t.Errorf("replaced %+v", replaced)
	}
}

func TestPutNeedsTheVersionItReplaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	define := flow.Define{Name: "Orders"}
	for _, test := range []struct {
		ifMatch string
		code    fault.Code
	}{
		{`"1"`, fault.CodePreconditionFailed}, {"*", fault.CodePreconditionFailed}, {`"0"`, fault.CodePreconditionFailed}, {"", ""},
		{"", fault.CodePreconditionRequired}, {`"0"`, fault.CodePreconditionFailed}, {`"1"`, ""}, {`"1"`, fault.CodePreconditionFailed}, {"*", ""},
	} {
		_, err := w.Put(t.Context(), ann, "orders", test.ifMatch, define)
		if (err == nil) != (test.code == "") || err != nil && !fault.Has(err, test.code) {
			t.Errorf("If-Match %q: %v, want %q", test.ifMatch, err, test.code)
		}
	}
}

func TestPutChecksTheDefinition(t *testing.T) {
	t.Parallel()
	slot := func(name string) flow.Binding { return flow.Binding{Slot: name, Connector: "salesforce"} }
	scoped := flow.Binding{Slot: "step", Connector: "stripe", Scopes: []string{"read"}}
	var many []flow.Binding
	for i := range flow.MostBindings + 1 {
		many = append(many, slot("s"+strconv.Itoa(i)))
	}
	sync := func(slots ...string) flow.Define {
		d := flow.Define{Kind: flow.Sync, State: flow.Paused}
		for _, s := range slots {
			d.Bindings = append(d.Bindings, slot(s))
		}
		return d
	}
	of := func(bindings ...flow.Binding) flow.Define { return flow.Define{State: flow.Paused, Bindings: bindings} }
	for name, test := range map[string]struct {
		id      string
		d       flow.Define
		pointer string // Empty: it is valid.
	}{
		"an id with a key's separator":     {"a#b", of(), "/flowId"},
		"an id with a slash":               {"a/b", of(), "/flowId"},
		"an upper-case id":                 {"Orders", of(), "/flowId"},
		"an empty id":                      {"", of(), "/flowId"},
		"a long id":                        {strings.Repeat("a", 65), of(), "/flowId"},
		"a slot with a slash":              {"orders", of(slot("a/b")), "/bindings/0/slot"},
		"one slot twice":                   {"orders", of(slot("a"), slot("a")), "/bindings/1/slot"},
		"too many bindings":                {"orders", of(many...), "/bindings"},
		"an unknown connector":             {"orders", of(flow.Binding{Slot: "a", Connector: "nosuch"}), "/bindings/0/connector"},
		"scopes where there are none":      {"orders", of(scoped), "/bindings/0/scopes"},
		"a sync without a destination":     {"orders", sync("source"), "/bindings"},
		"a sync with other slots":          {"orders", sync("source", "target"), "/bindings"},
		"a sync with a third slot":         {"orders", sync("source", "destination", "more"), "/bindings"},
		"a sync":                           {"orders", sync("destination", "source"), ""},
		"steps of any names":               {"orders-2.x_y", of(slot("First"), slot("2nd")), ""},
		"as many bindings as there may be": {"orders", of(many[1:]...), ""},
	} {
		w := newWorld(t)
		_, err := w.Put(t.Context(), ann, test.id, "", test.d)
		if test.pointer == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		got := wantFault(t, err, fault.CodeValidationFailed)
		if len(got.Fields) != 1 || got.Fields[0].Pointer != test.pointer {
			t.Errorf("%s: fields %+v, want %s", name, got.Fields, test.pointer)
		}
	}
}

// What does not fit is told of all bindings at once, by their place in the request.
func TestPutNamesEveryBindingThatDoesNotFit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_1")
	w.connect("acme", "con_test", func(c *connectionRecord) { c.Environment = "test" })
	bindings := []flow.Binding{
		{Slot: "z", Connector: "salesforce", ConnectionID: "con_test"}, {Slot: "y", Connector: "salesforce", ConnectionID: "con_1"}, {Slot: "a", Connector: "stripe"},
	}
	_, err := w.Put(t.Context(), ann, "orders", "", flow.Define{Name: "Orders", Bindings: bindings})
	got := wantFault(t, err, fault.CodeBindingRefused)
	if len(got.Fields) != 2 || got.Fields[0].Pointer != "/bindings/0/connectionId" || got.Fields[1].Pointer != "/bindings/2/connectionId" {
		t.Errorf("fields %+v", got.Fields)
	}
	if _, err := w.Store.Get(t.Context(), "acme", "orders"); err == nil || w.count("acme", "con_1") != 0 {
		t.Errorf("something was stored: %v", err)
	}
}
