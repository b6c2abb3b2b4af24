package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func dry(h webtest.Harness) webtest.Harness {
	return h.With(func(e *events.APIGatewayV2HTTPRequest) {
		e.RawQueryString, e.QueryStringParameters = "dryRun=true", map[string]string{"dryRun": "true"}
	})
}

// A dry run says what a change would do to whom, does none of it, and tells nobody
// but the owner.
func TestTemplateUpdateDryRun(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.SignIn(functionstest.Globex, functionstest.Added, functionstest.Organization)
	h := webtest.New(t, routes.TemplateUpdate, handle(w.Templates())).WithHeader("if-match", "*")
	dry(h).WithBody(`{"inputs": {"host": "test.salesforce.com"}}`).Replay(functionstest.Event("template-update")).Want(200, `{
		"id": "tpl_01M7VZGC000000000000000001", "revision": 1, "inputs": {"host": "test.salesforce.com"}, "fields": [{"name": "host", "from": "global", "required": false}],
		"impact": {"allowed": true, "total": 2, "connections": [
			{"tenant": "acme", "connectionId": "con_01M7VZGC000000000000000002", "effect": "reconsent", "reason": "address_changed"},
			{"tenant": "acme", "connectionId": "con_01M7VZGC000000000000000003", "effect": "updated"}
		]}
	}`)
	w.Unchanged(func() {
		dry(h).Replay(functionstest.Event("template-update")).Want(200, `{
			"name": "Salesforce, EU", "clientSecret": {"set": true, "last4": "0003"}, "impact": {"allowed": true}
		}`)
	})

	shared := dry(h).With(func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters["templateId"] = functionstest.Organization }).
		WithBody(`{"credentials": "organization"}`)
	w.Unchanged(func() {
		shared.Replay(functionstest.Event("template-update")).WantProblem(403, fault.CodeForbidden)
		shared.As(auth.Organization).Replay(functionstest.Event("template-update")).Want(200, `{
			"credentials": "customer", "suppliedBy": "customer", "impact": {"allowed": false, "code": "template_in_use"}
		}`)
	})
	var found api.Template
	shared.As(auth.Organization).WithBody(`{"scopes": ["api", "full"]}`).Replay(functionstest.Event("template-update")).Want(200, "").Decode(&found)
	if i := found.Impact; i == nil || i.Total != 1 || i.Connections[0].Tenant != functionstest.Globex || i.Connections[0].Reason != "scopes_added" {
		t.Errorf("impact %+v", i)
	}
}

// Who supplies the credentials is said by the owner, and kept from a tenant's own.
func TestTemplateUpdateParties(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateUpdate, handle(w.Templates())).WithHeader("if-match", "*").WithBody(`{"suppliedBy": "organization"}`)
	w.Unchanged(func() { h.Replay(functionstest.Event("template-update")).WantProblem(400, fault.CodeValidationFailed) })
	h.As(auth.Organization).With(func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters["templateId"] = functionstest.Organization }).
		Replay(functionstest.Event("template-update")).Want(200, `{"credentials": "customer", "suppliedBy": "organization"}`)
	if _, err := w.Templater().Get(t.Context(), functionstest.Person(functionstest.Acme), functionstest.Organization); err != nil {
		t.Error(err)
	}
}
