package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionScopes(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionScopes, handle(w.Scopes()))
	var got api.ConnectionScopes
	h.Replay(functionstest.Event("connection-scopes")).Want(200, `{
		"applies": true, "requested": [], "granted": [], "grantedReported": false, "required": [],
		"connectorRequired": ["api", "openid", "refresh_token"], "missing": ["api", "openid", "refresh_token"], "unused": [],
		"drift": ["api", "openid", "refresh_token"], "dropped": [], "least": ["api", "openid", "refresh_token"], "reconsent": true,
		"templateScopes": ["api", "openid", "refresh_token"], "ownScopes": [], "exact": false
	}`).Decode(&got)
	if len(got.Available) != 6 || !got.Available[0].Required {
		t.Errorf("available: got %+v", got.Available)
	}
	w.Foreign(h, "connection-scopes")
}

// What flows need stands beside what there is.
func TestConnectionScopesOfFlows(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionScopes, handle(w.Scopes()))
	w.Bind(functionstest.Acme, "orders", flow.Active, functionstest.PendingConnection, "api", "profile")
	w.Bind(functionstest.Acme, "asleep", flow.Paused, functionstest.PendingConnection, "profile")
	w.Unchanged(func() {
		h.Replay(functionstest.Event("connection-scopes")).Want(200, `{
			"required": [
				{"scope": "api", "flows": [{"flowId": "orders", "slot": "source", "active": true}]},
				{"scope": "profile", "flows": [{"flowId": "asleep", "slot": "source", "active": false}, {"flowId": "orders", "slot": "source", "active": true}]}
			],
			"least": ["api", "openid", "profile", "refresh_token"]
		}`)
	})
}

// Of a key nothing is asked for.
func TestConnectionScopesOfAKey(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionScopes, handle(w.Scopes())).With(func(e *events.APIGatewayV2HTTPRequest) {
		e.PathParameters["connectionId"] = functionstest.StripeConnection
	})
	h.Replay(functionstest.Event("connection-scopes")).Want(200, `{
		"applies": false, "available": [], "requested": [], "granted": [], "missing": [], "least": [], "drift": [], "reconsent": false
	}`)
}
