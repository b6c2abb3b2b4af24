package connect_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// The two sites of most tests, as the system lists them.
const (
	north = "site-north"
	south = "site-south"
)

func site(id string) map[string]any {
	return map[string]any{"id": id, "name": "The " + id, "kind": "SITE", "host": "https://" + id + ".sites.example.com", "url": "https://" + id + ".example.com"}
}

// sites is a connector whose credential reaches several sites, each at an address
// of its own, and named in a header too.
func sites() catalog.Connector {
	accounts := &catalog.Accounts{
		Request: catalog.Request{Method: http.MethodGet, URL: "https://api.sites.example.com/sites"}, Items: "sites",
		ID: "id", Name: "name", Kind: "kind", URL: "url",
		Capture: []catalog.Capture{
			{Name: "siteId", From: "account", Path: "id", Type: catalog.TypeSegment},
			{Name: "siteUrl", From: "account", Path: "host", Type: catalog.TypeURL, Host: "*.sites.example.com"},
		},
	}
	return catalog.Connector{
		ID: "test-sites", Name: "Sites", Network: "public", BaseURL: "{siteUrl}/api", Hosts: []string{"*.sites.example.com"},
		Verify: &catalog.Request{Method: http.MethodGet, URL: "{siteUrl}/api/me"},
		Schemes: []catalog.Scheme{
			{
				ID: "oauth2_authorization_code", Type: "oauth2_authorization_code", Name: "Sign in", Accounts: accounts,
				Apply: catalog.Placement{Headers: map[string]string{"Authorization": "Bearer {accessToken}", "X-Site": "{siteId}"}},
				OAuth: &catalog.OAuth{
					AuthorizeURL: "https://login.sites.example.com/authorize", TokenURL: "https://login.sites.example.com/token",
					RevokeURL: "https://login.sites.example.com/revoke", ClientAuth: "client_secret_basic", PKCE: "required",
					Refresh: catalog.Refresh{Supported: true, Rotates: true, Reuse: "revokes_family"},
				},
			},
			{
				ID: "api_key", Type: "api_key", Name: "Key", Accounts: accounts,
				Fields: []catalog.Input{{Name: "apiKey", Title: "Key", Type: catalog.TypeSecret}},
				Apply:  catalog.Placement{Headers: map[string]string{"X-Api-Key": "{apiKey}", "X-Site": "{siteId}"}},
			},
		},
	}
}

// siteWorld is a world whose provider lists these sites.
func siteWorld(t *testing.T, ids ...string) (*world, template.Template) {
	t.Helper()
	w := newWorld(t)
	w.Templates.Catalog.Added = []catalog.Connector{sites()}
	w.Uses = flows{}
	w.Refresher = &lease.Refresher{
		Store: w.Connections, Templates: w.Templates, Sealer: w.Sealer, Secrets: w.Secrets, Reach: w.Reach, Events: w.bus, Audit: w.Audit,
		Outages: &outage.Monitor{Store: new(outagetest.Memory), Events: w.bus, Now: w.clock.now}, Now: w.clock.now,
	}
	w.lists(ids...)
	return w, w.template("test-sites", "oauth2_authorization_code", nil)
}

// lists makes the provider list these sites from now on.
func (w *world) lists(ids ...string) {
	entries := []any{}
	for _, id := range ids {
		entries = append(entries, site(id))
	}
	w.answersList(map[string]any{"sites": entries})
}

func (w *world) answersList(members map[string]any) {
	w.provider.mu.Lock()
	defer w.provider.mu.Unlock()
	w.provider.listed = maps.Clone(members)
}

// chosen is a connection of a site after a whole handoff that wanted it.
func (w *world) chosen(made template.Template, id string) connection.Connection {
	w.t.Helper()
	c := w.pending(made)
	_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID, Account: id}))
	must(w.t, err)
	return w.get(c.ID)
}

func (w *world) choose(c connection.Connection, id string, change bool) (connection.Connection, error) {
	return w.Choose(w.t.Context(), w.caller, connect.Choice{ConnectionID: c.ID, IfMatch: "*", AccountID: id, AllowAccountChange: change})
}

// at checks that everything of the connection is that of one site.
func (w *world) at(connectionID, id string) {
	w.t.Helper()
	c := w.get(connectionID)
	hot := w.hotCopy(connectionID)
	if c.AccountRequired || c.Account.ID != id || c.Account.Name != "The "+id || c.Account.Kind != "SITE" || c.Captured["siteId"] != id ||
		c.BaseURL != "https://"+id+".sites.example.com/api" || hot.Headers["X-Site"].Reveal() != id {
		w.t.Errorf("account %+v (required %t), captured %v, at %s, header %s; want all of %s",
			c.Account, c.AccountRequired, c.Captured, c.BaseURL, hot.Headers["X-Site"].Reveal(), id)
	}
	if got := w.status(connectionID); got != "active" {
		w.t.Errorf("status %s", got)
	}
}

// leases returns how a lease is answered.
func (w *world) leases(connectionID string) error {
	s := &lease.Service{Store: w.Connections, Sealer: w.Sealer, Refresher: w.Refresher.(*lease.Refresher), Audit: w.Audit, Now: w.clock.now}
	_, err := s.Lease(w.t.Context(), w.caller, lease.Request{ConnectionID: connectionID, Purpose: "test"})
	return err
}

// undecided is a connection that several sites were listed for.
func (w *world) undecided(made template.Template) connection.Connection {
	w.t.Helper()
	c := w.connected(made)
	if got := w.status(c.ID); got != "degraded/account_required" {
		w.t.Fatalf("status %s, want one that is to be chosen", got)
	}
	refused(w.t, w.leases(c.ID), fault.CodeAccountRequired)
	return c
}

func siteKey(value string) map[string]secret.Bytes {
	return map[string]secret.Bytes{"apiKey": secret.FromString(value)}
}
