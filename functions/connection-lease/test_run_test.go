package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// A test run leases the test credential in the place of the connection's own, as it
// is now; a production run never does, by whatever name.
func TestConnectionLeaseForATestRun(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	event := functionstest.Event("connection-lease")
	h := webtest.New(t, routes.ConnectionLease, handle(w.Lease()))
	trial := h.WithBody(`{"purpose": "trial", "environment": "test"}`)
	trial.Replay(event).WantProblem(409, fault.CodeTestCredentialMissing)
	test := w.TestCredential(functionstest.Acme, functionstest.Stripe, functionstest.TestKey)
	named := func(e *events.APIGatewayV2HTTPRequest) { e.PathParameters["connectionId"] = test.ID }
	leases := func(key string) {
		t.Helper()
		want := `{"connectionId": "` + test.ID + `", "headers": {"Authorization": "Bearer ` + key + `"}}`
		trial.Replay(event).Want(200, want)
		if e := w.LastEntry(functionstest.Acme); e.Resource != test.ID || e.Facts["for"] != functionstest.StripeConnection || e.Facts["environment"] != "test" {
			t.Errorf("audited %+v", e)
		}
		trial.With(named).Replay(event).Want(200, want)
		h.Replay(event).Want(200, `{"connectionId": "`+functionstest.StripeConnection+`", "headers": {"Authorization": "Bearer `+functionstest.StripeKey+`"}}`)
		h.With(named).Replay(event).WantProblem(409, fault.CodeConflict)
		h.WithBody(`{"purpose": "x", "environment": "production"}`).With(named).Replay(event).WantProblem(409, fault.CodeConflict)
	}
	leases(functionstest.TestKey)
	w.TestCredential(functionstest.Acme, functionstest.Stripe, functionstest.NextStripeKey)
	leases(functionstest.NextStripeKey)
	w.Unchanged(func() {
		trial.As(functionstest.Globex).Replay(event).WantProblem(404, fault.CodeNotFound)
		trial.As(functionstest.Globex).With(named).Replay(event).WantProblem(404, fault.CodeNotFound)
		trial.Scoped("connections:read").Replay(event).WantProblem(403, fault.CodeForbidden)
	})
	w.Disconnect(functionstest.Acme, test.ID)
	trial.Replay(event).WantProblem(409, fault.CodeTestCredentialMissing)
}

// A connection whose environment is test is leased as any; only a template's test
// credential is not.
func TestConnectionLeaseOfATestEnvironment(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Change(functionstest.Acme, functionstest.StripeConnection, func(c *connection.Connection) { c.Environment = "test" })
	webtest.New(t, routes.ConnectionLease, handle(w.Lease())).Replay(functionstest.Event("connection-lease")).Want(200, "")
}

// The test credential of the organization's template is leased for a tenant's
// connection that is made from it; both audits say so, and both are under switches.
func TestConnectionLeaseForATestRunOfTheOrganization(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Share()
	w.Change(functionstest.Acme, functionstest.StripeConnection, func(c *connection.Connection) {
		c.TemplateOwner, c.TemplateID = auth.Organization, functionstest.SharedTemplate
	})
	test := w.TestCredential(auth.Organization, functionstest.SharedTemplate, functionstest.TestKey)
	event := functionstest.Event("connection-lease")
	trial := webtest.New(t, routes.ConnectionLease, handle(w.Lease())).WithBody(`{"purpose": "trial", "environment": "test"}`)
	trial.Replay(event).Want(200, `{"connectionId": "`+test.ID+`", "headers": {"Authorization": "Bearer `+functionstest.TestKey+`"}}`)
	if e := w.LastEntry(auth.Organization); e.Resource != test.ID || e.Facts["tenant"] != functionstest.Acme || e.Facts["for"] != functionstest.StripeConnection {
		t.Errorf("the organization's audit has %+v", e)
	}
	w.Switch(killswitch.Target{Scope: killswitch.ScopeTenant, Tenant: functionstest.Acme})
	webtest.New(t, routes.ConnectionLease, handle(w.Lease())).WithBody(`{"purpose": "trial", "environment": "test"}`).
		Replay(event).WantProblem(409, fault.CodeKillSwitch)
}
