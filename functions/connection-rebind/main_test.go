package main

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionRebind(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Integrated()
	h := webtest.New(t, routes.ConnectionRebind, handle(w.Bindings()))
	w.Foreign(h, "connection-rebind")
	w.Foreign(h, "connection-rebind.dry-run")
	rebind, dry := functionstest.Event("connection-rebind"), functionstest.Event("connection-rebind.dry-run")
	w.Unchanged(func() { h.Replay(rebind).WantProblem(404, fault.CodeNotFound).WantPointer("/to") })

	// Not connected yet.
	w.Pending(functionstest.Acme, functionstest.Added, functionstest.Salesforce)
	w.Unchanged(func() {
		answer := h.Replay(rebind).WantProblem(409, fault.CodeBindingRefused).WantPointer("/to")
		if !strings.Contains(answer.Body, `"flows":["orders-to-stripe"]`) {
			t.Errorf("the refusal does not name the flow: %s", answer.Body)
		}
		h.Replay(dry).Want(200, `{
			"moved": [], "remaining": 1, "complete": false,
			"impact": {"allowed": false, "code": "binding_refused", "flows": [{"flowId": "orders-to-stripe", "slot": "source", "active": true, "scopes": ["api"]}]}
		}`)
	})
}

func TestConnectionRebindMoves(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Integrated()
	w.SignIn(functionstest.Acme, functionstest.Added, functionstest.Salesforce)
	h := webtest.New(t, routes.ConnectionRebind, handle(w.Bindings()))
	w.Unchanged(func() {
		h.Replay(functionstest.Event("connection-rebind.dry-run")).Want(200, `{"moved": [], "remaining": 1, "complete": false, "impact": {"allowed": true}}`)
	})
	h.Replay(functionstest.Event("connection-rebind")).Want(200, `{"moved": ["orders-to-stripe"], "remaining": 0, "complete": true}`)
	if got := w.LastAudited(functionstest.Acme); got != "flow.rebind orders-to-stripe allowed" {
		t.Errorf("audited %q", got)
	}
	before, after := w.Connection(functionstest.Acme, functionstest.SalesforceConnection), w.Connection(functionstest.Acme, functionstest.Added)
	if before.Bindings != 0 || after.Bindings != 1 {
		t.Errorf("counted %d and %d bindings", before.Bindings, after.Bindings)
	}
	h.Replay(functionstest.Event("connection-rebind")).Want(200, `{"moved": [], "remaining": 0, "complete": true}`)
}
