package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestFlowUpdate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Integrated()
	h := webtest.New(t, routes.FlowUpdate, handle(w.Bindings()))
	w.Foreign(h, "flow-update")
	update := functionstest.Event("flow-update")
	h.Replay(update).Want(200, `{"state": "paused", "revision": 2}`).WantHeader("etag", `"2"`)
	if n := w.Connection(functionstest.Acme, functionstest.StripeConnection).Bindings; n != 0 {
		t.Errorf("a paused flow counts %d bindings", n)
	}
	w.Unchanged(func() {
		h.Replay(update).WantProblem(412, fault.CodePreconditionFailed)
		h.WithHeader("if-match", "").Replay(update).WantProblem(428, fault.CodePreconditionRequired)
	})

	if _, err := w.Connections().Disable(t.Context(), functionstest.Person(functionstest.Acme), functionstest.SalesforceConnection, ""); err != nil {
		t.Fatal(err)
	}
	activate := h.WithHeader("if-match", `"2"`).WithBody(`{"state": "active"}`)
	w.Unchanged(func() {
		activate.Replay(update).WantProblem(409, fault.CodeBindingRefused).WantPointer("/bindings/1/connectionId")
	})
	if _, err := w.Connections().Enable(t.Context(), functionstest.Person(functionstest.Acme), functionstest.SalesforceConnection, ""); err != nil {
		t.Fatal(err)
	}
	activate.Replay(update).Want(200, `{"state": "active", "revision": 3, "ready": true}`)
}
