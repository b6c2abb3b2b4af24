package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// onboard creates a tenant and returns a caller of it.
func onboard(t *testing.T, e *environment, tenant string) *actor {
	t.Helper()
	created := call(t, e.actor(t, auth.Organization), routes.TenantCreate, api.TenantCreate{ID: tenant, Name: "Tenant " + tenant})
	if created.State != "ready" || created.KeyARN == "" {
		t.Fatalf("tenant: got %+v, want it ready with a key", created)
	}
	return e.actor(t, tenant)
}

// crmTemplate creates the organization's template of the demo CRM.
func crmTemplate(t *testing.T, e *environment, key, scheme string) api.Template {
	t.Helper()
	in := api.TemplateCreate{
		Connector: "demo-crm", Name: "CRM " + key, StableKey: key, AuthScheme: scheme,
		Inputs: map[string]string{"baseUrl": e.crm.base},
	}
	if scheme == "oauth2_authorization_code" || scheme == "oauth2_client_credentials" {
		in.ClientID, in.ClientSecret = "tenon-dev", secretOf(e.crm.clientSecret(t))
		in.Scopes = []string{"crm.read", "crm.write"}
	}
	return call(t, e.actor(t, auth.Organization), routes.TemplateCreate, in)
}

// testMainJob is what the product is for, against the demo CRM: a person
// connects an account once, and a runtime has a working token ever after.
func testMainJob(t *testing.T, e *environment) {
	ann := onboard(t, e, "main-job")
	refused(t, e.actor(t, auth.Organization), routes.TenantCreate, api.TenantCreate{ID: "main-job", Name: "Again"}, fault.CodeTenantExists)
	template := crmTemplate(t, e, "main-job", "oauth2_authorization_code")
	create := api.ConnectionCreate{IdempotencyKey: "once", TemplateID: template.ID, Name: "My CRM"}
	created := call(t, ann, routes.ConnectionCreate, create)
	if again := call(t, ann, routes.ConnectionCreate, create); again.ID != created.ID {
		t.Errorf("the repeated request made %s besides %s", again.ID, created.ID)
	}
	other := create
	other.Name = "Another CRM"
	refused(t, ann, routes.ConnectionCreate, other, fault.CodeIdempotencyMismatch)
	refused(t, ann, routes.ConnectionLease, api.LeaseRequest{ConnectionID: created.ID, Purpose: "early"}, fault.CodeConnectionPending)

	connect(t, ann, created.ID)
	connected := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: created.ID})
	want := api.Connection{Status: "active", Connected: true, Account: &api.Account{ID: "user_alice", Name: "Alice Archer"}, GrantedScopes: []string{"crm.read", "crm.write"}}
	got := api.Connection{Status: connected.Status, Connected: connected.Connected, Account: connected.Account, GrantedScopes: connected.GrantedScopes}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("connected (-want +got):\n%s", diff)
	}
	t.Log("connected; leasing until the token has been refreshed")
	testLease(t, ann, created.ID)
	testPause(t, ann, created.ID)
	testCheck(t, ann, created.ID)
	testDisconnect(t, ann, created.ID)
}

// testLease uses a token, lets it expire, and uses the next one.
func testLease(t *testing.T, a *actor, connectionID string) {
	request := api.LeaseRequest{ConnectionID: connectionID, Purpose: "read contacts"}
	contacts := a.e.crm.base + "/api/contacts"
	before := a.e.crm.stats(t)
	first := call(t, a, routes.ConnectionLease, request)
	if got := asks(t, contacts, first.Headers); got != http.StatusOK {
		t.Fatalf("the CRM answered %d to a leased token, want 200", got)
	}
	if first.BaseURL != a.e.crm.base || first.ExpiresAt == nil {
		t.Errorf("lease: got base %q and expiry %v", first.BaseURL, first.ExpiresAt)
	}
	second := call(t, a, routes.ConnectionLease, request)
	if second.AccessToken != first.AccessToken || second.Refreshed {
		t.Error("the second lease of a fresh token is another token")
	}
	wait(t, time.Until(*first.ExpiresAt))
	if got := asks(t, contacts, first.Headers); got != http.StatusUnauthorized {
		t.Errorf("the CRM answered %d to an expired token, want 401", got)
	}
	third := call(t, a, routes.ConnectionLease, request)
	if third.AccessToken == first.AccessToken || third.CredentialVersion != first.CredentialVersion {
		t.Errorf("after expiry: refreshed %v, credential version %d; want a new token of the same credential", third.Refreshed, third.CredentialVersion)
	}
	if got := asks(t, contacts, third.Headers); got != http.StatusOK {
		t.Errorf("the CRM answered %d to the refreshed token, want 200", got)
	}
	after := a.e.crm.stats(t)
	if after.Refreshes != before.Refreshes+1 || after.RefreshReuse != before.RefreshReuse {
		t.Errorf("the CRM counted %+v, before %+v; want one refresh", after, before)
	}
}

func testPause(t *testing.T, a *actor, connectionID string) {
	change := api.ConnectionEnd{ConnectionID: connectionID}
	if paused := call(t, a, routes.ConnectionDisable, change); paused.Status != "disabled" {
		t.Errorf("disabled: got status %s", paused.Status)
	}
	lease := api.LeaseRequest{ConnectionID: connectionID, Purpose: "while paused"}
	refused(t, a, routes.ConnectionLease, lease, fault.CodeConnectionDisabled)
	refused(t, a, routes.ConnectionVerify, api.ConnectionRef{ConnectionID: connectionID}, fault.CodeConnectionDisabled)
	refused(t, a, routes.ConnectionAuthorize, api.Authorize{ConnectionID: connectionID}, fault.CodeConnectionDisabled)
	if enabled := call(t, a, routes.ConnectionEnable, api.ConnectionChange{ConnectionID: connectionID}); enabled.Status != "active" {
		t.Errorf("enabled: got status %s", enabled.Status)
	}
	call(t, a, routes.ConnectionLease, lease)
}

// testCheck looks at the health of a connection from both sides.
func testCheck(t *testing.T, a *actor, connectionID string) {
	ref := api.ConnectionRef{ConnectionID: connectionID}
	if v := call(t, a, routes.ConnectionVerify, ref); v.Outcome != "ok" || v.Connection.Status != "active" {
		t.Errorf("verify: got %s and status %s", v.Outcome, v.Connection.Status)
	}
	report := func(outcome string) api.CallReceipt {
		calls := []api.Call{{At: time.Now().UTC(), Outcome: outcome}, {At: time.Now().UTC(), Outcome: outcome}}
		return call(t, a, routes.ConnectionCalls, api.CallReport{ConnectionID: connectionID, Calls: calls})
	}
	if got := report("permission_error"); got.Recorded != 2 || got.Status != "degraded" || got.Reason != "permissions" {
		t.Errorf("calls that lack permissions: got %+v", got)
	}
	derived := func() {
		t.Helper()
		in := api.HealthRefresh{ConnectionIDs: []string{connectionID}}
		if got := call(t, a, routes.HealthRefresh, in); got != (api.HealthRefreshed{Derived: 1, Changed: 1}) {
			t.Errorf("refresh of the health: got %+v, want one connection that changed", got)
		}
	}
	derived()
	summary := call(t, a, routes.ConnectionSummary, api.None{})
	want := api.ConnectionSummary{Total: 1, ByStatus: map[string]int{"degraded": 1}, ByConnector: map[string]map[string]int{"demo-crm": {"degraded": 1}}}
	if diff := cmp.Diff(want, summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	for range 3 {
		report("ok")
	}
	derived()
	if got := call(t, a, routes.ConnectionGet, ref); got.Status != "active" {
		t.Errorf("after calls that went well: got status %s", got.Status)
	}
}

// testDisconnect deletes the connection; the provider must know.
func testDisconnect(t *testing.T, a *actor, connectionID string) {
	lease := call(t, a, routes.ConnectionLease, api.LeaseRequest{ConnectionID: connectionID, Purpose: "last"})
	before := a.e.crm.stats(t)
	receipt := call(t, a, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: connectionID})
	if diff := cmp.Diff(api.Deletion{ConnectionID: connectionID, Revocation: "revoked"}, receipt); diff != "" {
		t.Errorf("receipt (-want +got):\n%s", diff)
	}
	if got := asks(t, a.e.crm.base+"/api/contacts", lease.Headers); got != http.StatusUnauthorized {
		t.Errorf("after the deletion the CRM answered %d to the token, want 401", got)
	}
	if after := a.e.crm.stats(t); after.Revocations != before.Revocations+1 {
		t.Errorf("the CRM counted %d revocations, want one more than %d", after.Revocations, before.Revocations)
	}
	ref := api.ConnectionRef{ConnectionID: connectionID}
	refused(t, a, routes.ConnectionGet, ref, fault.CodeNotFound)
	refused(t, a, routes.ConnectionLease, api.LeaseRequest{ConnectionID: connectionID, Purpose: "gone"}, fault.CodeNotFound)
	refused(t, a, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: connectionID}, fault.CodeNotFound)
}
