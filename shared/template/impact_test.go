package template_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

// reads is a ConnectionReader.
type reads map[connection.Ref]connection.Connection

func (r reads) Get(_ context.Context, tenant, id string) (connection.Connection, error) {
	c, ok := r[connection.Ref{Tenant: tenant, ID: id}]
	if !ok {
		return c, connection.ErrNotFound
	}
	return c, nil
}

// uses lets connections of two tenants be made from the template: one by consent of
// each, one that waits for that, and one whose use outlived it.
func (w *world) uses(made template.Template) {
	w.t.Helper()
	records := reads{}
	for i, tenant := range []string{"acme", "globex", "acme"} {
		c := of(made)
		c.Tenant, c.ID, c.Lifecycle = tenant, fmt.Sprintf("con_%d", i+1), connection.Ready
		target, err := w.Address(w.t.Context(), c)
		must(w.t, err)
		c.Hosts = target.Hosts
		if i < 2 {
			c.Credential = &connection.Credential{At: vault.Locator{Secret: "s"}, MintedBy: 1, Refreshable: true}
			c.GrantedScopes = []string{"crm.read", "crm.extra"}
		}
		records[connection.Ref{Tenant: tenant, ID: c.ID}] = c
		must(w.t, w.store.AddUse(c))
	}
	gone := of(made)
	gone.ID = "con_9"
	must(w.t, w.store.AddUse(gone))
	w.Connections = records
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	effects := func(effect, reason string, con ...string) []api.ConnectionEffect {
		var list []api.ConnectionEffect
		for _, id := range con {
			tenant := map[string]string{"con_1": "acme", "con_2": "globex", "con_3": "acme"}[id]
			list = append(list, api.ConnectionEffect{Tenant: tenant, ConnectionID: id, Effect: effect, Reason: reason})
		}
		return list
	}
	moved := append(effects("reconsent", "address_changed", "con_1"), effects("updated", "", "con_3")...)
	moved = append(moved, effects("reconsent", "address_changed", "con_2")...)
	for name, c := range map[string]struct {
		change template.Change
		want   api.Impact
	}{
		"a name":           {template.Change{Name: pointer("New")}, api.Impact{Allowed: true}},
		"a path":           {template.Change{Inputs: map[string]string{"baseUrl": "https://crm.example.com/v2"}}, api.Impact{Allowed: true, Total: 3, Connections: effects("updated", "", "con_1", "con_3", "con_2")}},
		"a host":           {template.Change{Inputs: map[string]string{"baseUrl": "https://new.example.com"}}, api.Impact{Allowed: true, Total: 3, Connections: moved}},
		"a scope":          {template.Change{Scopes: []string{"crm.read", "crm.write"}}, api.Impact{Allowed: true, Total: 3, Connections: append(append(effects("reconsent", "scopes_added", "con_1"), effects("updated", "", "con_3")...), effects("reconsent", "scopes_added", "con_2")...)}},
		"another client":   {template.Change{ClientID: pointer("client-2"), ClientSecret: pointer(secret.FromString(secondSecret))}, api.Impact{Allowed: true, Total: 2, Connections: effects("reconsent", "client_replaced", "con_1", "con_2")}},
		"a client beside":  {template.Change{ClientID: pointer("client-2"), ClientSecret: pointer(secret.FromString(secondSecret)), KeepPrevious: true}, api.Impact{Allowed: true}},
		"another secret":   {template.Change{ClientSecret: pointer(secret.FromString(secondSecret))}, api.Impact{Allowed: true}},
		"other owners":     {template.Change{Credentials: pointer(template.Organization)}, api.Impact{Code: "template_in_use", Detail: "Connections were made from this template. Whose credentials they hold can only be changed while there are none."}},
		"a scope they had": {template.Change{Scopes: []string{"crm.extra", "crm.read"}}, api.Impact{Allowed: true, Total: 1, Connections: effects("updated", "", "con_3")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made := w.make("org", define("crm"))
			w.uses(made)
			before, secrets := w.stored(made), w.secrets.Names()
			would, got, err := w.DryRun(t.Context(), caller("org"), made.ID, `"1"`, c.change)
			must(t, err)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("impact (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, w.stored(made)) + cmp.Diff(secrets, w.secrets.Names()); diff != "" {
				t.Errorf("it was not a dry run: %s", diff)
			}
			if got.Allowed {
				done, err := w.Update(t.Context(), caller("org"), made.ID, `"1"`, c.change)
				must(t, err)
				if would.Name != done.Name || would.ClientID != done.ClientID || !cmp.Equal(would.Inputs, done.Inputs) || !cmp.Equal(would.Scopes, done.Scopes) || (would.Previous == nil) != (done.Previous == nil) {
					t.Errorf("said %+v, did %+v", would, done)
				}
			}
		})
	}
}

// Nobody but the owner learns who uses a template, and what is wrong stays wrong.
func TestDryRunIsForTheOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, own := w.make("org", define("crm")), w.make("acme", define("crm"))
	w.uses(made)
	rename := template.Change{Inputs: map[string]string{"baseUrl": "https://new.example.com"}}
	_, impact, err := w.DryRun(t.Context(), caller("globex"), made.ID, "*", rename)
	refused(t, err, fault.CodeForbidden)
	_, other, err := w.DryRun(t.Context(), caller("globex"), own.ID, "*", rename)
	refused(t, err, fault.CodeNotFound)
	if diff := cmp.Diff([]api.Impact{{}, {}}, []api.Impact{impact, other}); diff != "" {
		t.Errorf("a stranger was told (-want +got):\n%s", diff)
	}
	_, _, err = w.DryRun(t.Context(), caller("org"), made.ID, `"7"`, rename)
	refused(t, err, fault.CodePreconditionFailed)
	_, _, err = w.DryRun(t.Context(), caller("org"), made.ID, "*", template.Change{Inputs: map[string]string{"nothing": "x"}})
	refused(t, err, fault.CodeValidationFailed)
}

// A long list is cut off, and counted.
func TestDryRunOfMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("org", define("crm"))
	records := reads{}
	for n := range 1234 {
		c := of(made)
		c.ID, c.Lifecycle, c.CreatedAt = fmt.Sprintf("con_%05d", n), connection.Ready, time.Now()
		records[connection.Ref{Tenant: c.Tenant, ID: c.ID}] = c
		must(t, w.store.AddUse(c))
	}
	w.Connections = records
	_, impact, err := w.DryRun(t.Context(), caller("org"), made.ID, "*", template.Change{Inputs: map[string]string{"baseUrl": "https://new.example.com"}})
	if err != nil || impact.Total != 1234 || len(impact.Connections) != 100 {
		t.Errorf("%d of %d, %v", len(impact.Connections), impact.Total, err)
	}
	_, impact, err = w.DryRun(t.Context(), caller("org"), made.ID, "*", template.Change{Name: pointer("New")})
	if err != nil || impact.Total != 0 || len(impact.Connections) != 0 {
		t.Errorf("a name: %d of %d, %v", len(impact.Connections), impact.Total, err)
	}
}
