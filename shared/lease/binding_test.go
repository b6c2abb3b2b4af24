package lease_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/template"
)

// bindings are one flow and one template; reads of them are counted.
type bindings struct {
	*trace
	flow     flow.Flow
	template template.Template
}

type flows struct{ *bindings }

func (s flows) Get(_ context.Context, tenant, id string) (flow.Flow, error) {
	s.add("flow get")
	if s.flow.Tenant != tenant || s.flow.ID != id {
		return flow.Flow{}, flow.ErrNotFound
	}
	return s.flow, nil
}

type templates struct{ *bindings }

func (s templates) Get(_ context.Context, owner, id string) (template.Template, error) {
	s.add("template get")
	if s.template.Owner != owner || s.template.ID != id {
		return template.Template{}, template.ErrNotFound
	}
	return s.template, nil
}

func (s templates) Named(_ context.Context, owner, stableKey string) (template.Template, error) {
	s.add("template named")
	if s.template.Owner != owner || s.template.StableKey != stableKey {
		return template.Template{}, template.ErrNotFound
	}
	return s.template, nil
}

// bind makes a flow of a tenant name the connection of the rig, which is made from
// a template of the owner.
func (r *rig) bind(t *testing.T, of, owner string) *bindings {
	t.Helper()
	b := &bindings{
		trace: &r.calls,
		flow: flow.Flow{Tenant: of, ID: "orders", State: flow.Active, Bindings: []flow.Binding{
			{Slot: "source", Connector: r.target.Connector.ID, Environments: []string{"production"}, Owner: tenant, ConnectionID: con},
		}},
		template: template.Template{Owner: owner, ID: "tpl_1", StableKey: "crm", Connector: r.target.Connector.ID},
	}
	r.change(t, func(c *connection.Connection) {
		c.Environment, c.TemplateOwner, c.TemplateID = "production", owner, "tpl_1"
	})
	r.Flows, r.Templates = flows{b}, templates{b}
	return b
}

func (p process) bound(ctx context.Context, of, environment string) (lease.Lease, error) {
	caller := auth.Caller{Tenant: of, Home: of, Subject: "runtime", Scopes: []string{auth.ConnectionsLease}}
	return p.LeaseBound(ctx, caller, lease.Request{FlowID: "orders", Slot: "source", Purpose: "sync", Environment: environment})
}

// A lease by a binding is two reads and one audit entry, and none of them more
// when the credential was refreshed before: its cost is a promise.
func TestFreshLeaseByABindingIsTwoReadsAndOneAuditEntry(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.bind(t, tenant, tenant)
		r.token(t) // The data key is at hand from then on, and the use noted.
		r.calls.take()
		l, err := r.bound(t.Context(), tenant, "")
		if err != nil || l.Credential.AccessToken.Reveal() != r.access || l.FlowID != "orders" || l.Slot != "source" {
			t.Fatalf("got %+v, %v", l, err)
		}
		want := []string{"flow get", "get", "audit connection.lease con_1"}
		if diff := cmp.Diff(want, r.calls.take()); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	})
}

// Nothing is handed out, refreshed or recorded for a test run whose template has no
// test credential.
func TestTestRunWithoutATestCredential(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		b := r.bind(t, tenant, tenant)
		r.expire()
		r.calls.take()
		for name, id := range map[string]string{"none": "", "an id of nothing": "con_9", "a connection of production": con} {
			b.template.TestConnection = id
			if _, err := r.bound(t.Context(), tenant, lease.Test); !fault.Has(err, fault.CodeTestCredentialMissing) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, call := range r.calls.take() {
			if call != "flow get" && call != "get" && call != "template get" {
				t.Errorf("called %q", call)
			}
		}
		r.wantRequests(t, 0)
	})
}

// A test run gets the token that a refresh of the test connection brings, of a
// paused flow too; nobody else gets it.
func TestTestRunRefreshes(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		b := r.bind(t, tenant, tenant)
		r.change(t, func(c *connection.Connection) { c.TestCredential, c.Environment = true, "test" })
		b.template.TestConnection, b.flow.State = con, flow.Paused
		r.expire()
		l, err := r.bound(t.Context(), tenant, lease.Test)
		if err != nil || !l.Refreshed || l.Connection.ID != con {
			t.Errorf("got %+v, %v", l, err)
		}
		if _, err := r.bound(t.Context(), tenant, ""); !fault.Has(err, fault.CodeFlowPaused) {
			t.Errorf("a production run of the paused flow: %v", err)
		}
		b.flow.State = flow.Active
		if _, err := r.bound(t.Context(), tenant, ""); !fault.Has(err, fault.CodeBindingRefused) {
			t.Errorf("a production run: %v", err)
		}
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeConflict) {
			t.Errorf("a plain lease: %v", err)
		}
	})
}

// The connection belongs to another tenant than the organization: no flow of a
// stranger gets it, whatever its binding says.
func TestISO01BindingNamesAStranger(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		b := r.bind(t, "globex", tenant)
		b.template.Credentials, b.template.Embedded, b.template.TestConnection = template.Organization, true, con
		for _, environment := range []string{"", lease.Test} {
			if l, err := r.bound(t.Context(), "globex", environment); err == nil {
				t.Errorf("%q: got a lease of %s", environment, l.Connection.ID)
			}
		}
		if _, err := r.bound(t.Context(), tenant, ""); !fault.Has(err, fault.CodeNotFound) {
			t.Errorf("the flow of another tenant: %v", err)
		}
	})
}
