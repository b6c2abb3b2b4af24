package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionDelete(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionDelete, handle(w.Connect()))
	w.Foreign(h, "connection-delete")

	secret := w.Connection(functionstest.Acme, functionstest.SalesforceConnection).SecretName
	if !slices.Contains(w.Secrets.Names(), secret) {
		t.Fatalf("got secrets %q, want %q among them before", w.Secrets.Names(), secret)
	}
	del := functionstest.Event("connection-delete")
	h.Replay(del).Want(200, `{"connectionId": "con_01M7VZGC000000000000000002", "revocation": "revoked"}`)
	if slices.Contains(w.Secrets.Names(), secret) {
		t.Errorf("the secret %q is still there", secret)
	}
	if c := w.Connection(functionstest.Acme, functionstest.SalesforceConnection); c.ID != "" {
		t.Errorf("got record %+v, want none", c)
	}
	if diff := cmp.Diff([]string{"POST acme.my.salesforce.com/services/oauth2/revoke"}, w.Provider.Calls()); diff != "" {
		t.Errorf("calls to the provider (-want +got):\n%s", diff)
	}
	if types := w.Bus.Types(); types[len(types)-1] != notify.ConnectionDeleted {
		t.Errorf("got event %q, want %q", types[len(types)-1], notify.ConnectionDeleted)
	}
	h.Replay(del).WantProblem(404, fault.CodeNotFound)
}

func TestConnectionDeleteUnrecorded(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.BreakAudit()
	h := webtest.New(t, routes.ConnectionDelete, handle(w.Connect()))
	w.Unchanged(func() {
		h.Replay(functionstest.Event("connection-delete")).WantProblem(503, fault.CodeRetryLater)
	})
}
