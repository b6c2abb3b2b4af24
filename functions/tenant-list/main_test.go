package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestTenantList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TenantList, handle(w.Tenancy(), w.Cursors))
	for tenant, want := range map[string]string{
		functionstest.Acme:   `{"items": [{"id": "acme", "name": "Acme GmbH", "state": "ready"}]}`,
		functionstest.Globex: `{"items": [{"id": "globex", "name": "Globex Corporation"}]}`,
		auth.Organization:    `{"items": [{"id": "acme"}, {"id": "globex"}, {"id": "org"}]}`,
		"initech":            `{"items": []}`, // Not onboarded.
	} {
		h.As(tenant).Replay(functionstest.Event("tenant-list")).Want(200, want)
	}
}
