package lease_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/vault"
)

const (
	oldSecret = "client-secret-canary-old"
	newSecret = "client-secret-canary-new"
)

// clients stands before the provider: it knows several clients, each with the
// secrets in force, and binds refresh tokens to the client id they were issued
// to (RFC 6749 6).
type clients struct {
	*methodtest.Provider

	mu      sync.Mutex
	inForce map[string][]string
	bound   map[string]string // Client id by refresh token; what is not here is client-1's.
	asked   []string          // Client ids and secrets, in order.
}

func (c *clients) Do(req *http.Request) (*http.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, password, _ := req.BasicAuth()
	c.asked = append(c.asked, id+" "+password)
	if !slices.Contains(c.inForce[id], password) {
		return reply(http.StatusUnauthorized, `{"error":"invalid_client"}`), nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	if holder, ok := c.bound[form.Get("refresh_token")]; ok && holder != id || !ok && id != "client-1" {
		return reply(http.StatusBadRequest, `{"error":"invalid_grant"}`), nil
	}
	req.URL.Path, req.Body = "/token", io.NopCloser(bytes.NewReader(body))
	req.SetBasicAuth(methodtest.ClientID, methodtest.ClientSecret)
	res, err := c.Provider.Do(req)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	var token struct {
		Refresh string `json:"refresh_token"`
	}
	if err := json.Unmarshal(answer, &token); err != nil {
		return nil, err
	}
	c.bound[token.Refresh] = id
	return reply(res.StatusCode, string(answer)), nil
}

func reply(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}
}

// accept says which secrets are in force from now on.
func (c *clients) accept(id string, secrets ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inForce[id] = secrets
}

// wantAsked checks who asked for tokens since the last look: one POST each.
func (c *clients) wantAsked(t *testing.T, want ...string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if diff := cmp.Diff(want, c.asked); diff != "" {
		t.Errorf("clients that asked (-want +got):\n%s", diff)
	}
	c.asked = nil
}

// templated is a rig whose connection was made from a template and minted by
// its only client.
type templated struct {
	*rig
	clients   *clients
	templates *template.Service
	made      template.Template
}

var owner = auth.Caller{Tenant: tenant, Home: tenant, Subject: "ann", Scopes: auth.Scopes()}

func runTemplated(t *testing.T, test func(t *testing.T, r *templated)) {
	t.Helper()
	run(t, func(t *testing.T, base *rig) {
		r := &templated{rig: base, clients: &clients{Provider: base.provider, inForce: map[string][]string{"client-1": {oldSecret}}, bound: map[string]string{}}}
		store := templatetest.NewMemory()
		base.memory.Templates = store
		r.templates = &template.Service{
			Store: store, Catalog: catalog.Catalog{Local: true}, Secrets: base.secrets, Keys: base.dataKeys, Idempotency: new(idempotency.Keys),
			Audit: &audit.Log{Store: base.audits}, Events: base.bus, PublicURL: "https://tenon.example.com", Stage: "test", Now: time.Now,
		}
		var err error
		r.made, err = r.templates.Create(t.Context(), owner, template.Define{
			Connector: "demo-crm", Name: "CRM", Scheme: base.target.Scheme.Type, Inputs: map[string]string{"baseUrl": "https://crm.example.com/dev"},
			ClientID: "client-1", ClientSecret: secret.FromString(oldSecret),
		})
		if err != nil {
			t.Fatal(err)
		}
		r.change(t, r.adopt)
		r.process = r.begin()
		test(t, r)
	})
}

// adopt makes the connection one of the template.
func (r *templated) adopt(c *connection.Connection) {
	c.TemplateOwner, c.TemplateID, c.Credential.MintedBy = tenant, r.made.ID, 1
}

// begin starts another process.
func (r *templated) begin() process {
	p := r.start()
	p.Refresher.Templates, p.Refresher.Reach.HTTP = r.templates, r.clients
	return p
}

// add stores another connection of the template, with a token of one hour.
func (r *templated) add(t *testing.T, id string) {
	t.Helper()
	access, refresh := r.provider.Issue()
	encoded, err := vault.Material{Tenant: tenant, Resource: id, RefreshToken: secret.FromString(refresh)}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	name := "tenon/test/acme/" + id + "/sec_1"
	version, err := r.secrets.Create(t.Context(), name, r.dataKeys["secrets"].KeyARN, vault.Token(id), encoded)
	if err != nil {
		t.Fatal(err)
	}
	c := connection.Connection{Tenant: tenant, ID: id, Connector: "demo-crm", SchemeType: r.target.Scheme.Type, Lifecycle: connection.Pending, SecretName: name}
	r.access = access
	r.put(t, &c, connection.Credential{
		At: vault.Locator{Secret: name, Version: version}, Refreshable: true, ExpiresAt: time.Now().Add(time.Hour), PromotedAt: time.Now(),
	})
	r.adopt(&c)
	if err := r.memory.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// update changes the template.
func (r *templated) update(t *testing.T, change template.Change) {
	t.Helper()
	if _, err := r.templates.Update(t.Context(), owner, r.made.ID, "*", change); err != nil {
		t.Fatal(err)
	}
}

func client(id, value string) template.Change {
	s := secret.FromString(value)
	return template.Change{ClientID: &id, ClientSecret: &s}
}

func rotated(id, value string) template.Change {
	change := client(id, value)
	change.KeepPrevious = true
	return change
}

// wantMinted checks which client minted the token in use, as the record and the
// progress say.
func (r *templated) wantMinted(t *testing.T, key int) {
	t.Helper()
	uses, err := r.templates.Store.Uses(t.Context(), tenant, r.made.ID)
	if got := r.record(t).Credential.MintedBy; err != nil || got != key || uses[key] != 1 || len(uses) != 1 {
		t.Errorf("minted by %d, uses %v, %v; want %d", got, uses, err, key)
	}
}

// wantIncident checks whether the template says that its client is refused, and
// how often that was told.
func (r *templated) wantIncident(t *testing.T, standing bool, events int) {
	t.Helper()
	made, err := r.templates.Get(t.Context(), owner, r.made.ID)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := r.templates.Detailed(t.Context(), owner, made)
	if err != nil || (shown.Incident != nil) != standing {
		t.Errorf("incident %+v, %v; want one: %t", shown.Incident, err, standing)
	}
	if diff := cmp.Diff(slices.Repeat([]string{"template.client_refused"}, events), r.bus.Types()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// leaseOf leases a connection of the template.
func (p process) leaseOf(ctx context.Context, id string) (lease.Lease, error) {
	caller := auth.Caller{Tenant: tenant, Home: tenant, Subject: "runtime", Scopes: []string{auth.ConnectionsLease}}
	return p.Lease(ctx, caller, lease.Request{ConnectionID: id, Purpose: "sync"})
}

// TOK-13: a refused client is one incident of the template, and no connection's.
func TestTOK13RefusedClientIsTheTemplates(t *testing.T) {
	runTemplated(t, func(t *testing.T, r *templated) {
		ids := []string{con}
		for n := range 6 {
			ids = append(ids, fmt.Sprintf("con_%d", n+2))
			r.add(t, ids[n+1])
		}
		r.clients.accept("client-1")
		time.Sleep(time.Hour - 30*time.Second)
		for _, id := range ids[:3] { // Their old token still serves.
			if l, err := r.leaseOf(t.Context(), id); err != nil || l.Refreshed {
				t.Errorf("%s: %v, refreshed %t; want the old token", id, err, l.Refreshed)
			}
		}
		time.Sleep(time.Minute)
		for _, id := range ids {
			if _, err := r.leaseOf(t.Context(), id); !fault.Has(err, fault.CodeProviderError) || fault.From(err).Remedy != "contact_admin" {
				t.Errorf("%s: %v, want provider_error and contact_admin", id, err)
			}
		}
		r.clients.wantAsked(t, slices.Repeat([]string{"client-1 " + oldSecret}, 3+len(ids))...)
		for _, id := range ids {
			c, err := r.memory.Get(t.Context(), tenant, id)
			if s := connection.StatusOf(&c, time.Now()); err != nil || s.Name != connection.StatusActive || c.Health.Ring != "o" || c.Health.Reason != "" {
				t.Errorf("%s: %s (%s), ring %q, %v; want it untouched", id, s.Name, s.Reason, c.Health.Ring, err)
			}
		}
		r.wantIncident(t, true, 1)

		r.clients.accept("client-1", newSecret)
		r.update(t, client("client-1", newSecret))
		r.wantIncident(t, false, 1)
		time.Sleep(time.Minute)
		for _, id := range ids {
			if _, err := r.leaseOf(t.Context(), id); err != nil {
				t.Errorf("%s with the client corrected: %v", id, err)
			}
		}
		r.wantIncident(t, false, 1)
	})
}

// The incident ends by itself when the system accepts the same client again.
func TestAcceptedClientEndsTheIncident(t *testing.T) {
	runTemplated(t, func(t *testing.T, r *templated) {
		r.clients.accept("client-1")
		r.expire()
		_, _ = r.lease(t.Context())
		r.wantIncident(t, true, 1)
		r.clients.accept("client-1", oldSecret)
		time.Sleep(time.Minute)
		r.token(t)
		r.wantIncident(t, false, 1)
	})
}
