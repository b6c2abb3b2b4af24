package main

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

const (
	acme     = functionstest.Acme
	globex   = functionstest.Globex
	org      = auth.Organization
	testBody = `{"purpose": "trial", "environment": "test"}`
)

var (
	event  = functionstest.Event("binding-lease")
	own    = flow.Binding{Owner: acme, ConnectionID: functionstest.StripeConnection}
	shared = flow.Binding{Owner: org, ConnectionID: functionstest.SharedConnection}
)

func TestBindingLease(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Orders(acme, flow.Active, own)
	h := webtest.New(t, routes.BindingLease, handle(w.Lease()))
	w.Foreign(h, "binding-lease")

	h.Replay(event).Want(200, `{
		"flowId": "orders-to-stripe", "slot": "destination", "connectionId": "con_01M7VZGC000000000000000001", "connector": "stripe",
		"credentialVersion": 1, "headers": {"Authorization": "Bearer rk_test_fake_acme_0001"}, "refreshed": false
	}`).WantHeader("cache-control", "no-store")
	e := w.LastEntry(acme)
	want := map[string]string{"flow": "orders-to-stripe", "slot": "destination", "lease": e.Facts["lease"]}
	if diff := cmp.Diff(want, e.Facts); diff != "" || e.Resource != functionstest.StripeConnection || e.Reason != "flow orders-to-stripe, run 4711" || e.Outcome != "allowed" {
		t.Errorf("audited %+v; facts (-want +got):\n%s", e, diff)
	}
	w.Unchanged(func() {
		h.Scoped("connections:read flows:write").Replay(event).WantProblem(403, fault.CodeForbidden)
		h.With(at("orders-to-stripe", "source")).Replay(event).WantProblem(404, fault.CodeNotFound)
		h.With(at("orders", "destination")).Replay(event).WantProblem(404, fault.CodeNotFound)
		h.WithBody(`{"purpose": "x", "environment": "staging"}`).Replay(event).WantProblem(400, fault.CodeValidationFailed).WantPointer("/environment")
		h.WithBody(`{"environment": "test"}`).Replay(event).WantProblem(400, fault.CodeValidationFailed)
	})
}

func at(flowID, slot string) func(*events.APIGatewayV2HTTPRequest) {
	return func(e *events.APIGatewayV2HTTPRequest) {
		e.PathParameters = map[string]string{"flowId": flowID, "slot": slot}
	}
}

func TestBindingLeaseUnrecorded(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Orders(acme, flow.Active, own)
	w.BreakAudit()
	h := webtest.New(t, routes.BindingLease, handle(w.Lease()))
	w.Unchanged(func() { h.Replay(event).WantProblem(503, fault.CodeRetryLater) })
}

// A binding hands out nothing that it would not accept now.
func TestBindingLeaseRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		state  flow.State
		bound  flow.Binding
		change func(*connection.Connection)
		code   fault.Code
	}{
		"the flow is paused":       {flow.Paused, own, nil, fault.CodeFlowPaused},
		"nothing is bound":         {flow.Active, flow.Binding{}, nil, fault.CodeBindingRefused},
		"another environment":      {flow.Active, own, func(c *connection.Connection) { c.Environment = "test" }, fault.CodeBindingRefused},
		"a test credential":        {flow.Active, own, func(c *connection.Connection) { c.TestCredential = true }, fault.CodeBindingRefused},
		"a connection that ends":   {flow.Active, own, func(c *connection.Connection) { c.Lifecycle = connection.Deleting }, fault.CodeBindingRefused},
		"a connection that rests":  {flow.Active, own, func(c *connection.Connection) { c.Lifecycle = connection.Disabled }, fault.CodeConnectionDisabled},
		"one that a person mends":  {flow.Active, own, func(c *connection.Connection) { c.Health.Reason = connection.ReasonReauthRequired }, fault.CodeReauthRequired},
		"one of a binding rebound": {flow.Active, flow.Binding{Slot: OtherSlot, Owner: acme, ConnectionID: functionstest.StripeConnection}, nil, fault.CodeNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := functionstest.New(t)
			w.Orders(acme, c.state, c.bound)
			if c.change != nil {
				w.Change(acme, functionstest.StripeConnection, c.change)
			}
			status := 409
			if c.code == fault.CodeNotFound {
				status = 404
			}
			w.Unchanged(func() {
				webtest.New(t, routes.BindingLease, handle(w.Lease())).Replay(event).WantProblem(status, c.code)
			})
		})
	}
}

// OtherSlot is not that of the event.
const OtherSlot = "source"

// A connection of the organization is leased by the binding of a tenant that could
// not see it: both audits say so, and the answer holds the credential and no more.
func TestBindingLeaseOfTheOrganization(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Share()
	w.Change(org, functionstest.SharedConnection, func(c *connection.Connection) {
		c.Labels, c.Inputs = map[string]string{"cost-center": "canary-label"}, map[string]string{"shop": "canary-input"}
	})
	w.Orders(acme, flow.Active, shared)
	h := webtest.New(t, routes.BindingLease, handle(w.Lease()))
	answer := h.Replay(event).Want(200, `{
		"flowId": "orders-to-stripe", "connectionId": "con_01M7VZGC000000000000000006", "headers": {"Authorization": "Bearer rk_test_fake_acme_0006"}
	}`)
	if strings.Contains(answer.Body, "canary") || strings.Contains(answer.Body, "Stripe of us all") {
		t.Errorf("the answer shows more than the credential: %s", answer.Body)
	}
	theirs, ours := w.LastEntry(acme), w.LastEntry(org)
	facts := map[string]string{"flow": "orders-to-stripe", "slot": "destination", "lease": theirs.Facts["lease"]}
	if diff := cmp.Diff(facts, theirs.Facts); diff != "" || theirs.Resource != functionstest.SharedConnection {
		t.Errorf("the tenant's audit has %+v (-want +got):\n%s", theirs, diff)
	}
	facts["tenant"] = acme
	if diff := cmp.Diff(facts, ours.Facts); diff != "" || ours.Resource != functionstest.SharedConnection || ours.Tenant != org || ours.Actor != theirs.Actor {
		t.Errorf("the organization's audit has %+v (-want +got):\n%s", ours, diff)
	}
	if used := w.Connection(org, functionstest.SharedConnection).UsedAt; used.IsZero() {
		t.Error("the use is not noted")
	}
	w.Foreign(h, "binding-lease")
}

// What the organization takes back is not leased any more, from the next lease on.
func TestBindingLeaseOfWhatIsNotSharedAnyMore(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*template.Template){
		"not embedded":         func(t *template.Template) { t.Embedded = false },
		"of the customers now": func(t *template.Template) { t.Credentials = template.Customer },
		"of nobody said":       func(t *template.Template) { t.Credentials = "" },
		"being deleted":        func(t *template.Template) { t.Deleting = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := functionstest.New(t)
			w.Share()
			w.Orders(acme, flow.Active, shared)
			h := webtest.New(t, routes.BindingLease, handle(w.Lease()))
			h.Replay(event).Want(200, "")
			w.Template(org, functionstest.SharedTemplate, change)
			w.Unchanged(func() { h.Replay(event).WantProblem(409, fault.CodeBindingRefused) })
		})
	}
}

// AUD-06: a switch on the tenant that leases, and one on the organization, refuse.
func TestAUD06BindingLeaseUnderASwitch(t *testing.T) {
	t.Parallel()
	for _, tenant := range []string{acme, globex, org} {
		t.Run(tenant, func(t *testing.T) {
			t.Parallel()
			w := functionstest.New(t)
			w.Share()
			w.Orders(acme, flow.Active, shared)
			w.Switch(killswitch.Target{Scope: killswitch.ScopeTenant, Tenant: tenant})
			h := webtest.New(t, routes.BindingLease, handle(w.Lease()))
			if tenant == globex {
				h.Replay(event).Want(200, "")
				return
			}
			w.Unchanged(func() { h.Replay(event).WantProblem(409, fault.CodeKillSwitch) })
		})
	}
}

// late is a gate that a switch closes for a tenant once it was asked.
type late struct {
	tenant string
	asked  int
}

func (g *late) Pass(_ context.Context, tenant, _ string) error {
	if tenant == g.tenant {
		g.asked++
	}
	if g.asked > 1 {
		return connection.ErrKillSwitch
	}
	return nil
}

// AUD-06: nor is anything handed out to a tenant that was cut off meanwhile.
func TestAUD06SwitchDuringABindingLease(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Share()
	w.Orders(acme, flow.Active, shared)
	leases := w.Lease()
	leases.Gate = &late{tenant: acme}
	webtest.New(t, routes.BindingLease, handle(leases)).Replay(event).WantProblem(409, fault.CodeKillSwitch)
}

// A fault of the organization's connection is the organization's to mend.
func TestBindingLeaseOfTheOrganizationFails(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Share()
	w.Orders(acme, flow.Active, shared)
	w.Change(org, functionstest.SharedConnection, func(c *connection.Connection) { c.Health.Reason = connection.ReasonReauthRequired })
	answer := webtest.New(t, routes.BindingLease, handle(w.Lease())).Replay(event).WantProblem(409, fault.CodeReauthRequired)
	if !strings.Contains(answer.Body, `"remedy":"contact_admin"`) {
		t.Errorf("got %s, want the remedy contact_admin", answer.Body)
	}
}

// A test run leases the template's test credential, of a paused flow and of an empty
// binding too, and a production run never does.
func TestBindingLeaseForATestRun(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.BindingLease, handle(w.Lease()))
	trial := h.WithBody(testBody)
	for _, b := range []flow.Binding{own, {Template: "stripe"}} {
		for _, state := range []flow.State{flow.Active, flow.Paused} {
			w.Orders(acme, state, b)
			trial.Replay(event).WantProblem(409, fault.CodeTestCredentialMissing)
		}
	}
	test := w.TestCredential(acme, functionstest.Stripe, functionstest.TestKey)
	for _, b := range []flow.Binding{own, {Template: "stripe"}} {
		for _, state := range []flow.State{flow.Active, flow.Paused} {
			w.Orders(acme, state, b)
			trial.Replay(event).Want(200, `{"connectionId": "`+test.ID+`", "headers": {"Authorization": "Bearer `+functionstest.TestKey+`"}, "slot": "destination"}`)
		}
	}
	if e := w.LastEntry(acme); e.Facts["environment"] != "test" || e.Facts["flow"] == "" || e.Resource != test.ID {
		t.Errorf("audited %+v", e)
	}
	w.TestCredential(acme, functionstest.Stripe, functionstest.NextStripeKey)
	trial.Replay(event).Want(200, `{"headers": {"Authorization": "Bearer `+functionstest.NextStripeKey+`"}}`)
	w.Orders(acme, flow.Active, own)
	h.Replay(event).Want(200, `{"headers": {"Authorization": "Bearer `+functionstest.StripeKey+`"}}`)
	w.Foreign(trial, "binding-lease")
	for _, b := range []flow.Binding{{}, {Template: "salesforce"}, {Template: "nothing"}} {
		w.Orders(acme, flow.Paused, b)
		trial.Replay(event).WantProblem(409, fault.CodeTestCredentialMissing)
	}
}

// The test credential of the organization's template serves the test runs of every
// tenant that may use the template, and both audits say so.
func TestBindingLeaseForATestRunOfTheOrganization(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Share()
	test := w.TestCredential(org, functionstest.SharedTemplate, functionstest.TestKey)
	trial := webtest.New(t, routes.BindingLease, handle(w.Lease())).WithBody(testBody)
	for _, tenant := range []string{acme, globex} {
		for _, b := range []flow.Binding{shared, {Template: "stripe-of-us"}} {
			w.Orders(tenant, flow.Paused, b)
			trial.As(tenant).Replay(event).Want(200, `{"connectionId": "`+test.ID+`", "headers": {"Authorization": "Bearer `+functionstest.TestKey+`"}}`)
			if theirs, ours := w.LastEntry(tenant), w.LastEntry(org); theirs.Resource != test.ID || ours.Resource != test.ID || ours.Facts["tenant"] != tenant || ours.Facts["environment"] != "test" {
				t.Errorf("audited %+v and %+v", theirs, ours)
			}
		}
	}
	w.Template(org, functionstest.SharedTemplate, func(t *template.Template) { t.Embedded = false })
	for _, b := range []flow.Binding{shared, {Template: "stripe-of-us"}} {
		w.Orders(acme, flow.Paused, b)
		trial.Replay(event).WantProblem(409, fault.CodeTestCredentialMissing)
	}
}
