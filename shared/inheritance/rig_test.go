package inheritance_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/inheritance"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

// rig is a stage with the system "desk", whose workspace stands in a header, and
// whose host may be anyone's.
type rig struct {
	t         *testing.T
	now       time.Time
	templates *templatetest.Memory
	memory    *connectiontest.Memory
	secrets   *vaulttest.Secrets
	keys      vaulttest.DataKeys
	sealer    *vault.Sealer
	bus       *notifytest.Bus
	audit     *audit.Log
	service   *template.Service
	walker    *inheritance.Walker
}

func newRig(t *testing.T) *rig {
	t.Helper()
	kms := new(vaulttest.Keys)
	r := &rig{
		t: t, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), templates: templatetest.NewMemory(), memory: connectiontest.NewMemory(),
		secrets: &vaulttest.Secrets{Keys: kms}, bus: new(notifytest.Bus), keys: vaulttest.NewDataKeys(t, kms, "acme", "globex", auth.Organization),
	}
	r.memory.Templates = r.templates
	clock := func() time.Time { return r.now }
	r.sealer = &vault.Sealer{Keys: kms, DataKeys: r.keys, Now: clock}
	r.audit = &audit.Log{Store: audittest.NewMemory(), IDs: id.Maker{Now: clock}, Now: clock}
	r.service = &template.Service{
		Store: r.templates, Catalog: catalog.Catalog{Local: true, Added: []catalog.Connector{desk()}}, Secrets: r.secrets, Keys: r.keys,
		Idempotency: &idempotency.Keys{Store: idempotencytest.NewMemory(), Now: clock}, Audit: r.audit, Events: r.bus,
		Connections: r.memory, PublicURL: "https://tenon.example.com", Stage: "test", Now: clock,
	}
	r.walker = &inheritance.Walker{
		Store: r.templates, Connections: r.memory, Templates: r.service, Sealer: r.sealer, Secrets: r.secrets, Events: r.bus, Audit: r.audit, Now: clock,
	}
	return r
}

func desk() catalog.Connector {
	oauth := catalog.OAuth{
		AuthorizeURL: "https://{host}/authorize", TokenURL: "https://{host}/{realm}/token", ClientAuth: "none", Refresh: catalog.Refresh{Supported: true},
	}
	granted := oauth
	granted.AuthorizeURL = ""
	return catalog.Connector{
		ID: "desk", Name: "Desk", BaseURL: "https://{host}/{version}", Hosts: []string{"{host}"},
		Inputs: []catalog.Input{
			{Name: "host", Type: catalog.TypeHost}, {Name: "version", Type: catalog.TypeText, Default: "v1"},
			{Name: "realm", Type: catalog.TypeText, Default: "main"}, {Name: "workspace", Type: catalog.TypeText, Default: "none"},
		},
		Schemes: []catalog.Scheme{
			{
				ID: "key", Type: "api_key", Fields: []catalog.Input{{Name: "apiKey", Type: catalog.TypeSecret}},
				Apply: catalog.Placement{Headers: map[string]string{"X-Key": "{apiKey}", "X-Workspace": "{workspace}"}},
			},
			{
				ID: "person", Type: "oauth2_authorization_code", OAuth: &oauth,
				Apply: catalog.Placement{Headers: map[string]string{"Authorization": "Bearer {accessToken}", "X-Workspace": "{workspace}"}},
			},
			{
				ID: "machine", Type: "oauth2_client_credentials", OAuth: &granted,
				Apply: catalog.Placement{Headers: map[string]string{"Authorization": "Bearer {accessToken}"}},
			},
		},
	}
}

func person(tenant string) auth.Caller {
	return auth.Caller{Tenant: tenant, Home: tenant, Subject: "ann", Scopes: auth.Scopes()}
}

// define makes a template of the organization.
func (r *rig) define(scheme string, inputs map[string]string) template.Template {
	r.t.Helper()
	d := template.Define{Connector: "desk", Name: "Desk", StableKey: "desk-" + scheme, Scheme: scheme, Embedded: true, Inputs: inputs}
	if scheme != "key" {
		d.ClientID = "client-1"
	}
	made, err := r.service.Create(r.t.Context(), person(auth.Organization), d)
	must(r.t, err)
	return made
}

// change gives the template other inputs.
func (r *rig) change(t template.Template, inputs map[string]string) {
	r.t.Helper()
	_, err := r.service.Update(r.t.Context(), person(auth.Organization), t.ID, "*", template.Change{Inputs: inputs})
	must(r.t, err)
}

// connect makes a connection of the template with a credential in use.
func (r *rig) connect(t template.Template, tenant string, n int, inputs map[string]string) connection.Connection {
	r.t.Helper()
	ctx := r.t.Context()
	c := connection.Connection{
		Tenant: tenant, ID: fmt.Sprintf("con_%04d", n), Connector: t.Connector, TemplateOwner: t.Owner, TemplateID: t.ID, Scheme: t.Scheme,
		Inputs: inputs, Lifecycle: connection.Pending, Since: r.now,
	}
	given, err := r.service.CheckInputs(ctx, c, inputs)
	must(r.t, err)
	c.Inputs = given
	target, err := r.service.Address(ctx, c)
	must(r.t, err)
	c.SchemeType, c.BaseURL, c.Hosts, c.TemplateRevision = target.Scheme.Type, target.BaseURL(), target.Hosts, target.TemplateRevision
	m, _ := method.For(c.SchemeType)
	k, token, kept := connection.Credential{PromotedAt: r.now}, method.Token{}, map[string]secret.Bytes(nil)
	if t.Scheme == "key" {
		kept, k.Static = map[string]secret.Bytes{"apiKey": secret.FromString("key-of-" + tenant)}, true
	} else {
		token = method.Token{AccessToken: secret.FromString("token-of-" + tenant), Type: "Bearer"}
		k.Refreshable, k.ExpiresAt, k.MintedBy = true, r.now.Add(time.Hour), 1
	}
	if t.Scheme != "machine" {
		k.At = r.keep(c, vault.Material{Tenant: tenant, Resource: c.ID, Epoch: 1, IssuedAt: r.now, Fields: kept, RefreshToken: secret.FromString("refresh")})
	}
	l, err := m.Apply(target, kept, token)
	must(r.t, err)
	must(r.t, c.Install(ctx, r.sealer, k, l, catalog.Refresh{}, r.now))
	must(r.t, r.memory.Create(ctx, c))
	return c
}

func (r *rig) keep(c connection.Connection, m vault.Material) vault.Locator {
	r.t.Helper()
	encoded, err := m.Encode()
	must(r.t, err)
	name := "tenon/test/" + c.Tenant + "/" + c.ID
	version, err := r.secrets.Create(r.t.Context(), name, r.keys[c.Tenant].KeyARN, vault.Token(name), encoded)
	must(r.t, err)
	return vault.Locator{Secret: name, Version: version}
}

// walk lets two minutes pass and works off what is due.
func (r *rig) walk(t template.Template) error {
	r.now = r.now.Add(2 * time.Minute)
	return r.walker.Due(r.t.Context(), "run-1", due.Item{Tenant: t.Owner, Kind: due.Template, ID: t.ID, At: r.now})
}

func (r *rig) get(c connection.Connection) connection.Connection {
	r.t.Helper()
	found, err := r.memory.Get(r.t.Context(), c.Tenant, c.ID)
	must(r.t, err)
	return found
}

// lend leases the connection; what would take a refresh fails.
func (r *rig) lend(c connection.Connection) (lease.Lease, error) {
	s := lease.Service{
		Store: r.memory, Sealer: r.sealer, Audit: r.audit, Now: func() time.Time { return r.now },
		Refresher: &lease.Refresher{Store: r.memory, Templates: r.service, Sealer: r.sealer, Secrets: r.secrets, Audit: r.audit, Now: func() time.Time { return r.now }},
	}
	return s.Lease(r.t.Context(), person(c.Tenant), lease.Request{ConnectionID: c.ID, Purpose: "test"})
}

// hands fails unless the next lease has this base URL and these headers.
func (r *rig) hands(c connection.Connection, baseURL string, headers map[string]string) {
	r.t.Helper()
	l, err := r.lend(c)
	must(r.t, err)
	if l.Connection.BaseURL != baseURL || len(l.Credential.Headers) != len(headers) {
		r.t.Errorf("%s of %s: leased for %q with %d headers, want %q", c.ID, c.Tenant, l.Connection.BaseURL, len(l.Credential.Headers), baseURL)
	}
	for name, want := range headers {
		if got := l.Credential.Headers[name].Reveal(); got != want {
			r.t.Errorf("%s of %s: header %s is %q, want %q", c.ID, c.Tenant, name, got, want)
		}
	}
}

func (r *rig) status(c connection.Connection) string {
	r.t.Helper()
	c = r.get(c)
	s := connection.StatusOf(&c, r.now)
	return s.Name + " " + string(s.Reason)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// failing is a template.Store and a connection.Store whose nth write fails, before
// or after it was carried out, and every call after it.
type failing struct {
	nth   int
	after bool
	mu    sync.Mutex
	done  int
}

var errPower = fmt.Errorf("the process died")

func (f *failing) write(do func() error) error {
	f.mu.Lock()
	nth := f.done
	f.done++
	f.mu.Unlock()
	if nth < f.nth {
		return do()
	}
	if f.after && nth == f.nth {
		if err := do(); err != nil {
			return err
		}
	}
	return errPower
}

type failingTemplates struct {
	template.Store
	*failing
}

func (s failingTemplates) Update(ctx context.Context, owner, id string, change func(*template.Template) error) (t template.Template, err error) {
	err = s.write(func() error { t, err = s.Store.Update(ctx, owner, id, change); return err })
	return t, err
}

type failingConnections struct {
	connection.Store
	*failing
}

func (s failingConnections) Update(ctx context.Context, tenant, id string, change func(*connection.Connection) error) (c connection.Connection, err error) {
	err = s.write(func() error { c, err = s.Store.Update(ctx, tenant, id, change); return err })
	return c, err
}
