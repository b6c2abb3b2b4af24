package functionstest

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// seed makes the records through the services, as callers would have.
func (w *World) seed() {
	w.t.Helper()
	for name, title := range map[string]string{Acme: "Acme GmbH", Globex: "Globex Corporation"} {
		if _, err := w.Onboarding().Create(w.t.Context(), Person(auth.Organization), name, title, false); err != nil {
			w.t.Fatal(err)
		}
	}
	settings := tenant.Settings{Reminders: true, Admins: []string{"ann@acme.example"}, ReturnURLs: []string{ReturnURL}}
	if _, err := w.Tenancy().PutSettings(w.t.Context(), Person(Acme), `"0"`, settings); err != nil {
		w.t.Fatal(err)
	}
	client := secret.FromString("fake-client-secret-of-acme-0001")
	const code = "oauth2_authorization_code"
	w.define(Acme, Salesforce, template.Define{Connector: "salesforce", Name: "Salesforce", Scheme: code, ClientID: "fake-client-of-acme", ClientSecret: client})
	w.define(Acme, Stripe, template.Define{Connector: "stripe", Name: "Stripe"})
	w.define(Acme, Unused, template.Define{Connector: "hubspot", Name: "HubSpot", Scheme: code, ClientID: "fake-client-of-acme", ClientSecret: client})
	w.define(auth.Organization, Organization, template.Define{
		Connector: "salesforce", Name: "Salesforce for everyone", Scheme: code, Embedded: true,
		ClientID: "fake-client-of-org", ClientSecret: secret.FromString("fake-client-secret-of-org-0001"),
	})
	w.create(Acme, StripeConnection, connect.New{
		TemplateID: Stripe, Name: "Stripe of the sales team", Labels: map[string]string{"team": "sales"},
		Credential: map[string]secret.Bytes{"apiKey": secret.FromString(StripeKey)},
	})
	w.SignIn(Acme, SalesforceConnection, Salesforce)
	w.At(Now.Add(-5 * time.Minute))
	w.Pending(Acme, PendingConnection, Salesforce)
}

// Pending makes a connection of a Salesforce template that nobody signed in to.
func (w *World) Pending(tenant, connectionID, templateID string) {
	w.t.Helper()
	w.create(tenant, connectionID, connect.New{
		TemplateID: templateID, Name: "Salesforce of " + tenant, Inputs: map[string]string{"host": "login.salesforce.com"},
	})
}

// Ledger defines the connector of the event connector-put.
func (w *World) Ledger() {
	w.t.Helper()
	var body struct{ Definition json.RawMessage }
	if err := json.Unmarshal([]byte(webtest.Event(w.t, Event("connector-put")).Body), &body); err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.Connectors().Put(w.t.Context(), Person(auth.Organization), "own-ledger", "", body.Definition); err != nil {
		w.t.Fatal(err)
	}
}

// Certified makes a connection of a system that takes client certificates, and
// has none yet.
func (w *World) Certified() {
	w.t.Helper()
	inputs := map[string]string{"baseUrl": "https://mutual.example.com", "verifyPath": "me"}
	w.define(Acme, CertificateTemplate, template.Define{Connector: "custom-rest", Name: "Mutual TLS", Scheme: "client_certificate", Inputs: inputs})
	w.create(Acme, CertificateConnection, connect.New{TemplateID: CertificateTemplate, Name: "Mutual TLS"})
}

// Staged saves NextStripeKey as the pending key of StripeConnection, which then
// has revision 3.
func (w *World) Staged() {
	w.t.Helper()
	key := map[string]secret.Bytes{"apiKey": secret.FromString(NextStripeKey)}
	if _, err := w.Connect().StageCredential(w.t.Context(), Person(Acme), StripeConnection, `"2"`, key); err != nil {
		w.t.Fatal(err)
	}
}

// Signing makes a signing key of the tenant for ES256.
func (w *World) Signing(tenant, keyID string) {
	w.t.Helper()
	s := w.KeyMaking()
	s.Idempotency = &idempotency.Keys{IDs: w.exactly(keyID)}
	if _, err := s.Create(w.t.Context(), Person(tenant), signing.New{Algorithm: signing.ES256}); err != nil {
		w.t.Fatal(err)
	}
}

// StripeLease returns the key that a lease of StripeConnection hands out.
func (w *World) StripeLease() string {
	w.t.Helper()
	l, err := w.Lease().Lease(w.t.Context(), Person(Acme), lease.Request{ConnectionID: StripeConnection, Purpose: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.TrimPrefix(l.Credential.Headers["Authorization"].Reveal(), "Bearer ")
}

// Kill starts the kill switch of the events, on the connector of
// SalesforceConnection.
func (w *World) Kill() {
	w.t.Helper()
	s := w.KillSwitches()
	s.IDs = w.exactly(KillSwitch)
	n := killswitch.New{
		Target: killswitch.Target{Scope: killswitch.ScopeConnector, Connector: "salesforce"}, Reason: "tokens leaked", Confirm: "salesforce",
	}
	if _, err := s.Create(w.t.Context(), Person(auth.Organization), n); err != nil {
		w.t.Fatal(err)
	}
}

// Disconnect ends a connection.
func (w *World) Disconnect(tenant, connectionID string) {
	w.t.Helper()
	if _, err := w.Connect().Disconnect(w.t.Context(), Person(tenant), connectionID, ""); err != nil {
		w.t.Fatal(err)
	}
}

func (w *World) define(owner, templateID string, d template.Define) {
	w.t.Helper()
	s := w.Templates()
	s.Idempotency = &idempotency.Keys{IDs: w.exactly(templateID)}
	if _, err := s.Create(w.t.Context(), Person(owner), d); err != nil {
		w.t.Fatal(err)
	}
}

func (w *World) create(tenant, connectionID string, n connect.New) {
	w.t.Helper()
	s := w.Connect()
	s.Idempotency = &idempotency.Keys{IDs: w.exactly(connectionID)}
	if _, err := s.Create(w.t.Context(), Person(tenant), n); err != nil {
		w.t.Fatal(err)
	}
}

// Bind registers a flow of a tenant that names a connection in its slot source.
func (w *World) Bind(tenant, flowID string, state flow.State, connectionID string, scopes ...string) {
	w.t.Helper()
	_, err := w.flows.Update(w.t.Context(), tenant, flowID, func(f *flow.Flow) ([]connection.Connection, error) {
		c, err := w.connections.Get(w.t.Context(), tenant, connectionID)
		f.Name, f.Kind, f.State, f.Revision, f.CreatedAt, f.UpdatedAt = flowID, flow.Steps, state, f.Revision+1, Seeded, Seeded
		f.Bindings = []flow.Binding{{
			Slot: "source", Connector: c.Connector, Environments: []string{"production"}, Scopes: scopes,
			Owner: tenant, ConnectionID: connectionID, BoundAt: Seeded, BoundBy: tenant + "/ann",
		}}
		return []connection.Connection{c}, err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
