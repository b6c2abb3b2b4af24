package tenant_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

const assuming = "arn:aws:iam::123456789012:role/tenon/prod/*"

// trusting is a world with two tenants and AWS roles to assume.
func trusting(t *testing.T) *world {
	w := newWorld(t)
	w.ExternalIDs, w.Assumer = tenant.ExternalIDs{Store: w.store}, tenant.Assumer{Roles: assuming, Region: "eu-central-1"}
	for _, id := range []string{"acme", "globex"} {
		must(t, w.store.Create(t.Context(), tenant.Tenant{ID: id, State: tenant.Ready, CreatedAt: time.Now()}))
	}
	return w
}

// The external id is made once for each tenant, and by nobody's choice.
func TestAWSTrustIsOfOneTenant(t *testing.T) {
	t.Parallel()
	w := trusting(t)
	acme, err := w.AWSTrust(t.Context(), caller("acme"))
	must(t, err)
	again, err := w.AWSTrust(t.Context(), caller("acme"))
	must(t, err)
	globex, err := w.AWSTrust(t.Context(), caller("globex"))
	must(t, err)
	if acme.ExternalID != again.ExternalID || acme.ExternalID == globex.ExternalID || len(acme.ExternalID) != 43 {
		t.Errorf("external ids %q, %q and of another tenant %q", acme.ExternalID, again.ExternalID, globex.ExternalID)
	}
	if used, err := w.ExternalIDs.ExternalID(t.Context(), "acme"); err != nil || used != acme.ExternalID {
		t.Errorf("used is %q, %v; shown was %q", used, err, acme.ExternalID)
	}
	_, err = w.AWSTrust(t.Context(), caller("unknown"))
	refused(t, err, fault.CodeTenantUnknown)
	reader := caller("acme")
	reader.Scopes = []string{auth.SettingsRead}
	_, err = w.AWSTrust(t.Context(), reader)
	refused(t, err, fault.CodeForbidden)
}

// A role trusts one account, there the roles that assume, and only for the tenant.
func TestAWSTrustPolicy(t *testing.T) {
	t.Parallel()
	trust := tenant.AWSTrust{Assumer: tenant.Assumer{Roles: assuming}, ExternalID: "id-of-acme"}
	got, err := json.Marshal(trust.Policy())
	must(t, err)
	want := `{"Statement":[{"Action":"sts:AssumeRole",` +
		`"Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/tenon/prod/*"},"StringEquals":{"sts:ExternalId":"id-of-acme"}},` +
		`"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"}}],"Version":"2012-10-17"}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
}

// The template says what the policy says, in its own words, and every parameter
// but the permissions is given.
func TestRoleTemplate(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"sts:ExternalId: !Ref ExternalId", "aws:PrincipalArn: !Ref PrincipalArn", `AWS: !Select [4, !Split [":", !Ref PrincipalArn]]`,
		"Action: sts:AssumeRole", "MaxSessionDuration: 3600", "ManagedPolicyArns: !Ref ManagedPolicyArns",
	} {
		if !strings.Contains(tenant.RoleTemplate, line) {
			t.Errorf("the template lacks %s", line)
		}
	}
	trust := tenant.AWSTrust{Assumer: tenant.Assumer{Roles: assuming}, ExternalID: "id-of-acme"}
	for name := range trust.Parameters() {
		if !strings.Contains(tenant.RoleTemplate, "\n  "+name+":\n    Type: String\n") {
			t.Errorf("the template has no parameter %s", name)
		}
	}
}

func TestQuickCreateURL(t *testing.T) {
	t.Parallel()
	trust := tenant.AWSTrust{Assumer: tenant.Assumer{Roles: assuming, Region: "eu-central-1"}, ExternalID: "id-of-acme"}
	if got := trust.QuickCreateURL(); got != "" {
		t.Errorf("without a template: %s", got)
	}
	trust.TemplateURL = "https://bucket.s3.eu-central-1.amazonaws.com/role.yaml"
	page, fragment, _ := strings.Cut(trust.QuickCreateURL(), "#/stacks/create/review?")
	if page != "https://eu-central-1.console.aws.amazon.com/cloudformation/home?region=eu-central-1" {
		t.Errorf("page %s", page)
	}
	got, err := url.ParseQuery(fragment)
	must(t, err)
	want := url.Values{
		"templateURL": {trust.TemplateURL}, "stackName": {"tenon-access"}, "param_ExternalId": {"id-of-acme"}, "param_PrincipalArn": {assuming},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
}

// Without randomness there is no external id, rather than a guessable one.
func TestExternalIDNeedsRandomness(t *testing.T) {
	t.Parallel()
	store := tenanttest.NewMemory()
	ids := tenant.ExternalIDs{Store: store, Random: iotest.ErrReader(errors.New("none"))}
	if got, err := ids.ExternalID(t.Context(), "acme"); err == nil {
		t.Errorf("got %q", got)
	}
	if stands, err := store.ExternalID(t.Context(), "acme"); err != nil || stands != "" {
		t.Errorf("stored %q, %v", stands, err)
	}
}
