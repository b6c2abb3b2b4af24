package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestFlowGet(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Integrated()
	h := webtest.New(t, routes.FlowGet, handle(w.Bindings()))
	w.Foreign(h, "flow-get")
	h.Replay(functionstest.Event("flow-get")).Want(200, `{"flowId": "orders-to-stripe", "ready": true, "bindings": [
		{"slot": "destination", "status": "active"}, {"slot": "source", "status": "active"}
	]}`).WantHeader("etag", `"1"`)

	if _, err := w.Connections().Disable(t.Context(), functionstest.Person(functionstest.Acme), functionstest.SalesforceConnection, ""); err != nil {
		t.Fatal(err)
	}
	h.Replay(functionstest.Event("flow-get")).Want(200, `{"ready": false, "bindings": [
		{"slot": "destination", "status": "active"}, {"slot": "source", "connectionId": "con_01M7VZGC000000000000000002", "status": "disabled", "reason": "disabled"}
	]}`)
}
