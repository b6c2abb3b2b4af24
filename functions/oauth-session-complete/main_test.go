package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestOAuthSessionComplete(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Awaiting()
	h := webtest.New(t, routes.OAuthSessionComplete, handle(w.Sessions(w.Connect())))
	w.Foreign(h, "oauth-session-complete")
	complete := functionstest.Event("oauth-session-complete")
	h.Replay(complete).Want(200, `{"state": "completed", "connectionStatus": "active", "endUser": "user-42"}`)
	w.Unchanged(func() { h.Replay(complete).Want(200, `{"state": "completed"}`) }) // The answer was lost.
}

func TestSES04CompleteForAnotherUser(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Awaiting()
	h := webtest.New(t, routes.OAuthSessionComplete, handle(w.Sessions(w.Connect())))
	complete := functionstest.Event("oauth-session-complete")
	w.Provider.Calls()
	h.WithBody(`{"endUser":"user-43","sessionUri":"urn:ietf:params:oauth:request_uri:`+functionstest.SessionID+`.`+functionstest.SessionProof+`"}`).Replay(complete).WantProblem(403, fault.CodeUserMismatch)
	if got, want := w.LastAudited(functionstest.Acme), "connect_session.complete "+functionstest.SessionID+" denied"; got != want {
		t.Errorf("got audit %q, want %q", got, want)
	}
	w.Unchanged(func() { h.Replay(complete).WantProblem(409, fault.CodeConflict) }) // The session is closed, for whomever.
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("the provider was asked: %q", calls)
	}
}
