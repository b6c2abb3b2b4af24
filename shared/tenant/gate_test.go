package tenant_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/tenant"
)

// standings is what a gate reads.
type standings struct {
	states map[string]tenant.State
	err    error
	reads  int
}

func (s *standings) Get(_ context.Context, id string) (tenant.Tenant, error) {
	s.reads++
	if s.err != nil {
		return tenant.Tenant{}, s.err
	}
	if s.states[id] == "" {
		return tenant.Tenant{}, tenant.ErrUnknown
	}
	return tenant.Tenant{ID: id, State: s.states[id]}, nil
}

func by(home, of string) auth.Caller { return auth.Caller{Home: home, Tenant: of, Subject: "ann"} }

func wantAdmit(t *testing.T, g *tenant.Gate, caller auth.Caller, access tenant.Access, want fault.Kind, code fault.Code) {
	t.Helper()
	err := g.Admit(t.Context(), caller, access)
	if code == "" {
		if err != nil {
			t.Errorf("%s for %s, access %d: %v", caller.Home, caller.Tenant, access, err)
		}
		return
	}
	if f := fault.From(err); err == nil || f.Code != code || f.Kind != want {
		t.Errorf("%s for %s, access %d: got %v, want %s", caller.Home, caller.Tenant, access, err, code)
	}
}

// Who is admitted by standing: nobody of a tenant that is removed, to read its
// remains only the organization; of a suspended one whoever reads or repairs.
func TestAdmission(t *testing.T) {
	t.Parallel()
	for state, want := range map[tenant.State]struct{ own, acting [3]fault.Code }{
		"":                  {},
		tenant.Provisioning: {},
		tenant.Ready:        {},
		tenant.Suspended: {
			[3]fault.Code{tenant.Change: fault.CodeKeyUnavailable}, [3]fault.Code{tenant.Change: fault.CodeKeyUnavailable},
		},
		tenant.Leaving: {
			[3]fault.Code{fault.CodeTenantRemoved, fault.CodeTenantRemoved, fault.CodeTenantRemoved},
			[3]fault.Code{tenant.Change: fault.CodeTenantRemoved, tenant.Repair: fault.CodeTenantRemoved},
		},
		tenant.Removed: {
			[3]fault.Code{fault.CodeTenantRemoved, fault.CodeTenantRemoved, fault.CodeTenantRemoved},
			[3]fault.Code{tenant.Change: fault.CodeTenantRemoved, tenant.Repair: fault.CodeTenantRemoved},
		},
	} {
		g := &tenant.Gate{Store: &standings{states: map[string]tenant.State{"acme": state, "org": tenant.Ready, "globex": tenant.Ready}}, Now: time.Now}
		kind := fault.Conflict
		if state.Gone() {
			kind = fault.Denied
		}
		for access := range tenant.Access(3) {
			wantAdmit(t, g, by("acme", "acme"), access, kind, want.own[access])
			wantAdmit(t, g, by("org", "acme"), access, fault.Conflict, want.acting[access])
			wantAdmit(t, g, by("globex", "globex"), access, 0, "")
		}
	}
}

// A standing is read every five seconds at most and counts from then on.
func TestAdmissionWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &standings{states: map[string]tenant.State{"acme": tenant.Ready}}
		g := &tenant.Gate{Store: s, Now: time.Now}
		wantAdmit(t, g, by("acme", "acme"), tenant.Change, 0, "")
		s.states["acme"] = tenant.Leaving
		for range 49 {
			time.Sleep(100 * time.Millisecond)
			wantAdmit(t, g, by("acme", "acme"), tenant.Change, 0, "")
			if err := g.Pass(t.Context(), "acme", "crm"); err != nil {
				t.Error(err)
			}
		}
		if s.reads != 1 {
			t.Errorf("%d reads in five seconds, want 1", s.reads)
		}
		time.Sleep(100 * time.Millisecond)
		wantAdmit(t, g, by("acme", "acme"), tenant.Change, fault.Denied, fault.CodeTenantRemoved)
		if err := g.Pass(t.Context(), "acme", "crm"); !connection.CutOff(err) {
			t.Errorf("pass: got %v, want the refusal", err)
		}
	})
}

// What cannot be read is what it was for a minute; then nobody is admitted, nor by
// a process that never knew.
func TestAdmissionFailsClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &standings{states: map[string]tenant.State{"acme": tenant.Ready, "gone": tenant.Removed}}
		g := &tenant.Gate{Store: s, Now: time.Now}
		wantAdmit(t, g, by("acme", "acme"), tenant.Change, 0, "")
		wantAdmit(t, g, by("gone", "gone"), tenant.Read, fault.Denied, fault.CodeTenantRemoved)
		s.err = errors.New("the table is down")
		time.Sleep(59 * time.Second)
		wantAdmit(t, g, by("acme", "acme"), tenant.Change, 0, "")
		wantAdmit(t, g, by("gone", "gone"), tenant.Read, fault.Denied, fault.CodeTenantRemoved)
		time.Sleep(time.Second)
		wantAdmit(t, g, by("acme", "acme"), tenant.Read, fault.Unavailable, fault.CodeRetryLater)
		wantAdmit(t, g, by("new", "new"), tenant.Read, fault.Unavailable, fault.CodeRetryLater)
		if err := g.Pass(t.Context(), "acme", "crm"); !fault.Has(err, fault.CodeRetryLater) {
			t.Errorf("pass: got %v", err)
		}
		s.err = nil
		wantAdmit(t, g, by("acme", "acme"), tenant.Change, 0, "")
	})
}

// next refuses everything.
type next struct{}

func (next) Pass(context.Context, string, string) error { return connection.ErrKillSwitch }

// What is under way for a suspended tenant passes on to the kill switches.
func TestPassAsksTheNextGate(t *testing.T) {
	t.Parallel()
	g := &tenant.Gate{Store: &standings{states: map[string]tenant.State{"acme": tenant.Suspended}}, Now: time.Now}
	if err := g.Pass(t.Context(), "acme", "crm"); err != nil {
		t.Error(err)
	}
	g.Next = next{}
	if err := g.Pass(t.Context(), "acme", "crm"); !errors.Is(err, connection.ErrKillSwitch) {
		t.Errorf("got %v, want the kill switch", err)
	}
}
