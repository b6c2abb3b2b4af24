package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestKillSwitchList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.KillSwitchList, handle(w.KillSwitches(), w.Cursors))
	w.Kill()
	for tenant, want := range map[string]string{
		functionstest.Acme: `{"items": []}`, functionstest.Globex: `{"items": []}`,
		auth.Organization: `{"items": [{"id": "kls_01M7VZGC000000000000000001", "scope": "connector", "connector": "salesforce"}]}`,
	} {
		h.As(tenant).Replay(functionstest.Event("kill-switch-list")).Want(200, want)
	}
}
