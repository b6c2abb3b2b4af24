package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
)

// What was admitted before the tenant left, by a standing that could not be read
// again, has ended before the first step looks for what there is; asking again for
// the removal does not bring that forward.
func TestRemovalBeginsWhenRequestsAreOver(t *testing.T) {
	t.Parallel()
	for _, r := range routes.Operations() {
		if r.Timeout > time.Minute {
			t.Errorf("%s may run for %s", r.Name, r.Timeout)
		}
	}
	w := leaving(t)
	begun := w.Now()
	if _, err := w.Offboarding().Remove(t.Context(), functionstest.Person(auth.Organization), functionstest.Acme); err != nil {
		t.Fatal(err)
	}
	w.At(begun.Add(119 * time.Second))
	if err := w.Offboarder().Due(t.Context(), "run", due.Item{Tenant: functionstest.Acme, Kind: due.Tenant, ID: "tenant", At: w.Now()}); err != nil {
		t.Fatal(err)
	}
	if o := w.Tenant(functionstest.Acme).Offboarding; len(o.Steps) != 1 {
		t.Errorf("a step was taken while requests may still run: %+v", o.Steps)
	}
	finish(t, w, w.Offboarder())
}

// A deletion that waits for its provider keeps its tries for the consumer that can
// reach it: the removal of the tenant waits, and does not use them up.
func TestRemovalWaitsForDeletionsUnderWay(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Change(functionstest.Acme, functionstest.SalesforceConnection, func(c *connection.Connection) {
		c.Lifecycle, c.Due = connection.Deleting, connection.Due{}
		c.Deletion.Tries, c.Deletion.Next = 1, w.Now().Add(time.Hour)
		c.PlanReconcile()
	})
	if _, err := w.Offboarding().Remove(t.Context(), functionstest.Person(auth.Organization), functionstest.Acme); err != nil {
		t.Fatal(err)
	}
	w.Provider.Calls()
	for range 10 {
		w.At(w.Now().Add(2 * time.Minute))
		if err := w.Offboarder().Due(t.Context(), "run", due.Item{Tenant: functionstest.Acme, Kind: due.Tenant, ID: "tenant", At: w.Now()}); err != nil {
			t.Fatal(err)
		}
		for _, x := range switches(t, w) {
			_ = w.Reconciler().Due(t.Context(), "run", due.Item{Tenant: auth.Organization, Kind: due.KillSwitch, ID: x.ID, At: w.Now()})
		}
	}
	if c := w.Connection(functionstest.Acme, functionstest.SalesforceConnection); c.Deletion.Tries != 1 || len(w.Provider.Calls()) > 0 {
		t.Errorf("%d tries of the revocation", c.Deletion.Tries)
	}
	w.At(w.Now().Add(time.Hour))
	item := due.Item{Tenant: functionstest.Acme, Kind: due.Connection, ID: functionstest.SalesforceConnection, At: w.Now()}
	if err := w.Reconciler().Due(t.Context(), "run", item); err != nil {
		t.Fatal(err)
	}
	if n := len(w.Provider.Calls()); n != 1 {
		t.Errorf("%d calls to the provider, want the revocation", n)
	}
	finish(t, w, w.Offboarder())
}

// The flows of a tenant let go of the connections of the organization.
func TestRemovalReleasesTheOrganizationsConnections(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Share()
	w.Orders(functionstest.Acme, flow.Active, flow.Binding{Owner: auth.Organization, ConnectionID: functionstest.SharedConnection})
	if n := w.Connection(auth.Organization, functionstest.SharedConnection).Bindings; n != 1 {
		t.Fatalf("%d bindings", n)
	}
	if _, err := w.Offboarding().Remove(t.Context(), functionstest.Person(auth.Organization), functionstest.Acme); err != nil {
		t.Fatal(err)
	}
	finish(t, w, w.Offboarder())
	audited := func(e audit.Entry) bool {
		return e.Action == audit.FlowDelete && e.Resource == functionstest.OrdersFlow
	}
	org := functionstest.Person(auth.Organization)
	org.Tenant = functionstest.Acme
	if found, _, err := w.Audit.List(t.Context(), org, audit.Query{Limit: 100}); err != nil || !slices.ContainsFunc(found, audited) {
		t.Errorf("the removal of the flow is not in the audit, %v", err)
	}
	c := w.Connection(auth.Organization, functionstest.SharedConnection)
	if c.Bindings != 0 || c.Lifecycle != connection.Ready || c.Credential == nil {
		t.Errorf("%d bindings of a connection that is %s", c.Bindings, c.Lifecycle)
	}
}

// A step that fails rings, as does a removal that has waited for a day.
func TestStuckRemovalRings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		after time.Duration
		err   error
		rings bool
	}{
		"waits":          {2 * time.Minute, nil, false},
		"waits too long": {25 * time.Hour, nil, true},
		"fails":          {2 * time.Minute, errors.New("no permission"), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, out := leaving(t), new(bytes.Buffer)
			w.At(w.Now().Add(test.after))
			walker := w.Offboarder()
			walker.Flows = stuck{test.err}
			e := &metric.Emitter{Namespace: "Tenon/test", Out: out, Now: w.Now}
			_ = walker.Due(metric.With(t.Context(), e), "run", due.Item{Tenant: functionstest.Acme, Kind: due.Tenant, ID: "tenant", At: w.Now()})
			e.Flush()
			if got := strings.Contains(out.String(), `"StuckOffboardings":1`); got != test.rings {
				t.Errorf("rings %t: %s", got, out)
			}
			if s := w.Tenant(functionstest.Acme); s.State != tenant.Leaving || s.Due.IsZero() {
				t.Errorf("tenant %+v", s)
			}
		})
	}
}

// stuck has flows left, or fails.
type stuck struct{ err error }

func (s stuck) Remove(context.Context, auth.Caller) (left bool, err error) { return true, s.err }
