package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestSettingsGet(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.SettingsGet, handle(w.Tenancy()))
	get := functionstest.Event("settings-get")
	h.Replay(get).Want(200, `{
		"reminders": {"enabled": true}, "admins": ["ann@acme.example"],
		"returnUrls": ["https://app.acme.example/connections/done"], "revision": 1
	}`).WantHeader("etag", `"1"`)
	h.As(functionstest.Globex).Replay(get).
		Want(200, `{"reminders": {"enabled": false}, "admins": [], "returnUrls": [], "revision": 0}`).WantHeader("etag", `"0"`)
}
