package main

import (
	"slices"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
)

// look brings the message of Acme's record after a while.
func look(t *testing.T, w *functionstest.World) {
	t.Helper()
	w.At(w.Now().Add(6 * time.Minute))
	body := message(t, due.Item{Tenant: functionstest.Acme, Kind: due.Tenant, ID: "tenant", At: w.Now()})
	if back := w.Deliver(routes.QueueTenancy, work(w.Offboarder()), body, body); back != 0 {
		t.Errorf("%d messages come back", back)
	}
}

// told returns who was told of a kind of event.
func told(w *functionstest.World, kind string) (tenants []string) {
	for _, e := range w.Bus.Events() {
		if e.Type == kind && e.Resource == functionstest.Acme {
			tenants = append(tenants, e.Tenant)
		}
	}
	slices.Sort(tenants)
	return tenants
}

// A lease that finds the key disabled suspends the tenant; it is told once, and
// ends by itself when the key can be used again.
func TestSuspension(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	ann := functionstest.Person(functionstest.Acme)
	leased := func() error {
		_, err := w.Lease().Lease(t.Context(), ann, lease.Request{ConnectionID: functionstest.StripeConnection, Purpose: "test"})
		return err
	}
	w.LoseKey(functionstest.Acme)
	if err := leased(); !fault.Has(err, fault.CodeCredentialUnavailable) {
		t.Errorf("lease without a key: %v", err)
	}
	if s := w.Tenant(functionstest.Acme); s.State != tenant.Suspended || s.Suspension.Reason != "key_unavailable" || s.API().Suspension == nil {
		t.Fatalf("tenant %+v", s)
	}
	if err := w.Gate().Admit(t.Context(), ann, tenant.Change); !fault.Has(err, fault.CodeKeyUnavailable) {
		t.Errorf("admitted: %v", err)
	}
	if s := w.Tenant(functionstest.Globex); s.State != tenant.Ready {
		t.Errorf("another tenant is %s", s.State)
	}
	for range 3 {
		look(t, w)
	}
	if got := told(w, notify.TenantSuspended); !slices.Equal(got, []string{functionstest.Acme, auth.Organization}) || w.Tenant(functionstest.Acme).State != tenant.Suspended {
		t.Errorf("told %v", got)
	}
	w.EnableKey(functionstest.Acme)
	look(t, w)
	if s := w.Tenant(functionstest.Acme); s.State != tenant.Ready || s.Suspension != nil || !s.Due.IsZero() {
		t.Errorf("tenant %+v", s)
	}
	if got := told(w, notify.TenantResumed); !slices.Equal(got, []string{functionstest.Acme, auth.Organization}) {
		t.Errorf("told %v", got)
	}
	if err := leased(); err != nil {
		t.Errorf("lease after it resumed: %v", err)
	}
	w.Unchanged(func() { look(t, w) })
}

// A suspended tenant can be removed: what cannot be revoked without its key is on
// the list of what could not.
func TestSuspendedTenantIsRemoved(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.LoseKey(functionstest.Acme)
	w.Tenancy().Suspend(t.Context(), functionstest.Acme)
	if _, err := w.Offboarding().Remove(t.Context(), functionstest.Person(auth.Organization), functionstest.Acme); err != nil {
		t.Fatal(err)
	}
	left := others(w)
	w.LoseKey(functionstest.Acme)
	for range 12 { // The tries of a revocation take hours.
		w.At(w.Now().Add(5 * time.Hour))
		for _, x := range switches(t, w) {
			_ = w.Reconciler().Due(t.Context(), "run", due.Item{Tenant: auth.Organization, Kind: due.KillSwitch, ID: x.ID, At: w.Now()})
		}
		look(t, w)
	}
	o := w.Tenant(functionstest.Acme).Offboarding
	if w.Tenant(functionstest.Acme).State != tenant.Removed || !slices.Equal(w.Secrets.Names(), left) {
		t.Fatalf("%+v, secrets %v", o, w.Secrets.Names())
	}
	if n := o.Step(tenant.StepRevoked).Counts["irrevocable"]; n != 2 || len(o.Irrevocable) != 2 {
		t.Errorf("%d irrevocable: %v", n, o.Irrevocable)
	}
}

// The sample event goes on with a removal, and what is no message does no harm.
func TestQueueTenancy(t *testing.T) {
	t.Parallel()
	w := leaving(t)
	w.At(w.Now().Add(2 * time.Minute))
	run := work(w.Offboarder())
	if back := w.Consume(routes.QueueTenancy, run); back != 0 {
		t.Errorf("%d messages come back, want none", back)
	}
	if o := w.Tenant(functionstest.Acme).Offboarding; o.Step(tenant.StepFlows) == nil || len(switches(t, w)) != 1 {
		t.Errorf("receipt %+v", o)
	}
	w.Unchanged(func() {
		if back := w.Deliver(routes.QueueTenancy, run, "", "{", `{"tenant":"acme","kind":"connection","id":"con_1","at":"2026-11-20T09:05:00Z"}`); back != 3 {
			t.Errorf("%d messages come back, want those that are none", back)
		}
		look := message(t, due.Item{Tenant: "nobody", Kind: due.Tenant, ID: "tenant", At: w.Now()})
		if back := w.Deliver(routes.QueueTenancy, run, look, message(t, due.Item{Tenant: functionstest.Globex, Kind: due.Tenant, ID: "tenant", At: w.Now()})); back != 0 {
			t.Errorf("%d messages come back, want none", back)
		}
	})
}
