package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestFlowPut(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.FlowPut, handle(w.Bindings()))
	w.Foreign(h, "flow-put") // Its connections are not those of Globex.

	put := functionstest.Event("flow-put")
	h.Replay(put).Want(200, `{
		"flowId": "orders-to-stripe", "name": "Orders to Stripe", "kind": "sync", "state": "active", "ready": true, "revision": 1,
		"createdAt": "2026-11-20T09:00:00Z", "createdBy": "acme/ann",
		"bindings": [
			{"slot": "destination", "connector": "stripe", "environments": ["production"], "connectionId": "con_01M7VZGC000000000000000001", "status": "active"},
			{
				"slot": "source", "connector": "salesforce", "template": "salesforce", "environments": ["production"], "scopes": ["api"],
				"connectionId": "con_01M7VZGC000000000000000002", "status": "active", "boundAt": "2026-11-20T09:00:00Z", "boundBy": "acme/ann"
			}
		]
	}`).WantHeader("etag", `"1"`)
	if got := w.LastAudited(functionstest.Acme); got != "flow.put orders-to-stripe allowed" {
		t.Errorf("audited %q", got)
	}
	if n := w.Connection(functionstest.Acme, functionstest.StripeConnection).Bindings; n != 1 {
		t.Errorf("got %d bindings, want 1", n)
	}
	w.Unchanged(func() {
		h.Replay(put).WantProblem(428, fault.CodePreconditionRequired)
		h.WithHeader("if-match", `"7"`).Replay(put).WantProblem(412, fault.CodePreconditionFailed)
	})
}

func TestFlowPutRefused(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.FlowPut, handle(w.Bindings()))
	for _, test := range []struct {
		body, pointer string
		status        int
		code          fault.Code
	}{
		{`{"name": "x", "bindings": [{"slot": "a", "connector": "nosuch"}]}`, "/bindings/0/connector", 400, fault.CodeValidationFailed},
		{`{"name": "x", "kind": "sync", "bindings": []}`, "/bindings", 400, fault.CodeValidationFailed},
		{`{"name": "x", "bindings": [{"slot": "a", "connector": "stripe", "environments": ["moon"]}]}`, "/bindings/0/environments/0", 400, fault.CodeValidationFailed},
		{`{"name": "x", "bindings": [{"slot": "a", "connector": "stripe"}]}`, "/bindings/0/connectionId", 409, fault.CodeBindingRefused},
		{`{"name": "x", "bindings": [{"slot": "a", "connector": "stripe", "connectionId": "con_01M7VZGC000000000000000002"}]}`, "/bindings/0/connectionId", 409, fault.CodeBindingRefused},
		{`{"name": "x", "bindings": [{"slot": "a", "connector": "salesforce", "connectionId": "con_01M7VZGC000000000000000003"}]}`, "/bindings/0/connectionId", 409, fault.CodeBindingRefused},
		{`{"name": "x", "bindings": [{"slot": "a", "connector": "stripe", "connectionId": "con_01JD0000000000000000000000"}]}`, "/bindings/0/connectionId", 404, fault.CodeNotFound},
	} {
		w.Unchanged(func() {
			h.WithBody(test.body).Replay(functionstest.Event("flow-put")).WantProblem(test.status, test.code).WantPointer(test.pointer)
		})
	}
}
