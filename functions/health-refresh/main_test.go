package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestHealthRefresh(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.HealthRefresh, handle(w.Deriver()))
	event := functionstest.Event("health-refresh")
	h.Replay(event).Want(200, `{"derived": 0, "changed": 0, "probing": 1, "more": false}`)
	if got := w.Connection(functionstest.Acme, functionstest.StripeConnection).Due.Health; !got.After(functionstest.Now) || got.Sub(functionstest.Now).Minutes() > 7 {
		t.Errorf("got a check at %s, want one within minutes", got)
	}
	w.Called(functionstest.StripeConnection, catalog.PermissionError)
	h.Replay(event).Want(200, `{"derived": 1, "changed": 1, "probing": 1, "more": false}`)
	published := w.Bus.Events()
	last := published[len(published)-1]
	if last.Type != notify.ConnectionStatus || last.Resource != functionstest.StripeConnection || last.Detail["reason"] != "permissions" {
		t.Errorf("got event %+v, want the new status of the connection", last)
	}
	if got, want := w.LastAudited(functionstest.Acme), "health.refresh  allowed"; got != want {
		t.Errorf("got audit %q, want %q", got, want)
	}
	w.Foreign(h, "health-refresh")
}
