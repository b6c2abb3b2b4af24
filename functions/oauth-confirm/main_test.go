package main

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestOAuthConfirm(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Opened()
	h := webtest.New(t, routes.OAuthConfirm, handle(w.Connect()))
	confirm := functionstest.Event("oauth-confirm")
	w.Unchanged(func() { // Another browser has no cookie, or that of another handoff.
		for _, cookies := range [][]string{nil, {connect.CookieName(functionstest.HandoffID) + "=fake-cookie-of-globex"}} {
			h.With(func(e *events.APIGatewayV2HTTPRequest) { e.Cookies = cookies }).Replay(confirm).
				WantPage(400, "This was begun in another browser.")
		}
	})

	answer := h.Replay(confirm).WantPage(303)
	location, err := url.Parse(answer.Headers["location"])
	if err != nil {
		t.Fatal(err)
	}
	if got, want := location.Host+location.Path, "login.salesforce.com/services/oauth2/authorize"; got != want {
		t.Errorf("got location %q, want %q", got, want)
	}
	query := location.Query()
	for name, want := range map[string]string{
		"response_type": "code", "client_id": "fake-client-of-acme", "code_challenge_method": "S256", "scope": "api openid refresh_token",
		"redirect_uri": "https://api.tenon.example/v1/oauth/callback/" + functionstest.Salesforce,
	} {
		if got := query.Get(name); got != want {
			t.Errorf("got %s %q, want %q", name, got, want)
		}
	}
	if !strings.HasPrefix(query.Get("state"), functionstest.HandoffID+".") || query.Get("code_challenge") == "" {
		t.Errorf("got query %q, want the handoff's state and a challenge", location.RawQuery)
	}
	w.Unchanged(func() { h.Replay(confirm).WantPage(400, "This link was used before.") })
}
