package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestDependentList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.DependentList, handle(w.Reader(), w.Cursors))
	w.Foreign(h, "dependent-list")

	list := functionstest.Event("dependent-list")
	h.Replay(list).Want(200, `{"items": []}`)
	w.Bind(functionstest.Acme, "orders", flow.Active, functionstest.StripeConnection, "charges:read")
	w.Bind(functionstest.Acme, "refunds", flow.Paused, functionstest.StripeConnection)
	w.Unchanged(func() {
		h.Replay(list).Want(200, `{"items": [
			{"flowId": "orders", "slot": "source", "active": true, "scopes": ["charges:read"]},
			{"flowId": "refunds", "slot": "source", "active": false}
		]}`)
	})
}
