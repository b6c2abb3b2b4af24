package connect_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connect/connecttest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

// world is the service over fakes, with a provider on the other side. At the
// end of a test nothing that was written may hold a secret.
type world struct {
	*connect.Service
	t         *testing.T
	clock     *clock
	power     *power
	provider  *provider
	bus       *notifytest.Bus
	settings  settings
	stored    *vaulttest.Secrets
	templates *templatetest.Memory
	caller    auth.Caller
	stateOf   func(address *url.URL) string // Where the state does not stand in the address itself.

	mu      sync.Mutex
	secrets []string
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Millisecond)
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type settings map[string]tenant.Settings

func (s settings) GetSettings(_ context.Context, name string) (tenant.Settings, error) {
	return s[name], nil
}

// statements is a connect.IDTokenVerifier of the provider's id_tokens.
type statements struct{}

func (statements) Verify(_ context.Context, token connect.IDToken) (string, error) {
	parts := strings.Split(token.Raw.Reveal(), ".")
	if len(parts) != 3 || parts[2] != token.Nonce || token.Issuer != issuer || token.ClientID != clientID || token.JWKSURL != issuer+"/jwks" {
		return "", errors.New("id_token is not valid: " + token.Raw.String())
	}
	return parts[1], nil
}

const returnURL = "https://app.example.com/connected"

func newWorld(t *testing.T) *world {
	w := &world{
		t: t, clock: &clock{at: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}, power: new(power), provider: newProvider(),
		bus: new(notifytest.Bus), caller: caller("acme", "ann"),
		settings: settings{"acme": {ReturnURLs: []string{returnURL}}},
	}
	kms := new(vaulttest.Keys)
	dataKeys := vaulttest.NewDataKeys(t, kms, "acme", "globex", auth.Organization)
	w.stored = &vaulttest.Secrets{Keys: kms}
	log := &audit.Log{Store: entries{audittest.NewMemory(), w.power}, IDs: id.Maker{Now: w.clock.now}, Now: w.clock.now}
	unique := &idempotency.Keys{Store: keys{idempotencytest.NewMemory(), w.power}, Now: w.clock.now}
	w.templates = templatetest.NewMemory()
	records := connectiontest.NewMemory()
	records.Templates = w.templates
	vaultSecrets := secrets{w.stored, w.power}
	w.Service = &connect.Service{
		Connections: connections{records, w.power}, Handoffs: handoffs{connecttest.NewMemory(), w.power},
		Templates: &template.Service{
			Store: templates{w.templates, w.power}, Catalog: catalog.Catalog{Local: true}, Secrets: vaultSecrets, Keys: dataKeys, Idempotency: unique,
			Audit: log, HTTP: w.provider, Events: w.bus, PublicURL: "https://tenon.example.com", Stage: "test", Now: w.clock.now,
		},
		Settings: w.settings, Keys: dataKeys, Sealer: &vault.Sealer{Keys: kms, DataKeys: dataKeys, Now: w.clock.now},
		Secrets: vaultSecrets, Reach: method.Reach{HTTP: w.provider}, IDTokens: statements{}, Events: w.bus, Idempotency: unique, Audit: log,
		Stage: "test", PublicURL: "https://tenon.example.com", Now: w.clock.now,
	}
	t.Cleanup(w.searchLeaks)
	return w
}

func caller(tenant, subject string) auth.Caller {
	return auth.Caller{Tenant: tenant, Home: tenant, Subject: subject, Scopes: auth.Scopes(), RequestID: "req-1", SourceIP: "192.0.2.1"}
}

// conceal names a value that may not be found in anything written.
func (w *world) conceal(values ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.secrets = append(w.secrets, values...)
}

func (w *world) searchLeaks() {
	w.power.on()
	var list []needle
	for _, value := range append(w.secrets, mark) {
		list = append(list, needles(value)...)
	}
	for _, record := range append(w.power.all(), asAny(w.bus.Events())...) {
		for _, place := range leaks(record, list) {
			w.t.Errorf("a secret was written to %s", place)
		}
	}
}

func asAny[T any](list []T) []any {
	var out []any
	for _, v := range list {
		out = append(out, v)
	}
	return out
}

// template makes a template of the organization.
func (w *world) template(connector, scheme string, inputs map[string]string) template.Template {
	w.t.Helper()
	d := template.Define{Connector: connector, Name: connector, StableKey: connector + "-" + scheme, Scheme: scheme, Embedded: true, Inputs: inputs}
	if strings.HasPrefix(scheme, "oauth2") {
		d.ClientID, d.ClientSecret = clientID, secret.FromString(clientSecret)
	}
	made, err := w.Templates.Create(w.t.Context(), caller(auth.Organization, "bo"), d)
	must(w.t, err)
	return made
}

func (w *world) demo(scheme string) template.Template {
	w.t.Helper()
	return w.template("demo-crm", scheme, map[string]string{"baseUrl": "https://crm.example.com/dev"})
}

// pending makes a connection without a credential.
func (w *world) pending(made template.Template) connection.Connection {
	w.t.Helper()
	c, err := w.Create(w.t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM"})
	must(w.t, err)
	return c
}

func (w *world) get(id string) connection.Connection {
	w.t.Helper()
	c, err := w.Connections.Get(w.t.Context(), w.caller.Tenant, id)
	must(w.t, err)
	return c
}

func (w *world) status(id string) string {
	w.t.Helper()
	c := w.get(id)
	s := connection.StatusOf(&c, w.Now())
	if s.Reason == "" {
		return s.Name
	}
	return s.Name + "/" + string(s.Reason)
}

// hotCopy opens what a lease would hand out.
func (w *world) hotCopy(id string) vault.Leasable {
	w.t.Helper()
	c := w.get(id)
	plain, err := w.Sealer.Open(w.t.Context(), c.Place(), c.Lease)
	must(w.t, err)
	l, err := vault.DecodeLeasable(plain)
	must(w.t, err)
	return l
}

// material reads what the record points to in the secret store.
func (w *world) material(id string) vault.Material {
	w.t.Helper()
	stored, err := w.stored.Get(w.t.Context(), w.get(id).Credential.At)
	must(w.t, err)
	m, err := vault.DecodeMaterial(stored)
	must(w.t, err)
	return m
}

// secretsOf returns the names of the secrets of a tenant.
func (w *world) secretsOf(tenant string) []string {
	return slices.DeleteFunc(w.stored.Names(), func(name string) bool { return !strings.HasPrefix(name, "tenon/test/"+tenant+"/") })
}

// outcomes returns "action outcome reason" of what the audit holds of an action.
func (w *world) outcomes(action audit.Action, resource string) []string {
	w.t.Helper()
	found, _, err := w.Audit.List(w.t.Context(), w.caller, audit.Query{Action: action, Resource: resource, Limit: 100})
	must(w.t, err)
	out := []string{}
	for _, e := range slices.Backward(found) {
		out = append(out, strings.TrimSpace(e.Outcome+" "+e.Reason))
	}
	return out
}

// journey is a handoff in the browser of the person who opened it.
type journey struct {
	id      string
	context string
	ticket  string
	cookie  string
	form    string
	state   string
	address *url.URL
}

// travel goes from authorize to the provider's page.
func (w *world) travel(ask connect.Ask) journey {
	w.t.Helper()
	started, err := w.Authorize(w.t.Context(), w.caller, ask)
	must(w.t, err)
	link, err := url.Parse(started.StartURL.Reveal())
	must(w.t, err)
	j := journey{id: started.Handoff.ID, context: started.Handoff.ContextID, ticket: link.Query().Get("ticket")}
	opened, err := w.Open(w.t.Context(), j.id, j.ticket)
	must(w.t, err)
	j.cookie, j.form = opened.Cookie.Reveal(), opened.Form.Reveal()
	address, err := w.Confirm(w.t.Context(), j.id, j.cookie, j.form)
	must(w.t, err)
	j.follow(w.t, address.Reveal())
	if w.stateOf != nil {
		j.state = w.stateOf(j.address)
	}
	w.conceal(j.ticket, j.cookie, j.form, j.state, strings.TrimPrefix(j.state, j.id+"."))
	return j
}

// answer is what the provider sends back through this browser.
func (j journey) answer(pairs ...string) connect.Answer {
	q := url.Values{"state": {j.state}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return connect.Answer{ContextID: j.context, Query: q, Cookie: j.jar, RequestID: "req-2", SourceIP: "192.0.2.2"}
}

// jar is the browser's cookie jar.
func (j journey) jar(handoffID string) string {
	if handoffID == j.id {
		return j.cookie
	}
	return ""
}

// finish consents and completes.
func (w *world) finish(j journey, pairs ...string) (connect.Completed, error) {
	return w.Complete(w.t.Context(), j.answer(append([]string{"code", w.provider.consent(j.address)}, pairs...)...))
}

// connected is a connection after a whole handoff.
func (w *world) connected(made template.Template) connection.Connection {
	w.t.Helper()
	c := w.pending(made)
	_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
	must(w.t, err)
	return w.get(c.ID)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks the code of a fault, and that its text holds no secret.
func refused(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if err == nil || fault.From(err).Code != code {
		t.Errorf("got error %v, want %s", err, code)
	}
	if err != nil && strings.Contains(err.Error()+fault.From(err).Detail, mark) {
		t.Errorf("the error holds a secret: %v", err)
	}
}

// follow reads the address the browser is sent to.
func (j *journey) follow(t *testing.T, address string) {
	t.Helper()
	parsed, err := url.Parse(address)
	must(t, err)
	j.address, j.state = parsed, parsed.Query().Get("state")
}
