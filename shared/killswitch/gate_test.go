package killswitch_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/killswitch"
)

// list is what a gate reads.
type list struct {
	active []killswitch.Active
	err    error
	reads  int
}

func (l *list) Active(context.Context) ([]killswitch.Active, error) {
	l.reads++
	return l.active, l.err
}

// AUD-06: a switch refuses what it covers five seconds later, and a lifted one
// lets it pass; between two reads lie five seconds.
func TestAUD06GateRefusesWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		target                 killswitch.Target
		acme, globex, shopping string // Codes for crm of two tenants, and shop of the first.
	}{
		{killswitch.Target{Scope: killswitch.ScopeTenant, Tenant: "acme"}, "kill_switch", "", "kill_switch"},
		{killswitch.Target{Scope: killswitch.ScopeConnector, Connector: "crm"}, "kill_switch", "kill_switch", ""},
		{killswitch.Target{Scope: killswitch.ScopeStage}, "kill_switch", "kill_switch", "kill_switch"},
		{killswitch.Target{Scope: "unknown"}, "", "", ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := new(list)
			g := &killswitch.Gate{Store: l, Now: time.Now}
			wantPass(t, g, "acme", "crm", "")
			l.active = []killswitch.Active{{ID: "kls_1", Target: test.target}}
			time.Sleep(5 * time.Second)
			wantPass(t, g, "acme", "crm", test.acme)
			wantPass(t, g, "globex", "crm", test.globex)
			wantPass(t, g, "acme", "shop", test.shopping)
			l.active = nil
			time.Sleep(5 * time.Second)
			wantPass(t, g, "acme", "crm", "")
			if l.reads != 3 {
				t.Errorf("%d reads in ten seconds, want 3", l.reads)
			}
		})
	}
}

// AUD-06: what cannot be read is what it was for a minute; then nothing passes,
// nor does anything in a process that never knew.
func TestAUD06GateFailsClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &list{active: []killswitch.Active{{ID: "kls_1", Target: killswitch.Target{Scope: killswitch.ScopeTenant, Tenant: "acme"}}}}
		g := &killswitch.Gate{Store: l, Now: time.Now}
		wantPass(t, g, "globex", "crm", "")
		l.err = errors.New("the table is down")
		for range 590 {
			time.Sleep(100 * time.Millisecond)
			wantPass(t, g, "acme", "crm", "kill_switch")
			wantPass(t, g, "globex", "crm", "")
		}
		if l.reads > 13 {
			t.Errorf("%d reads in a minute of failures", l.reads)
		}
		time.Sleep(time.Second)
		wantPass(t, g, "globex", "crm", "retry_later")
		l.err = nil
		wantPass(t, g, "globex", "crm", "")
		wantPass(t, &killswitch.Gate{Store: &list{err: errors.New("down")}, Now: time.Now}, "globex", "crm", "retry_later")
	})
}

func wantPass(t *testing.T, g *killswitch.Gate, tenant, connector, code string) {
	t.Helper()
	err := g.Pass(t.Context(), tenant, connector)
	if got := fault.From(err); err == nil && code != "" || err != nil && string(got.Code) != code {
		t.Errorf("%s of %s: got %v, want %q", connector, tenant, err, code)
	}
}
