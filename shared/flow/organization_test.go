package flow_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/template"
)

// newShared has flows of two tenants bound to a connection of the organization.
func newShared(t *testing.T) *world {
	w := newWorld(t)
	w.connect(auth.Organization, "con_org", offer)
	w.connect(auth.Organization, "con_next", offer)
	w.connect("acme", "con_own")
	w.put(ann, "orders", flow.Active, one("con_org"))
	w.put(ann, "refunds", flow.Active, one("con_org"))
	w.put(eve, "orders", flow.Active, one("con_org"))
	return w
}

// A tenant moves its own flows off a connection of the organization, and those only.
func TestRebindOffTheOrganization(t *testing.T) {
	t.Parallel()
	w := newShared(t)
	got, err := w.Rebind(t.Context(), ann, flow.Move{From: "con_org", To: "con_own"})
	if err != nil || !slices.Equal(got.Flows, []string{"orders", "refunds"}) {
		t.Errorf("%+v, %v", got, err)
	}
	if org, own := w.count(auth.Organization, "con_org"), w.count("acme", "con_own"); org != 1 || own != 2 {
		t.Errorf("counted %d and %d", org, own)
	}
	// Told again, and by one that has no flow there, it says nothing of others.
	if got, err = w.Rebind(t.Context(), ann, flow.Move{From: "con_org", To: "con_own"}); err != nil || len(got.Flows)+got.Remaining != 0 {
		t.Errorf("again: %+v, %v", got, err)
	}
	dry, err := w.Rebind(t.Context(), ann, flow.Move{From: "con_org", To: "con_own", DryRun: true})
	if err != nil || len(dry.Impact.Uses) != 0 {
		t.Errorf("dry run: %+v, %v", dry, err)
	}
}

// What the organization stops sharing is left all the same, by who uses it.
func TestRebindOffWhatIsNotSharedAnyMore(t *testing.T) {
	t.Parallel()
	w := newShared(t)
	if _, err := w.templates.Update(t.Context(), auth.Organization, "tpl_shared", func(tpl *template.Template) error {
		tpl.Embedded = false
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := w.Rebind(t.Context(), ann, flow.Move{From: "con_org", To: "con_own"}); err != nil || len(got.Flows) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	wantFault(t, second(w.Rebind(t.Context(), ann, flow.Move{From: "con_org", To: "con_own"})), fault.CodeNotFound)
}

func TestRebindByTheOrganization(t *testing.T) {
	t.Parallel()
	w := newShared(t)
	// Its connection cannot be left for one that the tenants may not use.
	w.connect(auth.Organization, "con_inner")
	got := wantFault(t, second(w.Rebind(t.Context(), bo, flow.Move{From: "con_org", To: "con_inner"})), fault.CodeBindingRefused)
	if diff := cmp.Diff([]string{"acme/orders", "acme/refunds", "globex/orders"}, got.Flows); diff != "" {
		t.Errorf("flows (-want +got):\n%s", diff)
	}
	wantFault(t, second(w.Rebind(t.Context(), bo, flow.Move{From: "con_org", To: "con_own"})), fault.CodeNotFound)

	one, err := w.Rebind(t.Context(), bo, flow.Move{From: "con_org", To: "con_next", Flows: []string{"globex/orders"}})
	if err != nil || !slices.Equal(one.Flows, []string{"globex/orders"}) {
		t.Errorf("one: %+v, %v", one, err)
	}
	rest, err := w.Rebind(t.Context(), bo, flow.Move{From: "con_org", To: "con_next"})
	if err != nil || !slices.Equal(rest.Flows, []string{"acme/orders", "acme/refunds"}) || w.count(auth.Organization, "con_next") != 3 {
		t.Errorf("rest: %+v, %v", rest, err)
	}
	// It stands in the audit of whose flow it is.
	if got := w.audited("globex", "flow.rebind", "orders", "allowed"); len(got) != 1 || got[0]["to"] != "con_next" {
		t.Errorf("globex was told %v", got)
	}
	if f, _ := w.Store.Get(t.Context(), "globex", "orders"); f.Bindings[0].BoundBy != "org/bo" || f.Revision != 2 {
		t.Errorf("bound %+v", f.Bindings)
	}
}

// The uses of all tenants are read, over however many pages.
func TestRebindOfManyTenants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect(auth.Organization, "con_org", offer)
	w.connect(auth.Organization, "con_next", offer)
	for _, tenant := range many("tenant", 150) {
		w.put(person(tenant, "ann"), "orders", flow.Active, one("con_org"), flow.Binding{Slot: "other", Connector: "salesforce", ConnectionID: "con_org"})
	}
	got, err := w.Rebind(t.Context(), bo, flow.Move{From: "con_org", To: "con_next"})
	if err != nil || len(got.Flows) != 150 || w.count(auth.Organization, "con_next") != 300 || w.count(auth.Organization, "con_org") != 0 {
		t.Errorf("moved %d, %v", len(got.Flows), err)
	}
}

// A flow that is changed after the check so that it does not fit is left.
func TestRebindLeavesWhatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_a", func(c *connectionRecord) { c.GrantedScopes = []string{"api", "full"} })
	w.connect("acme", "con_2")
	for _, id := range []string{"a", "b", "c", "d"} {
		w.put(ann, id, flow.Active, one("con_a"))
	}
	store := w.Store
	w.Store = changing{store, func() {
		w.Store = store
		needs := one("con_a")
		needs.Scopes = []string{"full"}
		if _, err := w.Put(t.Context(), ann, "b", `"1"`, flow.Define{Name: "b", Bindings: []flow.Binding{needs}}); err != nil {
			t.Error(err)
		}
		if err := w.Delete(t.Context(), ann, "c", ""); err != nil {
			t.Error(err)
		}
		if _, err := w.Bind(t.Context(), ann, "d", "step", "", "con_2"); err != nil {
			t.Error(err)
		}
	}}
	got, err := w.Rebind(t.Context(), ann, flow.Move{From: "con_a", To: "con_2"})
	if err != nil || !slices.Equal(got.Flows, []string{"a"}) || !slices.Equal(got.Left, []string{"b"}) || got.Remaining != 1 || got.API(ann).Complete {
		t.Errorf("%+v, %v", got, err)
	}
	if w.names("acme", "b")["step"] != "con_a" || w.count("acme", "con_a") != 1 || w.count("acme", "con_2") != 2 {
		t.Errorf("b names %v", w.names("acme", "b"))
	}
}

// changing does something before the first write.
type changing struct {
	flow.Store
	do func()
}

func (c changing) Update(ctx context.Context, tenant, id string, change func(*flow.Flow) ([]connection.Connection, error)) (flow.Flow, error) {
	c.do()
	return c.Store.Update(ctx, tenant, id, change)
}
