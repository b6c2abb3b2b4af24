package audit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/notify"
)

// lease records leases of so many distinct connections, each often, by a flow.
func (a *archive) lease(actor string, connections, often int) {
	a.t.Helper()
	by := auth.Caller{Tenant: "acme", Home: "acme", Subject: actor, Scopes: []string{auth.ConnectionsLease}}
	for n := range connections * often {
		if err := a.log.Check(a.t.Context(), by, audit.ConnectionLease, fmt.Sprintf("con_%d", n%connections)); err != nil {
			a.t.Fatal(err)
		}
	}
	a.after(time.Hour)
}

// anomalies returns what was told of leases: how many are usual.
func (a *archive) anomalies() (told []string) {
	for _, e := range a.bus.Events() {
		if e.Type == notify.LeaseAnomaly {
			told = append(told, e.Detail["baseline"])
		}
	}
	return told
}

func TestAPI07UnusualLeasesAreTold(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.lease("busy", 200, 1)
	a.lease("calm", 5, 40)
	if got := a.anomalies(); len(got) != 0 {
		t.Fatalf("told of %v on the first day", got)
	}
	for range 30 {
		a.lease("busy", 200, 1) // As ever.
		a.lease("calm", 5, 40)  // Few connections, often.
		a.lease("small", 45, 1) // Below what is ever unusual.
	}
	if got := a.anomalies(); len(got) != 0 {
		t.Fatalf("told of %v, which lease what they ever do", got)
	}
	a.lease("busy", 600, 1) // Three times as many.
	if got := a.anomalies(); len(got) != 0 {
		t.Fatalf("told of %v for three times as many", got)
	}
	a.lease("calm", 80, 1)
	a.lease("stranger", 300, 1)
	a.lease("busy", 1900, 1)
	if got := fmt.Sprint(a.anomalies()); got != "[5 0 274]" {
		t.Errorf("told of %s", got)
	}
	for _, e := range a.bus.Events() {
		if e.Type == notify.LeaseAnomaly && (e.Tenant != "acme" || e.Resource != "audit" || e.Detail["connections"] == "" || len(e.Detail) != 3) {
			t.Errorf("told %+v", e)
		}
	}
}

// An actor is told of once an hour, over several seals.
func TestAPI07AnomalyIsToldOnceAnHour(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.lease("flow", 1, 1)
	a.now = a.now.Add(30 * time.Hour).Truncate(time.Hour)
	for hour, connections := range []int{60, 400} {
		by := auth.Caller{Tenant: "acme", Home: "acme", Subject: "flow", Scopes: []string{auth.ConnectionsLease}}
		for range 3 {
			for n := range connections {
				if err := a.log.Check(t.Context(), by, audit.ConnectionLease, fmt.Sprintf("con_%d", n)); err != nil {
					t.Fatal(err)
				}
			}
			a.after(15 * time.Minute)
		}
		a.after(15 * time.Minute)
		if got := a.anomalies(); len(got) != hour+1 {
			t.Errorf("in hour %d: told %d times", hour+1, len(got))
		}
	}
}

// Slow theft is seen too: connections count over the hour, not by the window.
func TestAPI07SlowTheftIsTold(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.lease("thief", 1, 1)
	a.now = a.now.Add(30 * time.Hour).Truncate(time.Hour)
	by := auth.Caller{Tenant: "acme", Home: "acme", Subject: "thief", Scopes: []string{auth.ConnectionsLease}}
	for n := range 100 {
		if err := a.log.Check(t.Context(), by, audit.ConnectionLease, fmt.Sprintf("con_%d", n)); err != nil {
			t.Fatal(err)
		}
		a.after(30 * time.Second)
	}
	a.after(time.Hour)
	if got := a.anomalies(); len(got) != 1 {
		t.Errorf("told of %v, want the thief", got)
	}
}

// The head stays small, whoever leases.
func TestLeasingIsBounded(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	a.lease("busy", 300, 1)
	for n := range 300 {
		by := auth.Caller{Tenant: "acme", Home: "acme", Subject: fmt.Sprint("flow-", n), Scopes: []string{auth.ConnectionsLease}}
		if err := a.log.Check(t.Context(), by, audit.ConnectionLease, "con_1"); err != nil {
			t.Fatal(err)
		}
	}
	a.after(time.Hour)
	h := a.head("acme")
	if _, kept := h.Leasing["acme/busy"]; len(h.Leasing) != 200 || !kept {
		t.Errorf("got %d actors, the busiest among them: %t", len(h.Leasing), kept)
	}
}
