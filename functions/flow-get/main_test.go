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

	w.Disconnect(functionstest.Acme, functionstest.StripeConnection)
	h.Replay(functionstest.Event("flow-get")).Want(200, `{"ready": false, "bindings": [{"slot": "destination", "connectionId": "con_01M7VZGC000000000000000001"}, {"slot": "source", "status": "active"}]}`)
}
