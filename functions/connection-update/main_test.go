package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionUpdate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionUpdate, handle(w.Connections()))
	w.Foreign(h, "connection-update")

	update := functionstest.Event("connection-update")
	h.Replay(update).Want(200, `{
		"id": "con_01M7VZGC000000000000000001", "name": "Stripe of the finance team", "labels": {"team": "finance", "tier": "1"},
		"status": "active", "connected": true, "revision": 3, "updatedAt": "2026-11-20T09:00:00Z"
	}`).WantHeader("etag", `"3"`)
	w.Unchanged(func() {
		h.Replay(update).WantProblem(412, fault.CodePreconditionFailed)
		h.WithHeader("if-match", "").Replay(update).WantProblem(428, fault.CodePreconditionRequired)
		h.WithHeader("if-match", `"3"`).WithBody(`{"inputs": {"shop": "acme"}}`).Replay(update).WantProblem(400, fault.CodeValidationFailed)
	})
}
