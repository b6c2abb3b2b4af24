package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// The addresses are the stage's, and the same for everybody.
func TestEgressList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	tenants := w.Tenancy()
	h := webtest.New(t, routes.EgressList, handle(tenants))
	list := functionstest.Event("egress-list")
	h.Replay(list).Want(200, `{"static":false,"addresses":[]}`)
	tenants.Addresses = []string{"198.51.100.7", "198.51.100.8"}
	for _, caller := range []string{functionstest.Acme, functionstest.Globex} {
		h.As(caller).Replay(list).Want(200, `{"static":true,"addresses":["198.51.100.7","198.51.100.8"]}`)
	}
}
