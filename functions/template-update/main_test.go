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

// The cut-over from one client to the next, as the owner sees it.
func TestTemplateUpdateRotatesTheClient(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateUpdate, handle(w.Templates())).WithHeader("if-match", "*")
	change := func(body string) webtest.Answer {
		return h.WithBody(body).Replay(functionstest.Event("template-update"))
	}
	change(`{"clientId": "fake-client-2", "clientSecret": "fake-client-secret-of-acme-0003", "keepPrevious": true}`).Want(200, `{
		"clientId": "fake-client-2", "clients": [
			{"role": "primary", "clientId": "fake-client-2", "last4": "0003", "setAt": "2026-11-20T09:00:00Z", "setBy": "acme/ann", "connections": 0},
			{"role": "secondary", "clientId": "fake-client-of-acme", "last4": "0001", "setAt": "2026-11-20T08:00:00Z", "setBy": "acme/ann", "connections": 1}
		]
	}`)
	w.Unchanged(func() {
		change(`{"clientSecret": "fake-client-secret-of-acme-0004", "keepPrevious": true}`).WantProblem(409, fault.CodeConflict)
		change(`{"dropPrevious": true}`).WantProblem(409, fault.CodeClientInUse)
	})
	before := len(w.Secrets.Names())
	change(`{"dropPrevious": true, "force": true}`).Want(200, `{
		"clients": [{"role": "primary", "clientId": "fake-client-2", "connections": 1}]
	}`)
	if after := len(w.Secrets.Names()); after != before-1 {
		t.Errorf("got %d secrets after, %d before, want one less", after, before)
	}
}

func TestTemplateUpdateOrganization(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateUpdate, handle(w.Templates()))
	h = h.With(func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters["templateId"] = functionstest.Organization })
	w.Unchanged(func() { h.Replay(functionstest.Event("template-update")).WantProblem(403, fault.CodeForbidden) })
}
