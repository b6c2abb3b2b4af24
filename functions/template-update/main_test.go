package main

import (
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestTemplateUpdate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateUpdate, handle(w.Templates()))
	w.Foreign(h, "template-update")

	before := w.Secrets.Names()
	update := functionstest.Event("template-update")
	h.Replay(update).Want(200, `{
		"id": "tpl_01M7VZGC000000000000000001", "name": "Salesforce, EU", "clientId": "fake-client-of-acme",
		"clientSecret": {"set": true, "last4": "0003", "setAt": "2026-11-20T09:00:00Z", "setBy": "acme/ann"},
		"revision": 2, "createdAt": "2026-11-20T08:00:00Z", "updatedAt": "2026-11-20T09:00:00Z"
	}`).WantHeader("etag", `"2"`)
	after := w.Secrets.Names()
	if len(after) != len(before) || slices.Equal(after, before) {
		t.Errorf("got secrets %q after, %q before, want one replaced", after, before)
	}
	w.Unchanged(func() {
		h.Replay(update).WantProblem(412, fault.CodePreconditionFailed)
		h.WithHeader("if-match", "").Replay(update).WantProblem(428, fault.CodePreconditionRequired)
	})
}

func TestTemplateUpdateOrganization(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateUpdate, handle(w.Templates()))
	h = h.With(func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters["templateId"] = functionstest.Organization })
	w.Unchanged(func() { h.Replay(functionstest.Event("template-update")).WantProblem(403, fault.CodeForbidden) })
}
