package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionCalls(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionCalls, handle(w.Reporter()))
	w.Foreign(h, "connection-calls")

	h.Replay(functionstest.Event("connection-calls")).
		Want(200, `{"recorded": 2, "status": "degraded", "reason": "rate_limited"}`)
	if got := w.Connection(functionstest.Acme, functionstest.StripeConnection).Health.CalledAt; !got.Equal(functionstest.Now) {
		t.Errorf("got last call at %v, want %v", got, functionstest.Now)
	}
	published := w.Bus.Events()
	last := published[len(published)-1]
	if last.Type != notify.ConnectionStatus || last.Resource != functionstest.StripeConnection || last.Detail["status"] != "degraded" {
		t.Errorf("got event %+v, want the new status of the connection", last)
	}
}
