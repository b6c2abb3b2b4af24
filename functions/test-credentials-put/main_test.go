package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

var event = functionstest.Event("test-credentials-put")

func TestTestCredentialsPut(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TestCredentialsPut, handle(w.Connect()))
	w.Foreign(h, "test-credentials-put")
	w.Unchanged(func() {
		h.Scoped("connections:write templates:read").Replay(event).WantProblem(403, fault.CodeForbidden)
		h.WithBody(`{"environment": "production"}`).Replay(event).WantProblem(400, fault.CodeValidationFailed).WantPointer("/environment")
	})

	first := h.Replay(event).Want(200, `{
		"templateId": "tpl_01M7VZGC000000000000000002", "environment": "test", "testCredential": true, "status": "active", "connected": true,
		"credential": {"version": 1, "state": "current", "last4": "0009", "setBy": "acme/ann"}
	}`)
	w.At(functionstest.Now.Add(time.Second))
	second := h.WithBody(`{"credential": {"apiKey": "rk_test_fake_acme_0008"}}`).Replay(event).Want(200, `{
		"testCredential": true, "status": "active", "credential": {"version": 2, "last4": "0008"}
	}`)
	var a, b struct{ ID string }
	first.Decode(&a)
	second.Decode(&b)
	if a != b || strings.Contains(first.Body+second.Body, "rk_test_fake") {
		t.Errorf("got %s, then %s", first.Body, second.Body)
	}
	caller := functionstest.Person(functionstest.Acme)
	found, err := w.Templater().Get(t.Context(), caller, functionstest.Stripe)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := w.Templater().Detailed(t.Context(), caller, found)
	if err != nil || shown.TestCredential == nil || shown.TestCredential.ConnectionID != a.ID || shown.TestCredential.Status != connection.StatusActive {
		t.Errorf("the template shows %+v, %v", shown.TestCredential, err)
	}
	w.Disconnect(functionstest.Acme, a.ID)
	if found, err = w.Templater().Get(t.Context(), caller, functionstest.Stripe); err != nil || found.TestConnection != "" {
		t.Errorf("the template names %q after the deletion, %v", found.TestConnection, err)
	}
}

func TestTestCredentialsPutWrongKey(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.TestCredential(functionstest.Acme, functionstest.Stripe, functionstest.TestKey)
	w.Provider.Refuse("api.stripe.com")
	h := webtest.New(t, routes.TestCredentialsPut, handle(w.Connect()))
	w.Unchanged(func() {
		h.WithBody(`{"credential": {"apiKey": "rk_test_fake_acme_0008"}}`).Replay(event).WantProblem(422, fault.CodeVerificationFailed)
		w.Provider.Calls()
	})
}

// Where a person has to consent, the answer says which connection to authorize.
func TestTestCredentialsPutToBeAuthorized(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TestCredentialsPut, handle(w.Connect())).WithBody(`{"name": "Sandbox"}`).With(of(functionstest.Salesforce))
	h.Replay(event).Want(200, `{"name": "Sandbox", "status": "pending", "connected": false, "testCredential": true}`)
}

func of(templateID string) func(*events.APIGatewayV2HTTPRequest) {
	return func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters["templateId"] = templateID }
}

// A tenant that may use the organization's template gives it no test credential,
// and does not see the one it has.
func TestTestCredentialsPutOfTheOrganization(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Share()
	h := webtest.New(t, routes.TestCredentialsPut, handle(w.Connect())).With(of(functionstest.SharedTemplate))
	w.Unchanged(func() { h.Replay(event).WantProblem(403, fault.CodeForbidden) })
	h.As(auth.Organization).Replay(event).Want(200, `{"testCredential": true, "status": "active"}`)
	caller := functionstest.Person(functionstest.Acme)
	found, err := w.Templater().Get(t.Context(), caller, functionstest.SharedTemplate)
	if err != nil {
		t.Fatal(err)
	}
	if shown, err := w.Templater().Detailed(t.Context(), caller, found); err != nil || shown.TestCredential != nil {
		t.Errorf("a tenant sees %+v, %v", shown.TestCredential, err)
	}
}

func TestTestCredentialsPutUnrecorded(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.BreakAudit()
	h := webtest.New(t, routes.TestCredentialsPut, handle(w.Connect()))
	w.Unchanged(func() { h.Replay(event).WantProblem(503, fault.CodeRetryLater) })
}
