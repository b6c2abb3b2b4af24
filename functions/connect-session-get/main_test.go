package main

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectSessionGet(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Minted(session.New{})
	h := webtest.New(t, routes.ConnectSessionGet, handle(w.Sessions(w.Opener())))
	w.Foreign(h, "connect-session-get")
	get := functionstest.Event("connect-session-get")
	h.Replay(get).Want(200, `{
		"sessionId": "`+functionstest.SessionID+`", "state": "open", "endUser": "user-42",
		"createdAt": "2026-11-20T09:00:00Z", "expiresAt": "2026-11-20T09:30:00Z"
	}`)
	w.Bound()
	h.Replay(get).Want(200, `{"state": "opened"}`)
	answer := w.HandedOff()
	h.Replay(get).Want(200, `{"state": "handed_off", "connectionStatus": "pending"}`)
	if _, err := w.Sessions(w.Connect()).Callback(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	h.Replay(get).Want(200, `{"state": "completed", "connectionStatus": "active", "connectionId": "`+w.Session().Made.ConnectionID+`"}`)
	w.At(w.Now().Add(time.Hour))
	h.Replay(get).Want(200, `{"state": "completed"}`)
}

func TestConnectSessionGetLate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Minted(session.New{})
	w.At(w.Now().Add(30 * time.Minute))
	h := webtest.New(t, routes.ConnectSessionGet, handle(w.Sessions(w.Opener())))
	h.Replay(functionstest.Event("connect-session-get")).Want(200, `{"state": "expired"}`)
}
