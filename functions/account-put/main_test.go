package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestAccountPut(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Listed()
	h := webtest.New(t, routes.AccountPut, handle(w.Refreshing()))
	w.Foreign(h, "account-put")
	_, err := w.Lease().Lease(t.Context(), functionstest.Person(functionstest.Acme), lease.Request{ConnectionID: functionstest.XeroConnection, Purpose: "test"})
	if !fault.Has(err, fault.CodeAccountRequired) {
		t.Fatalf("a lease before the choice: got %v, want %s", err, fault.CodeAccountRequired)
	}
	put := functionstest.Event("account-put")
	h.Replay(put).Want(200, `{
		"id": "`+functionstest.XeroConnection+`", "status": "active", "connected": true, "revision": 3,
		"account": {"id": "`+functionstest.Organisation+`", "name": "Acme Pty", "kind": "ORGANISATION"}
	}`).WantHeader("etag", `"3"`)
	wantTenant(t, w, functionstest.Organisation)
	published := w.Bus.Events()
	if last := published[len(published)-1]; last.Type != notify.ConnectionAccount || last.Detail["previous"] != "none" {
		t.Errorf("got event %+v, want the choice", last)
	}

	change := `{"accountId": "` + functionstest.Practice + `"`
	h = h.WithHeader("if-match", `"3"`)
	h.WithBody(change+`}`).Replay(put).WantProblem(409, fault.CodeAccountMismatch)
	h.WithBody(change+`, "allowAccountChange": true}`).Replay(put).Want(200, `{"revision": 4, "account": {"id": "`+functionstest.Practice+`", "kind": "PRACTICE"}}`)
	wantTenant(t, w, functionstest.Practice)
}

func wantTenant(t *testing.T, w *functionstest.World, id string) {
	t.Helper()
	l, err := w.Lease().Lease(t.Context(), functionstest.Person(functionstest.Acme), lease.Request{ConnectionID: functionstest.XeroConnection, Purpose: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Credential.Headers["Xero-Tenant-Id"].Reveal(); got != id {
		t.Errorf("a lease names the organisation %q, want %q", got, id)
	}
}

func TestAccountPutDryRun(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Listed()
	h := webtest.New(t, routes.AccountPut, handle(w.Refreshing()))
	w.Unchanged(func() {
		h.Replay(functionstest.Event("account-put.dry-run")).Want(200, `{
			"revision": 2, "status": "degraded", "reason": "account_required", "remedy": "fix_input", "connected": false, "impact": {"allowed": true}
		}`)
		w.Provider.Calls()
	})
}

func TestAccountPutRefused(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Listed()
	h := webtest.New(t, routes.AccountPut, handle(w.Refreshing()))
	put := functionstest.Event("account-put")
	w.Unchanged(func() {
		h.Scoped("connections:read connections:lease").Replay(put).WantProblem(403, fault.CodeForbidden)
		h.WithHeader("if-match", `"1"`).Replay(put).WantProblem(412, fault.CodePreconditionFailed)
		h.WithHeader("if-match", "").Replay(put).WantProblem(428, fault.CodePreconditionRequired)
		h.WithBody(`{"accountId": ""}`).Replay(put).WantProblem(400, fault.CodeValidationFailed).WantPointer("/accountId")
		h.WithBody(`{"accountId": "another"}`).Replay(put).WantProblem(400, fault.CodeValidationFailed).WantPointer("/accountId")
		w.Provider.Refuse("api.xero.com")
		h.Replay(put).WantProblem(422, fault.CodeVerificationFailed)
		w.Provider.Calls()
	})
}
