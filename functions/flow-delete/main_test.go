package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestFlowDelete(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Integrated()
	h := webtest.New(t, routes.FlowDelete, handle(w.Bindings()))
	w.Foreign(h, "flow-delete")
	del := functionstest.Event("flow-delete")
	w.Unchanged(func() { h.WithHeader("if-match", `"2"`).Replay(del).WantProblem(412, fault.CodePreconditionFailed) })
	if answer := h.Replay(del); answer.StatusCode != 204 || answer.Body != "" {
		t.Errorf("got status %d with body %q, want 204 without", answer.StatusCode, answer.Body)
	}
	if n := w.Connection(functionstest.Acme, functionstest.StripeConnection).Bindings; n != 0 {
		t.Errorf("a deleted flow counts %d bindings", n)
	}
	h.Replay(del).WantProblem(404, fault.CodeNotFound)
}
