package e2e_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

func organizationScenarios() []scenario {
	return []scenario{
		{"whose credentials: the organization's connection serves every tenant's flows", organizationCredentials},
		{"who supplies them: the organization on the customer's behalf", suppliedByOrganization},
		{"global values inherited live", inheritedLive},
		{"stable keys that match templates between stages with export and import, no secrets", betweenStages},
		{"use for embedded workflows switch", embeddedSwitch},
		{"several connections per connector and tenant", severalConnections},
		{"import of existing credentials, verified before current", importCredentials},
	}
}

// restTemplate makes a template of the CRM's keys whose base URL is given.
func restTemplate(t *testing.T, e *environment, key, baseURL string, change func(*api.TemplateCreate)) api.Template {
	t.Helper()
	in := api.TemplateCreate{
		Connector: "custom-rest", AuthScheme: "api_key_header", Name: key, StableKey: key,
		Inputs: map[string]string{"baseUrl": baseURL, "verifyPath": "key/me", "headerName": "X-Api-Key"},
	}
	if change != nil {
		change(&in)
	}
	return call(t, e.actor(t, auth.Organization), routes.TemplateCreate, in)
}

func organizationCredentials(t *testing.T, e *environment) {
	ann, org := onboard(t, e, "org-credentials"), e.actor(t, auth.Organization)
	template := restTemplate(t, e, "org-credentials", e.crm.base+"/api", func(in *api.TemplateCreate) { in.Credentials = new("organization") })
	create := api.ConnectionCreate{TemplateID: template.ID, Name: "ours", Credential: fields{"headerValue": secretOf(e.crm.newKey(t))}}
	refused(t, ann, routes.ConnectionCreate, create, fault.CodeForbidden)
	id := call(t, org, routes.ConnectionCreate, create).ID
	flow := api.FlowPut{FlowID: "enrich", Name: "enrich", Bindings: []api.BindingPut{{Slot: "lookup", Connector: "custom-rest", Template: "org-credentials", ConnectionID: id}}}
	call(t, ann, routes.FlowPut, flow)
	leased := call(t, ann, routes.BindingLease, api.BindingLeaseRequest{FlowID: "enrich", Slot: "lookup", Purpose: "enrich"})
	if got := asks(t, e.crm.base+"/api/key/me", leased.Headers); got != http.StatusOK {
		t.Errorf("the CRM answered %d to the organization's credential", got)
	}
	refused(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id}, fault.CodeNotFound)
	refused(t, ann, routes.ConnectionLease, api.LeaseRequest{ConnectionID: id, Purpose: "directly"}, fault.CodeNotFound)
	refused(t, ann, routes.ConnectionDisable, api.ConnectionEnd{ConnectionID: id}, fault.CodeNotFound)
	if list := call(t, ann, routes.ConnectionList, api.ConnectionList{}).Items; len(list) > 0 {
		t.Errorf("the tenant's list shows %+v", list)
	}
	problem := refused(t, org, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: id}, fault.CodeConnectionInUse)
	if !slices.Equal(problem.Flows, []string{"org-credentials/enrich"}) {
		t.Errorf("flows: got %q", problem.Flows)
	}
}

func suppliedByOrganization(t *testing.T, e *environment) {
	ann := onboard(t, e, "org-supplies")
	template := restTemplate(t, e, "org-supplies", e.crm.base+"/api", func(in *api.TemplateCreate) { in.SuppliedBy = new("organization") })
	create := api.ConnectionCreate{TemplateID: template.ID, Name: "theirs", Credential: fields{"headerValue": secretOf(e.crm.newKey(t))}}
	refused(t, ann, routes.ConnectionCreate, create, fault.CodeForbidden)
	behalf := e.actor(t, auth.Organization)
	behalf.client = behalf.client.For("org-supplies")
	id := call(t, behalf, routes.ConnectionCreate, create).ID
	if seen := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id}); !strings.HasPrefix(seen.CreatedBy, "org/") {
		t.Errorf("created by %s, want the organization", seen.CreatedBy)
	}
	lease(t, ann, id, e.crm.base+"/api/key/me")
	put := api.CredentialPut{ConnectionID: id, IfMatch: "*", Credential: fields{"headerValue": secretOf(e.crm.newKey(t))}}
	refused(t, ann, routes.CredentialPut, put, fault.CodeForbidden)
	call(t, behalf, routes.CredentialPut, put)
}

// inheritedLive changes the address that connections of two tenants inherit.
func inheritedLive(t *testing.T, e *environment) {
	ann, bob, org := onboard(t, e, "live-a"), onboard(t, e, "live-b"), e.actor(t, auth.Organization)
	template := restTemplate(t, e, "live", e.crm.base+"/api", nil)
	ids := map[*actor]string{}
	for _, a := range []*actor{ann, bob} {
		ids[a] = call(t, a, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: "live", Credential: fields{"headerValue": secretOf(e.crm.newKey(t))}}).ID
	}
	change := api.TemplateUpdate{TemplateID: template.ID, IfMatch: "*", DryRun: true, Inputs: map[string]string{"baseUrl": e.crm.base, "verifyPath": "api/key/me", "headerName": "X-Api-Key"}}
	trial := call(t, org, routes.TemplateUpdate, change)
	if trial.Impact == nil || trial.Impact.Total != 2 || trial.Impact.Connections[0].Effect != "updated" || trial.Inputs["baseUrl"] != e.crm.base {
		t.Errorf("trial: got %+v, want both connections updated", trial.Impact)
	}
	if got := call(t, org, routes.TemplateGet, api.TemplateRef{TemplateID: template.ID}); got.Revision != template.Revision {
		t.Errorf("a trial made revision %d of %d", got.Revision, template.Revision)
	}
	change.DryRun = false
	call(t, org, routes.TemplateUpdate, change)
	e.overdue(t, due.Reconcile, due.Item{Tenant: auth.Organization, Kind: due.Template, ID: template.ID})
	for a, id := range ids {
		eventually(t, a.tenant+" leases the new address", func() bool {
			leased := call(t, a, routes.ConnectionLease, api.LeaseRequest{ConnectionID: id, Purpose: "live"})
			return leased.BaseURL == e.crm.base && asks(t, leased.BaseURL+"/api/key/me", leased.Headers) == http.StatusOK
		})
	}
}

// betweenStages moves templates into a stage that is empty, twice.
func betweenStages(t *testing.T, a *environment) {
	restTemplate(t, a, "moved-key", a.crm.base+"/api", nil)
	crmTemplate(t, a, "moved-oauth", "oauth2_authorization_code")
	document := call(t, a.actor(t, auth.Organization), routes.TemplateExport, api.TemplateExport{StableKeys: []string{"moved-key", "moved-oauth"}})
	b := newEnvironment(t)
	b.start(t)
	defer b.abandon()
	call(t, b.actor(t, auth.Organization), routes.TenantCreate, api.TenantCreate{ID: "stage-b", Name: "Stage B"})
	org := b.actor(t, auth.Organization)
	actions := func(in api.TemplateImport) (made []string) {
		for _, change := range call(t, org, routes.TemplateImport, in).Changes {
			made = append(made, change.StableKey+" "+change.Action)
		}
		return made
	}
	created, unchanged := []string{"moved-key created", "moved-oauth created"}, []string{"moved-key unchanged", "moved-oauth unchanged"}
	for _, step := range []struct {
		dry  bool
		want []string
	}{{true, created}, {false, created}, {false, unchanged}} {
		if diff := cmp.Diff(step.want, actions(api.TemplateImport{TemplateDocument: document, DryRun: step.dry})); diff != "" {
			t.Errorf("import, dry %v (-want +got):\n%s", step.dry, diff)
		}
	}
	again := call(t, org, routes.TemplateImport, api.TemplateImport{TemplateDocument: document})
	if again.Complete || len(again.Todo) != 1 || again.Todo[0].StableKey != "moved-oauth" || !slices.Equal(again.Todo[0].Missing, []string{"clientId", "clientSecret"}) {
		t.Errorf("to do: got %+v, want the client of moved-oauth", again.Todo)
	}
	if diff := cmp.Diff(document, call(t, org, routes.TemplateExport, api.TemplateExport{})); diff != "" {
		t.Errorf("what stage B exports (-A +B):\n%s", diff)
	}
	ann := onboard(t, b, "stage-b-tenant")
	found := call(t, ann, routes.TemplateList, api.TemplateList{}).Items
	i := slices.IndexFunc(found, func(t api.Template) bool { return t.StableKey == "moved-key" })
	id := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: found[i].ID, Name: "b", Credential: fields{"headerValue": secretOf(a.crm.newKey(t))}}).ID
	call(t, ann, routes.FlowPut, api.FlowPut{FlowID: "orders", Name: "orders", Bindings: []api.BindingPut{{Slot: "source", Connector: "custom-rest", Template: "moved-key", ConnectionID: id}}})
}

func embeddedSwitch(t *testing.T, e *environment) {
	ann, org := onboard(t, e, "embedded"), e.actor(t, auth.Organization)
	off := false
	template := restTemplate(t, e, "embedded", e.crm.base+"/api", func(in *api.TemplateCreate) { in.Embedded = &off })
	create := api.ConnectionCreate{TemplateID: template.ID, Name: "mine", Credential: fields{"headerValue": secretOf(e.crm.newKey(t))}}
	refused(t, ann, routes.ConnectionCreate, create, fault.CodeNotFound)
	on := true
	call(t, org, routes.TemplateUpdate, api.TemplateUpdate{TemplateID: template.ID, IfMatch: "*", Embedded: &on})
	call(t, ann, routes.ConnectionCreate, create)
}

func severalConnections(t *testing.T, e *environment) {
	ann := onboard(t, e, "several")
	template := crmTemplate(t, e, "several", "api_key").ID
	keyed(t, ann, template, "one")
	keyed(t, ann, template, "two")
	if got := call(t, ann, routes.ConnectionSummary, api.None{}); got.ByConnector["demo-crm"]["active"] != 2 {
		t.Errorf("summary: got %+v, want two active", got)
	}
}

// importCredentials takes a good key and a bad one over from another system, and
// the token of a person's consent.
func importCredentials(t *testing.T, e *environment) {
	ann := onboard(t, e, "imported")
	crmTemplate(t, e, "imported", "api_key")
	good := api.ConnectionImportItem{ExternalID: "legacy-1", TemplateKey: "imported", Name: "good", Credential: fields{"apiKey": secretOf(e.crm.newKey(t))}}
	bad := api.ConnectionImportItem{ExternalID: "legacy-2", TemplateKey: "imported", Name: "bad", Credential: fields{"apiKey": secretOf("crm_key_nobodys_0123456789abcdef")}}
	in := api.ConnectionImport{Items: []api.ConnectionImportItem{good, bad}}
	first := call(t, ann, routes.ConnectionImport, in).Results
	if first[0].Status != "created" || first[1].Status != "failed" || first[1].Problem == nil || first[1].Problem.Code != string(fault.CodeVerificationFailed) {
		t.Fatalf("got %+v", first)
	}
	lease(t, ann, first[0].ConnectionID, e.crm.base+"/api/key/me")
	second := call(t, ann, routes.ConnectionImport, in).Results
	if second[0].Status != "exists" || second[0].ConnectionID != first[0].ConnectionID || second[1].Status != "failed" {
		t.Errorf("again: got %+v", second)
	}
	if got := call(t, ann, routes.ConnectionSummary, api.None{}).Total; got != 1 {
		t.Errorf("%d connections are left, want the good one", got)
	}
	e.takeOver(t, ann)
}

// takeOver imports a refresh token that another system holds.
func (e *environment) takeOver(t *testing.T, ann *actor) {
	from := onboard(t, e, "legacy")
	template := crmTemplate(t, e, "imported-oauth", "oauth2_authorization_code")
	id := call(t, from, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: "legacy"}).ID
	connect(t, from, id)
	token := lease(t, from, id, e.crm.base+"/api/contacts").AccessToken
	soon := time.Now().Add(10 * time.Minute)
	got := call(t, ann, routes.ConnectionImport, api.ConnectionImport{Items: []api.ConnectionImportItem{{
		ExternalID: "legacy-3", TemplateKey: "imported-oauth", Name: "consent",
		Token: &api.ImportToken{AccessToken: secretOf(token), ExpiresAt: &soon},
	}}}).Results[0]
	if got.Status != "created" {
		t.Fatalf("got %+v %+v", got, got.Problem)
	}
	lease(t, ann, got.ConnectionID, e.crm.base+"/api/contacts")
}
