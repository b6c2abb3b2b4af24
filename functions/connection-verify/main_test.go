package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionVerify(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionVerify, handle(w.Health()))
	w.Foreign(h, "connection-verify")

	h.Replay(functionstest.Event("connection-verify")).Want(200, `{
		"outcome": "ok", "message": "The account answers and accepts the credential.", "checkedAt": "2026-11-20T09:00:00Z",
		"connection": {"id": "con_01M7VZGC000000000000000002", "status": "active", "connected": true}
	}`)
	if diff := cmp.Diff([]string{"GET acme.my.salesforce.com/services/oauth2/userinfo"}, w.Provider.Calls()); diff != "" {
		t.Errorf("calls to the provider (-want +got):\n%s", diff)
	}
}

func TestConnectionVerifyDeadToken(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.At(functionstest.Now.Add(2 * time.Hour)) // The token has expired.
	w.Provider.Refuse("login.salesforce.com")  // So has the sign-in.
	h := webtest.New(t, routes.ConnectionVerify, handle(w.Health()))
	h.Replay(functionstest.Event("connection-verify")).Want(200, `{
		"outcome": "auth_error", "remedy": "reconnect",
		"connection": {"status": "degraded", "reason": "reauth_required", "remedy": "reconnect", "connected": false}
	}`)
}
