package main

import (
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
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

func TestConnectionDeleteRefusedWhileFlowsUseIt(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Bind(functionstest.Acme, "orders", flow.Active, functionstest.SalesforceConnection)
	w.Bind(functionstest.Acme, "refunds", flow.Active, functionstest.SalesforceConnection)
	w.Bind(functionstest.Acme, "asleep", flow.Paused, functionstest.SalesforceConnection)
	h := webtest.New(t, routes.ConnectionDelete, handle(w.Connect()))
	del := functionstest.Event("connection-delete")
	w.Provider.Calls() // Those that made the world.
	w.Unchanged(func() {
		h.Replay(del).WantProblem(409, fault.CodeConnectionInUse).WantFlows("orders", "refunds")
	})
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("the provider was called: %q", calls)
	}
	w.Bind(functionstest.Acme, "orders", flow.Paused, functionstest.SalesforceConnection)
	h.Replay(del).WantProblem(409, fault.CodeConnectionInUse).WantFlows("refunds")
	w.Bind(functionstest.Acme, "refunds", flow.Paused, functionstest.SalesforceConnection)
	h.Replay(del).Want(200, `{"revocation": "revoked"}`)
}

func TestConnectionDeleteTried(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionDelete, handle(w.Connect())).With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = "dryRun=true" })
	del := functionstest.Event("connection-delete")
	w.Bind(functionstest.Acme, "asleep", flow.Paused, functionstest.SalesforceConnection, "api")
	before := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	w.Provider.Calls() // Those that made the world.
	h.Replay(del).Want(200, `{
		"connectionId": "con_01M7VZGC000000000000000002",
		"impact": {"allowed": true, "flows": [{"flowId": "asleep", "slot": "source", "active": false, "scopes": ["api"]}]}
	}`)
	w.Bind(functionstest.Acme, "orders", flow.Active, functionstest.SalesforceConnection)
	h.Replay(del).Want(200, `{"impact": {
		"allowed": false, "code": "connection_in_use", "flows": [
			{"flowId": "asleep", "slot": "source", "active": false, "scopes": ["api"]}, {"flowId": "orders", "slot": "source", "active": true}
		]
	}}`)
	after := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	after.Bindings, after.Version = before.Bindings, before.Version // What the flow counted.
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("a trial changed the record (-before +after):\n%s", diff)
	}
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("the provider was called: %q", calls)
	}
	h.As(functionstest.Globex).Replay(del).WantProblem(404, fault.CodeNotFound)
}
