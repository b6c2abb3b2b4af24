package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestBindingPut(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Integrated()
	h := webtest.New(t, routes.BindingPut, handle(w.Bindings()))
	w.Foreign(h, "binding-put")
	put := functionstest.Event("binding-put")
	w.Unchanged(func() { h.Replay(put).WantProblem(404, fault.CodeNotFound) })
	w.SignIn(functionstest.Acme, functionstest.Added, functionstest.Salesforce)
	w.Unchanged(func() {
		h.WithBody(`{"connectionId": "con_01M7VZGC000000000000000001"}`).Replay(put).WantProblem(409, fault.CodeBindingRefused).WantPointer("/connectionId")
		h.WithBody(`{"connectionId": ""}`).Replay(put).WantProblem(409, fault.CodeBindingRefused)
		h.With(func(e *events.APIGatewayV2HTTPRequest) {
			e.PathParameters = map[string]string{"flowId": functionstest.Orders, "slot": "nosuch"}
		}).Replay(put).WantProblem(404, fault.CodeNotFound)
	})
	h.Replay(put).Want(200, `{"revision": 2, "ready": true, "bindings": [{"slot": "destination"}, {"slot": "source", "connectionId": "con_01M7VZGC000000000000000004", "status": "active"}]}`)
	if got := w.LastAudited(functionstest.Acme); got != "flow.bind orders-to-stripe allowed" {
		t.Errorf("audited %q", got)
	}
	if n := w.Connection(functionstest.Acme, functionstest.SalesforceConnection).Bindings; n != 0 {
		t.Errorf("the connection before has %d bindings", n)
	}
	w.Unchanged(func() { h.Replay(put).WantProblem(412, fault.CodePreconditionFailed) })
}
