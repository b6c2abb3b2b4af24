package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestTenantGet(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TenantGet, handle(w.Tenancy()))
	get := functionstest.Event("tenant-get")
	want := `{"id": "acme", "name": "Acme GmbH", "state": "ready", "createdAt": "2026-11-20T08:00:00Z"}`
	h.Replay(get).Want(200, want)
	h.As(auth.Organization).Replay(get).Want(200, want)
	w.Foreign(h, "tenant-get")
}
