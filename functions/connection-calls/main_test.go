package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionCalls(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionCalls, handle(w.Reporter()))
	w.Foreign(h, "connection-calls")

	h.Replay(functionstest.Event("connection-calls")).
		Want(200, `{"recorded": 2, "status": "active"}`) // One rate limit is no trouble.
	if got := w.History(functionstest.Acme, functionstest.StripeConnection); got.Ring != "ro" || !got.CalledAt.Equal(functionstest.Now) || got.DeriveAt.IsZero() {
		t.Errorf("got history %+v, want the two calls", got)
	}
}
