package main

import (
	"fmt"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestProviderList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ProviderList, handle(w.Providers()))
	list := functionstest.Event("provider-list")
	h.As(auth.Organization).Replay(list).Want(200, `{"items": []}`)
	w.Outages().Failed(t.Context(), outage.Pass{Provider: "stripe"}) // One failure is no trouble.
	for range 21 {
		w.Outages().Refused(t.Context(), outage.Pass{Provider: "salesforce"})
		w.Outages().Failed(t.Context(), outage.Pass{Provider: "hubspot"})
	}
	api := outage.Pass{Provider: "api:stripe"}
	for n := range 20 {
		w.Outages().Examined(t.Context(), api, fmt.Sprint("con_", n), false)
	}
	h.As(auth.Organization).Replay(list).Want(200, `{"items": [
		{"provider": "stripe", "endpoint": "api", "state": "incident", "since": "2026-11-20T09:00:00Z"},
		{"provider": "hubspot", "endpoint": "token", "state": "down", "since": "2026-11-20T09:00:00Z"},
		{"provider": "salesforce", "endpoint": "token", "state": "refusing", "since": "2026-11-20T09:00:00Z", "until": "2026-11-20T10:00:00Z"}
	]}`)
	h.As(functionstest.Globex).Replay(list).Want(200, `{"items": []}`)
}
