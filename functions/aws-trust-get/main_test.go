package main

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

const roles = "arn:aws:iam::123456789012:role/tenon/test/*"

// want is what a tenant with this external id is told.
func want(t *testing.T, externalID string) string {
	t.Helper()
	b, err := json.Marshal(api.AWSTrust{
		PrincipalARN: roles, ExternalID: externalID, TemplateBody: tenant.RoleTemplate,
		TrustPolicy:        tenant.AWSTrust{Assumer: tenant.Assumer{Roles: roles}, ExternalID: externalID}.Policy(),
		TemplateParameters: map[string]string{"ExternalId": externalID, "PrincipalArn": roles},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Each tenant has an external id of its own, the same whenever it asks and the
// one its roles are assumed with.
func TestAWSTrustGet(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.AWSTrustGet, handle(w.Tenancy()))
	get := functionstest.Event("aws-trust-get")
	const acme, globex = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI"
	for range 2 {
		h.Replay(get).Want(200, want(t, acme))
		h.As(functionstest.Globex).Replay(get).Want(200, want(t, globex))
	}
	var used []string
	for _, name := range []string{functionstest.Acme, functionstest.Globex} {
		id, err := w.ExternalIDs().ExternalID(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		used = append(used, id)
	}
	if diff := cmp.Diff([]string{acme, globex}, used); diff != "" {
		t.Errorf("used (-shown +used):\n%s", diff)
	}
}
