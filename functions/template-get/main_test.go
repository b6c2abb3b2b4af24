package main

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestTemplateGet(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateGet, handle(w.Templater()))
	get := functionstest.Event("template-get")
	answer := h.Replay(get).Want(200, `{
		"id": "tpl_01M7VZGC000000000000000001", "connector": "salesforce", "name": "Salesforce", "stableKey": "salesforce",
		"authScheme": "oauth2_authorization_code", "owner": "acme", "clientId": "fake-client-of-acme",
		"clientSecret": {"set": true, "last4": "0001", "setAt": "2026-11-20T08:00:00Z", "setBy": "acme/ann"},
		"clients": [{
			"role": "primary", "clientId": "fake-client-of-acme", "last4": "0001", "setAt": "2026-11-20T08:00:00Z", "setBy": "acme/ann", "connections": 1
		}],
		"redirectUri": "https://api.tenon.example/v1/oauth/callback/tpl_01M7VZGC000000000000000001",
		"revision": 1, "createdAt": "2026-11-20T08:00:00Z", "updatedAt": "2026-11-20T08:00:00Z"
	}`).WantHeader("etag", `"1"`)
	if strings.Contains(answer.Body, "fake-client-secret") {
		t.Errorf("the answer holds the secret: %s", answer.Body)
	}
	w.Foreign(h, "template-get")

	shared := h.With(func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters["templateId"] = functionstest.Organization })
	for _, tenant := range []string{functionstest.Acme, functionstest.Globex} {
		answer := shared.As(tenant).Replay(get).Want(200, `{"owner": "org", "embedded": true}`)
		if strings.Contains(answer.Body, "connections") {
			t.Errorf("%s sees how the organization's template is used: %s", tenant, answer.Body)
		}
	}
}
