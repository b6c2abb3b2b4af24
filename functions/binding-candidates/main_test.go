package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestBindingCandidates(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Integrated()
	h := webtest.New(t, routes.BindingCandidates, handle(w.Bindings(), w.Cursors))
	w.Foreign(h, "binding-candidates")
	h.Replay(functionstest.Event("binding-candidates")).Want(200, `{"items": [
		{"connectionId": "con_01M7VZGC000000000000000002", "connector": "salesforce", "environment": "production", "status": "active", "fits": true},
		{"connectionId": "con_01M7VZGC000000000000000003", "status": "pending", "fits": false, "refusal": {"code": "not_connected", "remedy": "reconnect"}}
	]}`)
}
