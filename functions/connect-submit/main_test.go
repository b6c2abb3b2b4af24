package main

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectSubmit(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Minted(session.New{})
	w.Bound()
	h := webtest.New(t, routes.ConnectSubmit, handle(w.Sessions(w.Connect()), w.Console()))
	submit := functionstest.Event("connect-submit")
	t.Run("WEB-04 the form of another browser", func(t *testing.T) {
		w.Unchanged(func() {
			for _, cookies := range [][]string{nil, {connect.CookieName(functionstest.SessionID) + "=fake-cookie-of-globex"}} {
				answer := h.With(func(e *events.APIGatewayV2HTTPRequest) { e.Cookies = cookies }).Replay(submit)
				answer.WantPage(400)
			}
		})
	})
	t.Run("WEB-03 a form that is not of the page", func(t *testing.T) {
		w.Unchanged(func() {
			for _, body := range []string{"", "form=", "form=fake", "form=fake-cookie-of-user-42-00000000000000000000"} {
				h.With(func(e *events.APIGatewayV2HTTPRequest) { e.Body, e.IsBase64Encoded = body, false }).Replay(submit).
					WantPage(400, "The form is not one of this page.")
			}
		})
	})

	answer := h.Replay(submit).WantPage(303)
	if !strings.HasPrefix(answer.Headers["location"], "https://login.salesforce.com/services/oauth2/authorize?") {
		t.Errorf("got location %q", answer.Headers["location"])
	}
	v := w.Session()
	c := w.Connection(functionstest.Acme, v.Made.ConnectionID)
	if v.State != session.HandedOff || c.Name != "My Salesforce" || c.CreatedBy != "acme/"+functionstest.SessionID+"/user-42" {
		t.Errorf("got state %s and connection %+v", v.State, c)
	}
	if got, want := w.LastAudited(functionstest.Acme), "connection.authorize "+c.ID+" allowed"; got != want {
		t.Errorf("got audit %q, want %q", got, want)
	}
	if len(answer.Cookies) != 1 || !strings.HasPrefix(answer.Cookies[0], connect.CookieName(v.HandoffID)+"=") {
		t.Errorf("got cookies %q, want that of the handoff", answer.Cookies)
	}
}

func TestConnectSubmitWithKey(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Minted(session.New{ReturnURL: functionstest.ReturnURL})
	w.Bound()
	h := webtest.New(t, routes.ConnectSubmit, handle(w.Sessions(w.Connect()), w.Console()))
	submit := functionstest.Event("connect-submit.api-key")
	gone := h.Replay(submit).WantPage(303).
		WantHeader("location", functionstest.ReturnURL+"?outcome=completed&sessionId="+functionstest.SessionID).Cookies
	if want := connect.Gone(functionstest.SessionID); len(gone) != 1 || gone[0] != want {
		t.Errorf("got cookies %q, want %q", gone, want)
	}
	w.Unchanged(func() { h.Replay(submit).WantPage(400, "This link was used before.") })
}
