package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionEnable(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	if _, err := w.Connections().Disable(t.Context(), functionstest.Person(functionstest.Acme), functionstest.StripeConnection, ""); err != nil {
		t.Fatal(err)
	}
	h := webtest.New(t, routes.ConnectionEnable, handle(w.Connections()))
	w.Foreign(h, "connection-enable")

	h.Replay(functionstest.Event("connection-enable")).
		Want(200, `{"id": "con_01M7VZGC000000000000000001", "status": "active", "connected": true, "revision": 4}`).
		WantHeader("etag", `"4"`)
	if at, want := w.Connection(functionstest.Acme, functionstest.StripeConnection).Due.Health, functionstest.Now.Add(due.Soon); !at.Equal(want) {
		t.Errorf("got next check at %v, want %v", at, want)
	}
}
