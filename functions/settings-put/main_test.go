package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestSettingsPut(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.SettingsPut, handle(w.Tenancy()))
	put := functionstest.Event("settings-put")
	w.Unchanged(func() { // Globex's own settings have no revision yet.
		h.As(functionstest.Globex).Replay(put).WantProblem(412, fault.CodePreconditionFailed)
	})

	h.Replay(put).Want(200, `{
		"reminders": {"enabled": true, "daysBefore": [30, 7]}, "admins": ["ann@acme.example", "bo@acme.example"],
		"returnUrls": ["https://app.acme.example/connections/done"], "revision": 2
	}`).WantHeader("etag", `"2"`)
	globex, err := w.Tenancy().Settings(t.Context(), functionstest.Person(functionstest.Globex))
	if err != nil || globex.Reminders || globex.Revision != 0 {
		t.Errorf("got settings %+v of Globex, %v, want none", globex, err)
	}
	w.Unchanged(func() { h.Replay(put).WantProblem(412, fault.CodePreconditionFailed) })
}
