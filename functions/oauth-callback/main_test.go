package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

const done = functionstest.ReturnURL + "?connectionId=" + functionstest.PendingConnection

func TestOAuthCallback(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Sent()
	h := webtest.New(t, routes.OAuthCallback, handle(w.Sessions(w.Connect())))
	callback := functionstest.Event("oauth-callback")
	w.Unchanged(func() { // Another browser has no cookie, or that of another handoff.
		for _, cookies := range [][]string{nil, {connect.CookieName(functionstest.HandoffID) + "=fake-cookie-of-globex"}} {
			h.With(func(e *events.APIGatewayV2HTTPRequest) { e.Cookies = cookies }).Replay(callback).
				WantPage(400, "This was begun in another browser.")
		}
	})
	if got, want := w.LastAudited(functionstest.Acme), "connection.connect "+functionstest.PendingConnection+" denied"; got != want {
		t.Errorf("got audit %q, want %q", got, want)
	}

	gone := h.Replay(callback).WantPage(303).WantHeader("location", done).Cookies
	want := []string{connect.CookieName(functionstest.HandoffID) + "=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"}
	if diff := cmp.Diff(want, gone); diff != "" {
		t.Errorf("cookies (-want +got):\n%s", diff)
	}
	c := w.Connection(functionstest.Acme, functionstest.PendingConnection)
	if s := connection.StatusOf(&c, w.Now()); s.Name != connection.StatusActive || c.Account.ID != "00D-acme" || c.Credential.SetBy != "acme/ann" {
		t.Errorf("got %+v with account %+v, want it active with Acme's account", s, c.Account)
	}
	w.Unchanged(func() { h.Replay(callback).WantPage(400, "This link was used before.") })
}

func TestOAuthCallbackDenied(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Sent()
	h := webtest.New(t, routes.OAuthCallback, handle(w.Sessions(w.Connect())))
	w.Provider.Calls()
	h.Replay(functionstest.Event("oauth-callback.denied")).WantPage(303).WantHeader("location", done+"&error=oauth_denied")
	c := w.Connection(functionstest.Acme, functionstest.PendingConnection)
	if got := connection.StatusOf(&c, w.Now()); got.Name != connection.StatusPending || got.Reason != connection.ReasonHandoffDenied {
		t.Errorf("got %+v, want it pending because access was denied", got)
	}
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("the provider was called: %q", calls)
	}
}
