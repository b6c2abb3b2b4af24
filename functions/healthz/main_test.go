package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestHealthz(t *testing.T) {
	t.Parallel()
	h := webtest.New(t, routes.Healthz, handle("test"))
	healthz := functionstest.Event("healthz")
	h.Replay(healthz).Want(200, `{"status": "ok", "stage": "test"}`)
	h.As(functionstest.Globex).Replay(healthz).Want(200, `{"status": "ok", "stage": "test"}`)
}
