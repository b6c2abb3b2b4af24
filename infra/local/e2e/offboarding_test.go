package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// testOffboarding removes a tenant: its valid token is refused on every route
// within seconds, and in the end KMS is to delete its key.
func testOffboarding(t *testing.T, e *environment) {
	p, other := ownProperty(t, e, "leaving-tenant"), onboard(t, e, "staying-tenant")
	org := e.actor(t, auth.Organization)
	made := call(t, org, routes.TenantDelete, api.TenantDelete{TenantID: p.tenant})
	if made.State != "offboarding" {
		t.Errorf("tenant %+v", made)
	}
	wait(t, longestCut)
	rows := attempts(p)
	for _, r := range protected() {
		if got := rows[r.Name].send(t, p.actor, r, p); got.status != http.StatusForbidden || !strings.Contains(got.body, string(fault.CodeTenantRemoved)) {
			t.Errorf("%s: got %d %s, want it refused", r.Name, got.status, got.body)
		}
	}
	call(t, other, routes.SettingsGet, api.None{})
	for range 10 {
		if got := call(t, org, routes.TenantGet, api.TenantRef{TenantID: p.tenant}); got.State == "removed" {
			break
		}
		e.goOn(t, org, p.tenant)
	}
	got := call(t, org, routes.TenantGet, api.TenantRef{TenantID: p.tenant})
	if got.State != "removed" || got.Offboarding.KeyDeletionAt == nil || time.Until(*got.Offboarding.KeyDeletionAt) < 29*24*time.Hour || len(got.Offboarding.Irrevocable) != 1 {
		t.Fatalf("tenant %+v, receipt %+v", got, got.Offboarding)
	}
	key, err := kms.NewFromConfig(e.aws).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String(got.KeyARN)})
	if err != nil || key.KeyMetadata.KeyState != types.KeyStatePendingDeletion {
		t.Errorf("key %+v, %v", key, err)
	}
	refused(t, org, routes.TenantCreate, api.TenantCreate{ID: p.tenant, Name: "Again"}, fault.CodeTenantRemoved)
	e.noDeadLetters(t)
}

// goOn brings forward what is due of a tenant that is being removed, and of its
// kill switch.
func (e *environment) goOn(t *testing.T, org *actor, tenant string) {
	t.Helper()
	e.set(t, "tenants", tenant, map[string]string{"touched": "here"}) // The copy stays in step with the record.
	e.overdue(t, due.Tenancy, due.Item{Tenant: tenant, Kind: due.Tenant, ID: "tenant"})
	found, err := client.Call(t.Context(), org.client, routes.KillSwitchList, api.KillSwitchList{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range found.Items {
		if x.Tenant == tenant && x.State == "cutting" {
			e.overdue(t, due.Reconcile, due.Item{Tenant: auth.Organization, Kind: due.KillSwitch, ID: x.ID})
		}
	}
}
