package tables_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

// Whoever opens the table admits by standing, and can read it.
func TestEveryOperationAdmitsByStanding(t *testing.T) {
	t.Parallel()
	e := &app.Env{AWS: aws.Config{Region: "eu-west-1"}}
	if tables.New(e); e.Admission == nil {
		t.Error("the environment admits everybody")
	}
	for _, r := range routes.Operations() {
		if !r.Public() && !slices.Contains(r.Grants, routes.TableRead) {
			t.Errorf("%s may not read the standing of tenants", r.Name)
		}
	}
}

// A valid token of a tenant that is removed is refused on every route that wants
// one. The organization reads what is left of it, and changes nothing.
func TestRemovedTenantIsRefusedOnEveryRoute(t *testing.T) {
	t.Parallel()
	for _, state := range []tenant.State{tenant.Leaving, tenant.Removed} {
		store := tenanttest.NewMemory()
		if err := store.Create(t.Context(), tenant.Tenant{ID: "acme", State: state}); err != nil {
			t.Fatal(err)
		}
		admission := tables.Admission(&tenant.Gate{Store: store, Now: time.Now})
		admit := func(home, of string, r *routes.Route) *fault.Error {
			err := admission.Admit(t.Context(), auth.Caller{Home: home, Tenant: of, Subject: "ann", Scopes: auth.Scopes()}, r)
			if err == nil {
				return &fault.Error{}
			}
			return fault.From(err)
		}
		for _, r := range routes.Operations() {
			if r.Public() {
				continue
			}
			if f := admit("acme", "acme", r); f.Code != fault.CodeTenantRemoved || f.Kind != fault.Denied {
				t.Errorf("%s of a tenant that is %s: got %v", r.Name, state, f)
			}
			f := admit(auth.Organization, "acme", r)
			if read := r.Method == "GET"; read && f.Code != "" || !read && (f.Code != fault.CodeTenantRemoved || f.Kind != fault.Conflict) {
				t.Errorf("%s by the organization, for a tenant that is %s: got %v", r.Name, state, f)
			}
			if f := admit("globex", "globex", r); f.Code != "" {
				t.Errorf("%s of another tenant: got %v", r.Name, f)
			}
		}
	}
}

// What a suspended tenant may do besides reading needs no key of it: the list is
// short and a decision each.
func TestWhatRepairs(t *testing.T) {
	t.Parallel()
	var repairs []string
	for _, r := range routes.Operations() {
		switch access := tables.Access(r); {
		case access == tenant.Repair:
			repairs = append(repairs, r.Name)
		case (access == tenant.Read) != (r.Method == "GET"):
			t.Errorf("%s %s has access %d", r.Method, r.Path, access)
		}
	}
	slices.Sort(repairs)
	want := []string{
		"connection-disable", "kill-switch-create", "kill-switch-lift", "provider-confirm", "settings-put", "signing-key-retire",
		"tenant-create", "tenant-delete", "webhook-endpoint-delete",
	}
	if diff := cmp.Diff(want, repairs); diff != "" {
		t.Errorf("repairs (-want +got):\n%s", diff)
	}
}
