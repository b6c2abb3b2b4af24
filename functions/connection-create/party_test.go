package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// What the organization supplies is connected by the organization, for the tenant;
// its own accounts are not connected for a tenant at all.
func TestConnectionCreateByWhomTheTemplateSays(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionCreate, handle(w.Connect())).
		WithBody(`{"templateId": "` + functionstest.Organization + `", "name": "Salesforce", "inputs": {"host": "login.salesforce.com"}}`)
	acting := h.WithHeader("tenon-tenant", functionstest.Acme).As(auth.Organization)
	create := functionstest.Event("connection-create")
	change := func(c template.Change) {
		t.Helper()
		if _, err := w.Templates().Update(t.Context(), functionstest.Person(auth.Organization), functionstest.Organization, "*", c); err != nil {
			t.Fatal(err)
		}
	}
	organization := template.Organization
	change(template.Change{Credentials: &organization})
	w.Unchanged(func() {
		h.WithHeader("idempotency-key", "").Replay(create).WantProblem(403, fault.CodeForbidden)
		acting.WithHeader("idempotency-key", "").Replay(create).WantProblem(403, fault.CodeForbidden)
	})
	customer := template.Customer
	change(template.Change{Credentials: &customer})
	w.Unchanged(func() { h.WithHeader("idempotency-key", "").Replay(create).WantProblem(403, fault.CodeForbidden) })
	if got := w.LastAudited(functionstest.Acme); got[len(got)-6:] != "denied" {
		t.Errorf("audited last: %s", got)
	}
	acting.WithHeader("idempotency-key", "").Replay(create).Want(201, `{"status": "pending"}`)
}
