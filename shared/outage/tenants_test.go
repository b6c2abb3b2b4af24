package outage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/outage"
)

// report examines n failing connections of a tenant.
func (r *rig) report(t *testing.T, tenant string, n int) {
	t.Helper()
	m := r.For(tenant)
	for i := range n {
		m.Examined(t.Context(), m.Look(t.Context(), stripeAPI), fmt.Sprint("con_", tenant, i), false)
	}
}

// OUT-07: what only one tenant's connections show is an incident of that tenant:
// the others' are checked, and believed, as ever. What those of several show is
// one of all.
func TestOUT07IncidentOfOneTenant(t *testing.T) {
	t.Parallel()
	r := newRig()
	stopped := func(tenant string) bool { return r.For(tenant).Look(t.Context(), stripeAPI).Stopped() }
	r.report(t, "acme", 50)
	if !stopped("acme") || stopped("globex") {
		t.Fatalf("fifty of acme fail: stopped %t, and %t for globex; want acme's own incident", stopped("acme"), stopped("globex"))
	}
	if pass, err := r.For("globex").Admit(t.Context(), stripeAPI, con(1)); err != nil || pass.Stopped() {
		t.Errorf("a check of globex: %v", err)
	}
	shown := &outage.Incidents{Store: r.store, Now: r.Now}
	if shown.Of(t.Context(), "acme", "stripe", "") == nil || shown.Of(t.Context(), "globex", "stripe", "") != nil {
		t.Error("the incident is not shown to acme, or is to globex")
	}
	r.now = r.now.Add(time.Hour)
	r.report(t, "globex", 4)
	if stopped("globex") || !stopped("acme") {
		t.Error("four connections of another tenant make the incident one of all, or end it")
	}
	r.report(t, "globex", 5)
	if !stopped("globex") || !stopped("initech") || !stopped("acme") {
		t.Error("the connections of two tenants fail, and it is no incident of all")
	}
	m := r.For("acme")
	pass, err := m.Admit(t.Context(), stripeAPI, con(1))
	if err != nil || m.Examined(t.Context(), pass, con(1), true) || stopped("acme") || stopped("globex") {
		t.Errorf("the incident does not end: %v", err)
	}
}
