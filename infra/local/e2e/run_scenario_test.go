package e2e_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// testRuns replaces the test credential of a template and sees the next test run
// get it, and no production run ever.
func testRuns(t *testing.T, e *environment) {
	ann, org := onboard(t, e, "flow-test-runs"), e.actor(t, auth.Organization)
	template := crmTemplate(t, e, "flow-test-runs", "api_key").ID
	id := keyed(t, ann, template, "production")
	steps(t, ann, "nightly", id)
	test := api.BindingLeaseRequest{FlowID: "nightly", Slot: "step-0", Purpose: "test run", Environment: "test"}
	refused(t, ann, routes.BindingLease, test, "test_credential_missing")
	var before string
	for range 2 {
		key := e.crm.newKey(t)
		made := call(t, org, routes.TestCredentialsPut, api.TestCredentialsPut{TemplateID: template, Credential: fields{"apiKey": secretOf(key)}})
		if !made.TestCredential || made.Status != "active" {
			t.Fatalf("got %+v, want an active test credential", made)
		}
		leased := call(t, ann, routes.BindingLease, test)
		now := leased.Headers["X-Api-Key"] + leased.Headers["Authorization"]
		if leased.ConnectionID != made.ID || now == before || asks(t, e.crm.base+"/api/key/me", leased.Headers) != http.StatusOK {
			t.Errorf("the test run got %s, and the credential of before: %v", leased.ConnectionID, now == before)
		}
		before = now
		production := call(t, ann, routes.BindingLease, api.BindingLeaseRequest{FlowID: "nightly", Slot: "step-0", Purpose: "run"})
		if production.ConnectionID != id {
			t.Errorf("the production run got %s, want %s", production.ConnectionID, id)
		}
		refused(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: made.ID}, fault.CodeNotFound)
		refused(t, org, routes.ConnectionLease, api.LeaseRequest{ConnectionID: made.ID, Purpose: "run"}, fault.CodeConflict)
	}
}

// pinnedAccount asks before it switches the account that a flow uses.
func pinnedAccount(t *testing.T, e *environment) {
	ann := onboard(t, e, "flow-account")
	id := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: crmTemplate(t, e, "flow-account", "oauth2_authorization_code").ID, Name: "CRM"}).ID
	connect(t, ann, id)
	steps(t, ann, "orders", id)
	trial := call(t, ann, routes.ConnectionAuthorize, api.Authorize{ConnectionID: id, AllowAccountChange: true, DryRun: true})
	if trial.Impact == nil || len(trial.Impact.Flows) != 1 || trial.Impact.Flows[0].FlowID != "orders" || trial.StartURL != "" {
		t.Errorf("trial: got %+v, want the flow it affects and no link", trial)
	}
	testOtherAccount(t, ann, id)
}

// expandScopes connects with one scope and asks for what a flow needs besides.
func expandScopes(t *testing.T, e *environment) {
	ann, org := onboard(t, e, "flow-scopes"), e.actor(t, auth.Organization)
	template := crmTemplate(t, e, "flow-scopes", "oauth2_authorization_code")
	call(t, org, routes.TemplateUpdate, api.TemplateUpdate{TemplateID: template.ID, IfMatch: "*", Scopes: []string{"crm.read"}})
	id := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: "CRM"}).ID
	connect(t, ann, id)
	flow := api.FlowPut{FlowID: "write", Name: "write", Bindings: []api.BindingPut{{Slot: "destination", Connector: "demo-crm", Scopes: []string{"crm.write"}, ConnectionID: id}}}
	problem := refused(t, ann, routes.FlowPut, flow, fault.CodeBindingRefused)
	if problem.Remedy != "grant_permissions" {
		t.Errorf("remedy: got %q", problem.Remedy)
	}
	ask := api.Authorize{ConnectionID: id, Scopes: []string{"crm.write"}}
	if end := newBrowser(e).walk(t, authorize(t, ann, ask), person{account: "alice"}); end.status != http.StatusOK {
		t.Fatalf("new consent: got %d %s", end.status, text(end.body))
	}
	call(t, ann, routes.FlowPut, flow)
	got := call(t, ann, routes.ConnectionScopes, api.ConnectionRef{ConnectionID: id})
	if !slices.Contains(got.Granted, "crm.write") || !slices.Contains(got.Requested, "crm.read") || len(got.Missing) > 0 ||
		len(got.Required) != 1 || got.Required[0].Scope != "crm.write" || !slices.Equal(got.Least, []string{"crm.read", "crm.write"}) {
		t.Errorf("scopes: got %+v", got)
	}
	exact := true
	less := api.Authorize{ConnectionID: id, Scopes: []string{"crm.read"}, Exact: &exact}
	if problem := refused(t, ann, routes.ConnectionAuthorize, less, fault.CodeConnectionInUse); !slices.Equal(problem.Flows, []string{"write"}) {
		t.Errorf("less access: got flows %q, want the one that needs it", problem.Flows)
	}
}
