package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// From the answer on nothing of the tenant is served; again is harmless, and its
// id is never used again.
func TestTenantDelete(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TenantDelete, handle(w.Offboarding()))
	remove := functionstest.Event("tenant-delete")
	w.Unchanged(func() {
		for _, by := range []string{functionstest.Globex, functionstest.Acme} {
			h.As(by).Replay(remove).WantProblem(403, fault.CodeForbidden)
			if got := w.LastAudited(by); got != "tenant.delete acme denied" {
				t.Errorf("audited %q", got)
			}
		}
		h.With(path("org")).Replay(remove).WantProblem(403, fault.CodeForbidden)
		h.With(path("nobody")).Replay(remove).WantProblem(404, fault.CodeNotFound)
	})
	for range 2 {
		var got api.Tenant
		h.Replay(remove).Want(202, `{"id": "acme", "state": "offboarding", "offboarding": {"startedBy": "org/bo", "startedAt": "2026-11-20T09:00:00Z"}}`).Decode(&got)
		if first := got.Offboarding.Steps[0]; first.Step != "blocked" || first.At == nil || first.Counts["connections"] != 3 || len(got.Offboarding.Steps) != len(tenant.StepNames(false)) {
			t.Errorf("steps %+v", got.Offboarding.Steps)
		}
	}
	ann := functionstest.Person(functionstest.Acme)
	if _, err := w.Lease().Lease(t.Context(), ann, lease.Request{ConnectionID: functionstest.StripeConnection, Purpose: "test"}); !fault.Has(err, fault.CodeTenantRemoved) {
		t.Errorf("leased: %v", err)
	}
	if err := w.Gate().Admit(t.Context(), ann, tenant.Read); !fault.Has(err, fault.CodeTenantRemoved) {
		t.Errorf("admitted: %v", err)
	}
	for _, repeated := range []bool{false, true} {
		if _, err := w.Onboarding().Create(t.Context(), functionstest.Person(auth.Organization), functionstest.Acme, "Acme GmbH", repeated); !fault.Has(err, fault.CodeTenantRemoved) {
			t.Errorf("created again: %v", err)
		}
	}
}

// path lets the request be about another tenant.
func path(id string) func(*events.APIGatewayV2HTTPRequest) {
	return func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters = map[string]string{"tenantId": id} }
}

// A dry run counts what would go, and changes nothing.
func TestTenantDeleteDryRun(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TenantDelete, handle(w.Offboarding()))
	w.Unchanged(func() {
		var got api.Tenant
		h.With(func(e *events.APIGatewayV2HTTPRequest) {
			e.RawQueryString, e.QueryStringParameters = "dryRun=true", map[string]string{"dryRun": "true"}
		}).Replay(functionstest.Event("tenant-delete")).Want(202, `{"state": "ready", "impact": {"allowed": true, "total": 3}}`).Decode(&got)
		if first := got.Offboarding.Steps[0]; first.At != nil || first.Counts["templates"] != 3 || got.Offboarding.StartedAt != nil {
			t.Errorf("receipt %+v", got.Offboarding)
		}
	})
}
