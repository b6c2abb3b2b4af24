package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionDisable(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionDisable, handle(w.Connections()))
	w.Foreign(h, "connection-disable")

	disable := functionstest.Event("connection-disable")
	h.Replay(disable).Want(200, `{
		"id": "con_01M7VZGC000000000000000001", "status": "disabled", "reason": "disabled", "message": "The connection is paused.",
		"connected": false, "since": "2026-11-20T09:00:00Z", "revision": 3
	}`).WantHeader("etag", `"3"`)
	if due := w.Connection(functionstest.Acme, functionstest.StripeConnection).Due; !due.Health.IsZero() || !due.Refresh.IsZero() {
		t.Errorf("got due %+v, want no check and no refresh", due)
	}
	w.Unchanged(func() { h.Replay(disable).WantProblem(412, fault.CodePreconditionFailed) })
}

// A connection that flows use may be paused; who asks first learns whom it hits.
func TestConnectionDisableTried(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionDisable, handle(w.Connections())).With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = "dryRun=true" })
	w.Bind(functionstest.Acme, "orders", flow.Active, functionstest.StripeConnection)
	disable := functionstest.Event("connection-disable")
	before := w.Connection(functionstest.Acme, functionstest.StripeConnection)
	h.Replay(disable).Want(200, `{
		"id": "con_01M7VZGC000000000000000001", "status": "active", "bindings": 1, "revision": 2,
		"impact": {"allowed": true, "flows": [{"flowId": "orders", "slot": "source", "active": true}]}
	}`)
	if diff := cmp.Diff(before, w.Connection(functionstest.Acme, functionstest.StripeConnection)); diff != "" {
		t.Errorf("a trial changed the record (-before +after):\n%s", diff)
	}
	h.As(functionstest.Globex).Replay(disable).WantProblem(404, fault.CodeNotFound)
}
