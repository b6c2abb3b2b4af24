package walktest_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connect/connecttest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/health/healthtest"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/signing/signingtest"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

const publicURL = "https://tenon.example.com"

// world is one tenant, its template of an entry's scheme, and the provider on
// the other side.
type world struct {
	t         *testing.T
	provider  *catalogtest.Provider
	connects  *connect.Service
	leases    *lease.Service
	checks    *health.Service
	templates *template.Service
	secrets   *vaulttest.Secrets
	keys      *signing.Service
	made      template.Template

	mu  sync.Mutex
	now time.Time
}

// tick is the clock of all services and of the provider.
func (w *world) tick() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Millisecond)
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// statements checks the id_tokens of a catalogtest.Provider.
type statements struct{}

func (statements) Verify(_ context.Context, token connect.IDToken) (string, error) {
	parts := strings.Split(token.Raw.Reveal(), ".")
	if len(parts) != 3 || parts[1] != token.Nonce || token.JWKSURL == "" || token.Issuer == "" {
		return "", errors.New("id_token is not valid")
	}
	return "subject-1", nil
}

// newWorld plays the scheme, with or without what may be left out. Setup, which
// may be nil, changes the provider before it is asked anything.
func newWorld(t *testing.T, c catalog.Connector, s catalog.Scheme, optional bool, setup func(*catalogtest.Provider)) *world {
	t.Helper()
	p, err := catalogtest.New(c, s, optional)
	must(t, err)
	w := &world{t: t, provider: p, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	p.Now = w.tick
	if setup != nil {
		setup(p)
	}
	keys := new(vaulttest.Keys)
	dataKeys := vaulttest.NewDataKeys(t, keys, "acme")
	sealer := &vault.Sealer{Keys: keys, DataKeys: dataKeys, Now: w.tick}
	w.secrets = &vaulttest.Secrets{Keys: keys}
	records, store, bus := connectiontest.NewMemory(), templatetest.NewMemory(), new(notifytest.Bus)
	records.Templates = store
	log := &audit.Log{Store: audittest.NewMemory(), Now: w.tick}
	unique := &idempotency.Keys{Store: idempotencytest.NewMemory(), Now: w.tick}
	signer := new(signingtest.Keys)
	reach := method.Reach{HTTP: p, Keys: signer, Roles: &awsAccount{world: w}, Servers: server{p}, Now: w.tick, Random: rand.Reader}
	w.keys = &signing.Service{
		Store: signingtest.NewMemory(), Keys: signer, Tenants: dataKeys, Audit: log, PublicURL: publicURL, Stage: "test", Now: w.tick,
		Idempotency: &idempotency.Keys{Store: idempotencytest.NewMemory(), IDs: id.Maker{Now: w.tick}, Now: w.tick},
	}
	w.templates = &template.Service{
		Store: store, Catalog: catalog.Catalog{Local: true, Added: []catalog.Connector{c}}, Secrets: w.secrets, Keys: dataKeys, Idempotency: unique,
		Audit: log, HTTP: p, Events: bus, PublicURL: publicURL, Stage: "test", Now: w.tick,
		SigningKeys: w.keys, ExternalIDs: externalIDs{},
	}
	w.connects = &connect.Service{
		Connections: records, Handoffs: connecttest.NewMemory(), Templates: w.templates, Keys: dataKeys, Sealer: sealer, Secrets: w.secrets,
		Reach: reach, IDTokens: statements{}, Events: bus, Idempotency: unique, Audit: log, Stage: "test", PublicURL: publicURL, Now: w.tick,
	}
	refresher := &lease.Refresher{
		Store: records, Templates: w.templates, Sealer: sealer, Secrets: w.secrets, Reach: reach, Events: bus, Audit: log, Now: w.tick,
		Outages: &outage.Monitor{Store: new(outagetest.Memory), Events: bus, Now: w.tick},
		Sleep:   func(_ context.Context, d time.Duration) error { w.advance(d); return nil },
	}
	w.leases = &lease.Service{Store: records, Sealer: sealer, Refresher: refresher, Audit: log, Now: w.tick}
	w.checks = &health.Service{
		Store: records, Histories: new(healthtest.Memory), Connectors: catalog.Catalog{Local: true, Added: []catalog.Connector{c}}, Outages: refresher.Outages,
		Templates: w.templates, Refresher: refresher, Sealer: sealer, Reach: reach, Events: bus, Audit: log, Now: w.tick,
	}
	w.define()
	w.registerKey()
	t.Cleanup(func() {
		for _, complaint := range p.Complaints() {
			t.Errorf("the provider complains: %s", complaint)
		}
	})
	return w
}

// define makes the template. Where the issuer is asked for its endpoints, it is
// the template that names it.
func (w *world) define() {
	w.t.Helper()
	p := w.provider
	d := template.Define{Connector: p.Connector.ID, Name: "Template", Scheme: p.Scheme.ID}
	id, shared := p.Client()
	d.ClientID = id
	if shared != "" {
		d.ClientSecret = secret.FromString(shared)
	}
	if o := p.Scheme.OAuth; o != nil && o.Discovery {
		d.Inputs = map[string]string{"issuer": p.Inputs["issuer"]}
	}
	var err error
	w.made, err = w.templates.Create(w.t.Context(), ann(), d)
	must(w.t, err)
	p.RedirectURI = publicURL + "/v1/oauth/callback/" + w.made.ID
}

func ann() auth.Caller {
	return auth.Caller{Tenant: "acme", Home: "acme", Subject: "ann", Scopes: auth.Scopes(), RequestID: "req-1"}
}

// create makes a connection with these members of a static credential.
func (w *world) create(ctx context.Context, fields map[string]string) (connection.Connection, error) {
	n := connect.New{TemplateID: w.made.ID, Name: "Account", Inputs: map[string]string{}}
	for name, text := range w.provider.Inputs {
		if _, fixed := w.made.Inputs[name]; !fixed {
			n.Inputs[name] = text
		}
	}
	if len(fields) > 0 {
		n.Credential = map[string]secret.Bytes{}
	}
	for name, text := range fields {
		n.Credential[name] = secret.FromString(text)
	}
	return w.connects.Create(ctx, ann(), n)
}

// consent goes from the start link through the provider's page, and returns the
// answer that the browser brings back.
func (w *world) consent(c connection.Connection) connect.Answer {
	w.t.Helper()
	started, err := w.connects.Authorize(w.t.Context(), ann(), connect.Ask{ConnectionID: c.ID})
	must(w.t, err)
	link, err := url.Parse(started.StartURL.Reveal())
	must(w.t, err)
	opened, err := w.connects.Open(w.t.Context(), started.Handoff.ID, link.Query().Get("ticket"))
	must(w.t, err)
	address, err := w.connects.Confirm(w.t.Context(), started.Handoff.ID, opened.Cookie.Reveal(), opened.Form.Reveal())
	must(w.t, err)
	query, err := w.provider.Authorize(address.Reveal())
	must(w.t, err)
	return connect.Answer{
		ContextID: started.Handoff.ContextID, Query: query, RequestID: "req-2",
		Cookie: func(string) string { return opened.Cookie.Reveal() },
	}
}

// connected is a connection of the scheme, in whatever way it is made.
func (w *world) connected() connection.Connection {
	w.t.Helper()
	fields := w.provider.Fields
	if w.handsOff() {
		fields = nil
	}
	c, err := w.create(w.t.Context(), fields)
	must(w.t, err)
	if w.handsOff() {
		_, err := w.connects.Complete(w.t.Context(), w.consent(c))
		must(w.t, err)
	}
	return w.get(c.ID)
}

// handsOff reports whether a person has to agree in the browser.
func (w *world) handsOff() bool {
	s := w.provider.Scheme
	return s.Type == handoff || s.OAuth1 != nil && s.OAuth1.RequestURL != ""
}

func (w *world) get(id string) connection.Connection {
	w.t.Helper()
	c, err := w.connects.Connections.Get(w.t.Context(), "acme", id)
	must(w.t, err)
	return c
}

func (w *world) lease(id string) (lease.Lease, error) {
	return w.leases.Lease(w.t.Context(), ann(), lease.Request{ConnectionID: id, Purpose: "sync"})
}

// nothing checks that no connection and no secret but the template's is left.
func (w *world) nothing() {
	w.t.Helper()
	found, _, err := w.connects.Connections.List(w.t.Context(), "acme", connection.Filter{}, "", 10)
	must(w.t, err)
	if len(found) > 0 {
		w.t.Errorf("%d connections are left", len(found))
	}
	for _, name := range w.secrets.Names() {
		if !strings.Contains(name, "/"+w.made.ID+"/") {
			w.t.Errorf("secret %s is left", name)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
