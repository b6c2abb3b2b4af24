package tables_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
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
