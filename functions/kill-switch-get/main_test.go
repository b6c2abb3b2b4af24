package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestKillSwitchGet(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.KillSwitchGet, handle(w.KillSwitches()))
	get := functionstest.Event("kill-switch-get")
	h.As(auth.Organization).Replay(get).WantProblem(404, fault.CodeNotFound)
	w.Kill()
	w.Foreign(h, "kill-switch-get")
	h.As(auth.Organization).Replay(get).Want(200, `{
		"id": "kls_01M7VZGC000000000000000001", "scope": "connector", "connector": "salesforce", "reason": "tokens leaked", "state": "cutting"
	}`)
}
