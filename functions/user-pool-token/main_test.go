package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// sample reads an event as the pool sends it, with what callers add to it.
func sample(t *testing.T, name string) api.TokenEvent {
	t.Helper()
	text, err := os.ReadFile(functionstest.Event(name))
	if err != nil {
		t.Fatal(err)
	}
	var e api.TokenEvent
	if err := json.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func answer(t *testing.T, e api.TokenEvent) api.TokenEvent {
	t.Helper()
	answered, err := handle("org_tenant")(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return answered
}

// What is sent in clientMetadata, acme being another tenant, changes nothing.
func TestUserPoolToken(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]api.AccessToken{
		"user-pool-token": {
			Claims: map[string]string{"org_tenant": "globex"},
			Scopes: []string{auth.ConnectionsRead, auth.ConnectionsWrite, auth.TemplatesRead, auth.FlowsRead, auth.FlowsWrite, auth.SettingsRead, auth.AuditRead},
		},
		"user-pool-token.machine": {
			Claims: map[string]string{"org_tenant": "globex"}, Scopes: []string{auth.ConnectionsRead, auth.ConnectionsLease},
		},
	} {
		e := sample(t, name)
		got := answer(t, e)
		if got.Response.Overrides == nil {
			t.Errorf("%s: nothing is granted", name)
			continue
		}
		if diff := cmp.Diff(want, got.Response.Overrides.Access); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		got.Response = e.Response
		if diff := cmp.Diff(e, got); diff != "" {
			t.Errorf("%s: the event came back changed (-sent +got):\n%s", name, diff)
		}
	}
}

// TestUserPoolTokenGrantsNothing: neither tenant nor scope to whom it does not know.
func TestUserPoolTokenGrantsNothing(t *testing.T) {
	t.Parallel()
	const person, machine = "user-pool-token", "user-pool-token.machine"
	scopes := func(scopes ...string) func(*api.TokenEvent) {
		return func(e *api.TokenEvent) { e.Request.Scopes = scopes }
	}
	tenant := func(tenant string) func(*api.TokenEvent) {
		return func(e *api.TokenEvent) { e.Request.Attributes = map[string]string{auth.TenantAttribute: tenant} }
	}
	for name, tc := range map[string]struct {
		event  string
		change func(*api.TokenEvent)
	}{
		"version 1":                    {person, func(e *api.TokenEvent) { e.Version = "1" }},
		"a version to come":            {machine, func(e *api.TokenEvent) { e.Version = "4" }},
		"a person without a tenant":    {person, func(e *api.TokenEvent) { delete(e.Request.Attributes, auth.TenantAttribute) }},
		"a person of no valid tenant":  {person, tenant("globex acme")},
		"a tenant that is a scope":     {person, tenant("globex tenants:admin")},
		"a person in no group":         {person, func(e *api.TokenEvent) { e.Request.Groups.Names = nil }},
		"a person in an unknown group": {person, func(e *api.TokenEvent) { e.Request.Groups.Names = []string{"root"} }},
		"a person by scopes": {person, func(e *api.TokenEvent) {
			e.Request.Attributes, e.Request.Scopes = nil, []string{"tenant/acme", "tenon/connections:read"}
		}},
		"a machine without a tenant":    {machine, scopes("tenon/connections:read")},
		"a machine of two tenants":      {machine, scopes("tenant/acme", "tenon/connections:read", "tenant/globex")},
		"a machine of no valid tenant":  {machine, scopes("tenant/", "tenon/connections:read")},
		"a machine by other servers":    {machine, scopes("other/connections:read", "tenant/acme", "connections:read")},
		"a machine with unknown scopes": {machine, scopes("tenon/connections:all", "tenant/acme")},
		"a machine that has tenants":    {machine, scopes("tenon/tenants:admin", "tenant/acme")},
		"a machine by attributes": {machine, func(e *api.TokenEvent) {
			e.Request = api.TokenRequest{Attributes: map[string]string{auth.TenantAttribute: "acme"}, Groups: api.TokenGroups{Names: []string{auth.Administrator}}}
		}},
		"an answer in the question": {machine, func(e *api.TokenEvent) {
			e.Request = api.TokenRequest{}
			e.Response.Overrides = &api.TokenOverrides{Access: api.AccessToken{Scopes: []string{auth.TenantsAdmin}}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := sample(t, tc.event)
			tc.change(&e)
			if got := answer(t, e).Response.Overrides; got != nil {
				t.Errorf("got %+v", got.Access)
			}
		})
	}
}
