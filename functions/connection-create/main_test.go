package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionCreate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionCreate, handle(w.Connect()))
	w.Foreign(h, "connection-create") // The template is Acme's.

	var created, again api.Connection
	create := functionstest.Event("connection-create")
	h.Replay(create).Want(201, `{
		"connector": "salesforce", "templateId": "tpl_01M7VZGC000000000000000001", "name": "Salesforce of the service team",
		"environment": "production", "authScheme": "oauth2_authorization_code", "labels": {"team": "service"},
		"inputs": {"host": "login.salesforce.com"}, "status": "pending", "reason": "no_credential", "connected": false,
		"revision": 1, "createdBy": "acme/ann", "createdAt": "2026-11-20T09:00:00Z"
	}`).WantHeader("etag", `"1"`).Decode(&created)
	// The key of the request makes it safe to repeat; the repetition reads.
	h.Scoped("connections:read connections:write").Replay(create).Want(201, "").Decode(&again)
	if created.ID != again.ID {
		t.Errorf("got connection %s by the repeated request, want %s", again.ID, created.ID)
	}
}

func TestConnectionCreateWithKey(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionCreate, handle(w.Connect()))
	w.Foreign(h, "connection-create.api-key")
	secrets := len(w.Secrets.Names())
	h.Replay(functionstest.Event("connection-create.api-key")).Want(201, `{
		"status": "active", "connected": true, "environment": "test", "account": {"id": "acct_acme", "name": "Acme GmbH"},
		"credential": {"version": 1, "state": "current", "last4": "0002", "setBy": "acme/ann", "refreshable": false}, "revision": 2
	}`)
	if got := len(w.Secrets.Names()); got != secrets+1 {
		t.Errorf("got %d secrets, want %d", got, secrets+1)
	}
}

func TestConnectionCreateWithWrongKey(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Disconnect(functionstest.Acme, functionstest.StripeConnection) // Now nothing uses the template.
	w.Provider.Refuse("api.stripe.com")
	h := webtest.New(t, routes.ConnectionCreate, handle(w.Connect()))
	w.Unchanged(func() {
		h.Replay(functionstest.Event("connection-create.api-key")).WantProblem(422, fault.CodeVerificationFailed)
		w.Provider.Calls()
	})
}
