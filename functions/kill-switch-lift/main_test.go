package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// What the walk has not come to by then goes on as before.
func TestKillSwitchLift(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.KillSwitchLift, handle(w.KillSwitches()))
	w.Kill()
	w.Foreign(h, "kill-switch-lift")
	lift := functionstest.Event("kill-switch-lift")
	for range 2 {
		h.As(auth.Organization).Replay(lift).Want(200, `{
			"id": "kls_01M7VZGC000000000000000001", "state": "lifting", "liftedAt": "2026-11-20T09:00:00Z", "liftedBy": "org/bo"
		}`)
	}
	if got := w.LastAudited(auth.Organization); got != "killswitch.lift kls_01M7VZGC000000000000000001 allowed" {
		t.Errorf("audited %q", got)
	}
	ann := functionstest.Person(functionstest.Acme)
	if _, err := w.Lease().Lease(t.Context(), ann, lease.Request{ConnectionID: functionstest.SalesforceConnection, Purpose: "test"}); err != nil {
		t.Errorf("lease after the lift: %v", err)
	}
}
