package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectorGet(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectorGet, handle(w.Connector()))
	get := functionstest.Event("connector-get")
	for _, tenant := range []string{functionstest.Acme, functionstest.Globex} {
		h.As(tenant).Replay(get).Want(200, `{
			"id": "stripe", "name": "Stripe", "categories": ["payments", "finance"],
			"authSchemes": [{"id": "api_key", "type": "api_key", "fields": [{"name": "apiKey", "type": "secret", "secret": true}]}]
		}`)
	}
	for _, absent := range []string{"demo-crm", "no-such", "../stripe"} { // demo-crm is for developers' machines.
		h.With(func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters = map[string]string{"connectorId": absent} }).
			Replay(get).WantProblem(404, fault.CodeNotFound)
	}
}
