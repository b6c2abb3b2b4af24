package flow_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/flow/flowtest"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
)

var (
	ann  = person("acme", "ann")
	eve  = person("globex", "eve")
	bo   = person(auth.Organization, "bo")
	noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
)

func person(tenant, subject string) auth.Caller {
	return auth.Caller{Tenant: tenant, Home: tenant, Subject: subject, Scopes: auth.Scopes()}
}

// world is the service over fakes.
type world struct {
	*flow.Service
	t           *testing.T
	connections *connectiontest.Memory
	templates   *templatetest.Memory
	audits      *audittest.Memory
	now         time.Time
}

// newWorld has a template of Salesforce of each tenant, with the stable key "crm",
// and one of the organization whose connections are shared.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, connections: connectiontest.NewMemory(), templates: templatetest.NewMemory(), audits: audittest.NewMemory(), now: noon}
	w.Service = &flow.Service{
		Store: flowtest.NewMemory(w.connections), Connections: w.connections, Templates: w.templates, Catalog: catalog.Catalog{},
		Audit: &audit.Log{Store: w.audits}, Now: func() time.Time { return w.now },
	}
	for _, owner := range []string{"acme", "globex", auth.Organization} {
		w.template(template.Template{Owner: owner, ID: "tpl_crm", StableKey: "crm"})
	}
	w.template(template.Template{Owner: auth.Organization, ID: "tpl_shared", StableKey: "shared", Embedded: true, Credentials: template.Organization})
	return w
}

func (w *world) template(tpl template.Template) {
	w.t.Helper()
	if err := w.templates.Create(w.t.Context(), tpl); err != nil {
		w.t.Fatal(err)
	}
}

// connect makes a connection of Salesforce that works, but for what edit changes.
func (w *world) connect(tenant, id string, edit ...func(*connection.Connection)) {
	w.t.Helper()
	c := connection.Connection{
		Tenant: tenant, ID: id, Name: "Name of " + id, Connector: "salesforce", TemplateOwner: tenant, TemplateID: "tpl_crm", Environment: "production",
		SchemeType: "oauth2_authorization_code", GrantedScopes: []string{"api", "openid"},
		Lifecycle: connection.Ready, Health: connection.Health{CheckedAt: noon}, Credential: &connection.Credential{Version: 1, Refreshable: true},
	}
	for _, e := range edit {
		e(&c)
	}
	if err := w.connections.Create(w.t.Context(), c); err != nil {
		w.t.Fatal(err)
	}
}

// offer makes it a shared connection of the organization.
func offer(c *connection.Connection) { c.TemplateID = "tpl_shared" }

// edit changes a connection as its owner or a job would.
func (w *world) edit(tenant, id string, change func(*connection.Connection)) {
	w.t.Helper()
	if _, err := w.connections.Update(w.t.Context(), tenant, id, func(c *connection.Connection) error { change(c); return nil }); err != nil {
		w.t.Fatal(err)
	}
}

// one is a binding for Salesforce in the slot "step".
func one(connectionID string) flow.Binding {
	return flow.Binding{Slot: "step", Connector: "salesforce", ConnectionID: connectionID}
}

// put registers a flow.
func (w *world) put(caller auth.Caller, id string, state flow.State, bindings ...flow.Binding) flow.Flow {
	w.t.Helper()
	f, err := w.Put(w.t.Context(), caller, id, "", flow.Define{Name: id, State: state, Bindings: bindings})
	if err != nil {
		w.t.Fatalf("put %s: %v", id, err)
	}
	return f
}

// names returns what each binding of a flow names.
func (w *world) names(tenant, id string) map[string]string {
	w.t.Helper()
	f, err := w.Store.Get(w.t.Context(), tenant, id)
	if err != nil {
		w.t.Fatal(err)
	}
	named := map[string]string{}
	for _, b := range f.Bindings {
		named[b.Slot] = b.ConnectionID
	}
	return named
}

// count returns how many bindings of active flows name a connection.
func (w *world) count(tenant, id string) int {
	w.t.Helper()
	c, err := w.connections.Get(w.t.Context(), tenant, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return c.Bindings
}

// wantFault fails unless err is the fault, and returns it.
func wantFault(t *testing.T, err error, code fault.Code) *fault.Error {
	t.Helper()
	if !fault.Has(err, code) {
		t.Errorf("got %v, want %s", err, code)
	}
	return fault.From(err)
}

// audited returns the facts of the entries of a tenant with this action, resource
// and outcome.
func (w *world) audited(tenant string, action audit.Action, resource, outcome string) []map[string]string {
	w.t.Helper()
	found, _, err := w.audits.List(w.t.Context(), tenant, audit.Query{Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	var all []map[string]string
	for _, e := range found {
		if e.Action == action && e.Resource == resource && e.Outcome == outcome {
			all = append(all, e.Facts)
		}
	}
	return all
}
