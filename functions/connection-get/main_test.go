package main

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionGet(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionGet, handle(w.Reader(), w.Incidents()))
	answer := h.Replay(functionstest.Event("connection-get")).Want(200, `{
		"id": "con_01M7VZGC000000000000000001", "connector": "stripe", "templateId": "tpl_01M7VZGC000000000000000002",
		"name": "Stripe of the sales team", "environment": "production", "authScheme": "api_key", "labels": {"team": "sales"},
		"status": "active", "since": "2026-11-20T08:00:00Z", "connected": true, "account": {"id": "acct_acme", "name": "Acme GmbH"},
		"credential": {
			"version": 1, "state": "current", "setAt": "2026-11-20T08:00:00Z", "setBy": "acme/ann", "last4": "0001", "refreshable": false
		},
		"revision": 2, "createdAt": "2026-11-20T08:00:00Z", "createdBy": "acme/ann", "updatedAt": "2026-11-20T08:00:00Z"
	}`).WantHeader("etag", `"2"`)
	if strings.Contains(answer.Body, functionstest.StripeKey) {
		t.Errorf("the answer holds the key: %s", answer.Body)
	}
	w.Foreign(h, "connection-get")
}
