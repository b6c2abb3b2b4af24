package functionstest

import "github.com/tenonhq/tenon/shared/flow"

// Orders is the flow of Acme in the events, made by Integrated.
const Orders = "orders-to-stripe"

// Bindings returns the flows and what they are bound to.
func (w *World) Bindings() *flow.Service {
	return &flow.Service{Store: w.flows, Connections: w.connections, Templates: w.templates, Catalog: w.Catalog(), Audit: w.Audit, Now: w.Now}
}

// Integrated registers the flow of the events: a sync from SalesforceConnection to
// StripeConnection. Its revision is 1.
func (w *World) Integrated() {
	w.t.Helper()
	if _, err := w.Bindings().Put(w.t.Context(), Person(Acme), Orders, "", flow.Define{Name: "Orders to Stripe", Kind: flow.Sync, Bindings: []flow.Binding{
		{Slot: "source", Connector: "salesforce", Template: "salesforce", Scopes: []string{"api"}, ConnectionID: SalesforceConnection},
		{Slot: "destination", Connector: "stripe", ConnectionID: StripeConnection},
	}}); err != nil {
		w.t.Fatal(err)
	}
}
