package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionAuthorize(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionAuthorize, handle(w.Connect()))
	w.Foreign(h, "connection-authorize")

	var handoff api.Handoff
	h.Replay(functionstest.Event("connection-authorize")).Want(201, `{"expiresAt": "2026-11-20T09:15:00Z"}`).Decode(&handoff)
	start := "https://api.tenon.example/v1/oauth/start/" + handoff.HandoffID + "?ticket="
	ticket, ok := strings.CutPrefix(handoff.StartURL, start)
	if !ok || len(ticket) != 43 {
		t.Errorf("got start URL %q, want %q and a ticket of 256 bits", handoff.StartURL, start)
	}
	c := w.Connection(functionstest.Acme, functionstest.PendingConnection)
	if c.Handoff == nil || c.Handoff.ID != handoff.HandoffID {
		t.Errorf("got handoff %+v of the connection, want %s", c.Handoff, handoff.HandoffID)
	}
	if got, want := w.LastAudited(functionstest.Acme), "connection.authorize "+functionstest.PendingConnection+" allowed"; got != want {
		t.Errorf("got audit %q, want %q", got, want)
	}
}

func TestConnectionAuthorizeElsewhere(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionAuthorize, handle(w.Connect()))
	w.Unchanged(func() {
		h.WithBody(`{"returnUrl": "https://app.acme.example.evil.example/connections/done"}`).
			Replay(functionstest.Event("connection-authorize")).
			WantProblem(400, fault.CodeValidationFailed).WantPointer("/returnUrl")
	})
}

// A device has no start link: the person enters a code at the system's page.
func TestConnectionAuthorizeDevice(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	got := w.AskDevice().API()
	if got.UserCode != "FAKE-CODE" || got.VerificationURL != "https://acme.example.com/device" || got.StartURL != "" || got.ExpiresAt.Sub(w.Now()) != 10*time.Minute {
		t.Errorf("got page %s, start URL %q and end %s", got.VerificationURL, got.StartURL, got.ExpiresAt)
	}
}

// A dry run says what would be asked for and changes nothing.
func TestConnectionAuthorizeDryRun(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionAuthorize, handle(w.Connect()))
	w.Unchanged(func() {
		answer := h.With(func(e *events.APIGatewayV2HTTPRequest) {
			e.RawQueryString = "dryRun=true"
		}).Replay(functionstest.Event("connection-authorize")).Want(201, `{
			"impact": {"allowed": true},
			"scopes": {"requested": ["api", "openid", "profile", "refresh_token"], "added": ["api", "openid", "profile", "refresh_token"], "removed": []}
		}`)
		if strings.Contains(answer.Body, "handoffId") || strings.Contains(answer.Body, "expiresAt") {
			t.Errorf("the answer has a handoff: %s", answer.Body)
		}
	})
	if got, want := w.LastAudited(functionstest.Acme), "connection.authorize "+functionstest.PendingConnection+" allowed"; got != want {
		t.Errorf("got audit %q, want %q", got, want)
	}
}

// Scopes that an active flow needs are not asked away.
func TestConnectionAuthorizeLess(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionAuthorize, handle(w.Connect())).With(func(e *events.APIGatewayV2HTTPRequest) {
		e.PathParameters["connectionId"] = functionstest.SalesforceConnection
		e.Body = `{"scopes": ["profile"], "exact": true}`
	})
	_, err := w.Connect().Connections.Update(t.Context(), functionstest.Acme, functionstest.SalesforceConnection, func(c *connection.Connection) error {
		c.GrantedScopes = append(c.GrantedScopes, "id")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Bind(functionstest.Acme, "orders", flow.Active, functionstest.SalesforceConnection, "api", "id")
	w.Bind(functionstest.Acme, "asleep", flow.Paused, functionstest.SalesforceConnection, "id")
	ask := functionstest.Event("connection-authorize")
	w.Unchanged(func() { h.Replay(ask).WantProblem(409, fault.CodeConnectionInUse).WantFlows("orders") })
	w.Bind(functionstest.Acme, "orders", flow.Paused, functionstest.SalesforceConnection, "api", "id")
	h.Replay(ask).Want(201, `{}`)
}
