package functionstest

import (
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// What Share adds: a template of the organization for its own Stripe account, and
// the connection to that, which flows of every tenant may use.
const (
	SharedTemplate   = "tpl_01M7VZGC000000000000000006"
	SharedConnection = "con_01M7VZGC000000000000000006"
	SharedKey        = "rk_test_fake_acme_0006"
	TestKey          = "rk_test_fake_acme_0009" // Of test runs, in the events.
)

// OrdersSlot is the binding of the flow orders-to-stripe in the events.
const (
	OrdersFlow = "orders-to-stripe"
	OrdersSlot = "destination"
)

// Share makes the connection of the organization that every tenant's flows may use.
func (w *World) Share() {
	w.t.Helper()
	w.define(auth.Organization, SharedTemplate, template.Define{Connector: "stripe", Name: "Stripe of us all", StableKey: "stripe-of-us", Embedded: true})
	w.Template(auth.Organization, SharedTemplate, func(t *template.Template) {
		t.Credentials, t.SuppliedBy = template.Organization, template.Organization
	})
	w.create(auth.Organization, SharedConnection, connect.New{
		TemplateID: SharedTemplate, Name: "Stripe of us all", Credential: map[string]secret.Bytes{"apiKey": secret.FromString(SharedKey)},
	})
}

// Template changes the stored record of a template and returns it.
func (w *World) Template(owner, templateID string, change func(*template.Template)) template.Template {
	w.t.Helper()
	t, err := w.templates.Update(w.t.Context(), owner, templateID, func(t *template.Template) error { change(t); return nil })
	if err != nil {
		w.t.Fatal(err)
	}
	return t
}

// TestCredential gives a template its test credential, a second later, and returns
// the connection.
func (w *World) TestCredential(owner, templateID, key string) connection.Connection {
	w.t.Helper()
	w.At(w.now.Add(time.Second))
	c, err := w.Connect().PutTestCredential(w.t.Context(), Person(owner), connect.TestCredential{
		TemplateID: templateID, Credential: map[string]secret.Bytes{"apiKey": secret.FromString(key)},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// Orders registers the flow of the events, of a tenant, with one binding to a Stripe
// account: in OrdersSlot, unless it says otherwise.
func (w *World) Orders(tenant string, state flow.State, b flow.Binding) {
	w.t.Helper()
	if b.Slot == "" {
		b.Slot = OrdersSlot
	}
	b.Connector, b.Environments = "stripe", []string{"production"}
	_, err := w.flows.Update(w.t.Context(), tenant, OrdersFlow, func(f *flow.Flow) ([]connection.Connection, error) {
		f.Name, f.Kind, f.State, f.Revision, f.CreatedAt, f.UpdatedAt = OrdersFlow, flow.Steps, state, f.Revision+1, Seeded, Seeded
		f.Bindings = []flow.Binding{b}
		if b.ConnectionID == "" {
			return nil, nil
		}
		c, err := w.connections.Get(w.t.Context(), b.Owner, b.ConnectionID)
		return []connection.Connection{c}, err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// Change changes the stored record of a connection.
func (w *World) Change(tenant, connectionID string, change func(*connection.Connection)) {
	w.t.Helper()
	if _, err := w.connections.Update(w.t.Context(), tenant, connectionID, func(c *connection.Connection) error { change(c); return nil }); err != nil {
		w.t.Fatal(err)
	}
}

// LastEntry returns the newest entry in the audit of a tenant.
func (w *World) LastEntry(tenant string) audit.Entry {
	w.t.Helper()
	entries, _, err := w.entries.List(w.t.Context(), tenant, audit.Query{Limit: 1})
	if err != nil || len(entries) != 1 {
		w.t.Fatalf("got %d entries, %v", len(entries), err)
	}
	return entries[0]
}

// Switch starts a kill switch.
func (w *World) Switch(target killswitch.Target) {
	w.t.Helper()
	n := killswitch.New{Target: target, Reason: "tokens leaked", Confirm: target.Tenant}
	if _, err := w.KillSwitches().Create(w.t.Context(), Person(auth.Organization), n); err != nil {
		w.t.Fatal(err)
	}
}
