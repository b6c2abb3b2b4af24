package outage_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/outage"
)

var operator = auth.Caller{Tenant: auth.Organization, Home: auth.Organization, Subject: "ann", Scopes: []string{auth.TenantsAdmin}}

// A person's word counts: while the storm goes on, and for two days, nothing is
// held again.
func TestOUT04ConfirmedRefusalsAreBelieved(t *testing.T) {
	t.Parallel()
	r := newRig()
	s := &outage.Service{Store: r.store, Audit: &audit.Log{Store: audittest.NewMemory()}, Now: func() time.Time { return r.now }}
	refused := func() (held bool) {
		for range 30 {
			held = r.Refused(t.Context(), outage.Pass{Provider: "stripe"})
		}
		return held
	}
	if !refused() {
		t.Fatal("a storm is not held")
	}
	if _, err := s.Confirm(t.Context(), operator, "stripe"); err != nil {
		t.Fatal(err)
	}
	for range 47 {
		if refused() {
			t.Fatal("held again after a person confirmed it")
		}
		r.now = r.now.Add(time.Hour)
	}
	if _, err := s.Confirm(t.Context(), operator, "stripe"); !fault.Has(err, fault.CodeNotFound) {
		t.Errorf("Confirm of what is not held: got %v, want not_found", err)
	}
	r.now = r.now.Add(2 * time.Hour)
	if !refused() {
		t.Error("a storm two days later is not held")
	}
}
