package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
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
