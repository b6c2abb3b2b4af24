package main

import (
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectSessionCreate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectSessionCreate, handle(w.Sessions(w.Opener())))
	w.Unchanged(func() { // The template is Acme's; so is the page to return to.
		h.As(functionstest.Globex).WithBody(`{"endUser":"user-42","templates":["`+functionstest.Salesforce+`"]}`).
			Replay(functionstest.Event("connect-session-create")).WantProblem(404, fault.CodeNotFound)
		h.As(functionstest.Globex).WithBody(`{"endUser":"user-42","connectionId":"`+functionstest.StripeConnection+`"}`).
			Replay(functionstest.Event("connect-session-create")).WantProblem(404, fault.CodeNotFound)
	})

	var first, again api.ConnectSessionLink
	create := functionstest.Event("connect-session-create")
	h.Replay(create).Want(201, `{"expiresAt": "2026-11-20T09:30:00Z"}`).Decode(&first)
	ticket, ok := strings.CutPrefix(first.URL, "https://api.tenon.example/connect/"+first.SessionID+"?ticket=")
	if !ok || len(ticket) != 43 {
		t.Errorf("got %s, want the page of the session with a ticket of 256 bits", first.URL)
	}
	if got, want := w.LastAudited(functionstest.Acme), "connect_session.create "+first.SessionID+" allowed"; got != want {
		t.Errorf("got audit %q, want %q", got, want)
	}
	// The key of the request makes it safe to repeat. The ticket is not kept, so
	// the repetition has another one.
	h.Replay(create).Want(201, "").Decode(&again)
	if again.SessionID != first.SessionID || again.URL == first.URL {
		t.Errorf("got %+v by the repeated request, want %s with another ticket", again, first.SessionID)
	}
	w.At(w.Now().Add(25 * time.Hour))
	h.Replay(create).Want(201, "").Decode(&again)
	if again.SessionID == first.SessionID {
		t.Error("the key is remembered for more than a day")
	}
}

func TestConnectSessionCreateRefused(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectSessionCreate, handle(w.Sessions(w.Opener())))
	for name, test := range map[string]struct{ body, pointer string }{
		"RED-01 a page elsewhere":           {`{"endUser":"u","returnUrl":"https://evil.example/connections/done"}`, "/returnUrl"},
		"RED-02 a page that looks like it":  {`{"endUser":"u","returnUrl":"https://app.acme.example/connections/done/../evil"}`, "/returnUrl"},
		"RED-02 a user in front":            {`{"endUser":"u","returnUrl":"https://app.acme.example@evil.example/connections/done"}`, "/returnUrl"},
		"RED-02 a longer host":              {`{"endUser":"u","returnUrl":"https://app.acme.example.evil.example/connections/done"}`, "/returnUrl"},
		"RED-02 a page with a query":        {`{"endUser":"u","returnUrl":"https://app.acme.example/connections/done?next=//evil.example"}`, "/returnUrl"},
		"RED-04 a header behind it":         {`{"endUser":"u","returnUrl":"https://app.acme.example/connections/done\r\nset-cookie: a=b"}`, "/returnUrl"},
		"nowhere to return to":              {`{"endUser":"u","completion":"backend"}`, "/returnUrl"},
		"no end user":                       {`{"endUser":""}`, "/endUser"},
		"an end user with a line break":     {`{"endUser":"u\nv"}`, "/endUser"},
		"an unknown system":                 {`{"endUser":"u","connectors":["salesforce","nothing"]}`, "/connectors/1"},
		"a template of a system left out":   {`{"endUser":"u","connectors":["hubspot"],"templates":["` + functionstest.Salesforce + `"]}`, "/templates/0"},
		"a connection and templates":        {`{"endUser":"u","connectionId":"` + functionstest.StripeConnection + `","connectors":["stripe"]}`, "/connectionId"},
		"a completion that there is not":    {`{"endUser":"u","completion":"nobody"}`, "/completion"},
		"a connection id that cannot exist": {`{"endUser":"u","connectionId":"con_1"}`, "/connectionId"},
	} {
		t.Run(name, func(t *testing.T) {
			w.Unchanged(func() {
				h.WithBody(test.body).Replay(functionstest.Event("connect-session-create")).
					WantProblem(400, fault.CodeValidationFailed).WantPointer(test.pointer)
			})
		})
	}
	w.Unchanged(func() { // What is typed cannot be confirmed before it is in use.
		h.WithBody(`{"endUser":"u","connectors":["stripe"],"completion":"backend","returnUrl":"`+functionstest.ReturnURL+`"}`).
			Replay(functionstest.Event("connect-session-create")).WantProblem(422, fault.CodeSchemeMismatch)
	})
}
