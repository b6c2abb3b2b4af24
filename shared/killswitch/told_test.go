package killswitch_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/notify"
)

// AUD-06: that it is done is told though the bus did not take it at first, and a
// run that dies after it was told tells the same event again.
func TestAUD06DoneIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, 3)
		r.kill(t)
		r.bus.Err = errDead
		for range 3 {
			time.Sleep(time.Until(r.record(t).Due))
			_ = r.walker(new(failing)).Due(t.Context(), "run", due.Item{ID: r.made.ID})
		}
		r.bus.Err = nil
		r.sweep(t, r.walker(new(failing)))
		wantFinished(t, r)
	})
	synctest.Test(t, func(t *testing.T) {
		probe, f := newRig(t, 1, 3), new(failing)
		probe.kill(t)
		probe.sweep(t, probe.walker(f))
		r := newRig(t, 1, 3)
		r.kill(t)
		time.Sleep(time.Until(r.made.Due))
		_ = r.walker(&failing{at: len(f.taken())}).Due(t.Context(), "run", due.Item{ID: r.made.ID})
		r.sweep(t, r.walker(new(failing)))
		ids := map[string]int{}
		for _, e := range r.bus.Events() {
			if e.Type == notify.KillSwitchFinished {
				ids[e.ID]++
			}
		}
		if len(ids) != 1 || r.record(t).Phase != killswitch.Done {
			t.Errorf("told as %v, want one id", ids)
		}
	})
}

func TestAUD06WalkIsMeasured(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r, out := newRig(t, 1, 3), new(bytes.Buffer)
		r.kill(t)
		r.provider.down.Store(true)
		e := &metric.Emitter{Namespace: "Tenon/test", Out: out, Now: time.Now}
		for range 2 {
			time.Sleep(time.Until(r.record(t).Due))
			_ = r.walker(new(failing)).Due(metric.With(t.Context(), e), "run", due.Item{ID: r.made.ID})
		}
		e.Flush()
		for _, want := range []string{`"KillStopped":3`, `"KillLeft":[3,3]`} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("got %s, want %s", out, want)
			}
		}
	})
}

// AUD-06: a tenant's own switch does not keep the organization from cutting the
// tenant off for good.
func TestAUD06OrganizationTakesASwitchOver(t *testing.T) {
	t.Parallel()
	s, _ := newService(t)
	target := cut(killswitch.ScopeTenant, "globex", "globex")
	var ids []string
	for _, by := range []auth.Caller{eve, org, eve} {
		r, err := s.Create(t.Context(), by, target)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, r.ID)
	}
	if ids[0] != ids[1] || ids[1] != ids[2] {
		t.Errorf("got %v, want one switch", ids)
	}
	if _, err := s.Lift(t.Context(), eve, ids[0]); !fault.Has(err, fault.CodeForbidden) {
		t.Errorf("the tenant lifts what the organization cut off: %v", err)
	}
}
