package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestAccountList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Listed()
	h := webtest.New(t, routes.AccountList, handle(w.Refreshing()))
	w.Foreign(h, "account-list")

	h.Replay(functionstest.Event("account-list")).Want(200, `{"items": [
		{"id": "`+functionstest.Organisation+`", "name": "Acme Pty", "kind": "ORGANISATION", "selected": false},
		{"id": "`+functionstest.Practice+`", "name": "Acme Books", "kind": "PRACTICE", "selected": false}
	]}`)
	if diff := cmp.Diff([]string{"GET api.xero.com/connections"}, w.Provider.Calls()); diff != "" {
		t.Errorf("calls to the provider (-want +got):\n%s", diff)
	}
	if got, want := w.LastAudited(functionstest.Acme), "connection.account.list "+functionstest.XeroConnection+" allowed"; got != want {
		t.Errorf("audited %q, want %q", got, want)
	}
}

func TestAccountListRefused(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Listed()
	h := webtest.New(t, routes.AccountList, handle(w.Refreshing()))
	list := functionstest.Event("account-list")
	w.Unchanged(func() {
		h.Scoped("connections:read connections:lease").Replay(list).WantProblem(403, fault.CodeForbidden)
	})
	w.Provider.Refuse("api.xero.com")
	h.Replay(list).WantProblem(422, fault.CodeVerificationFailed)
}
