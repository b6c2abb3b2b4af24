package health_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// What is called is not probed, for the cadence of its connector.
func TestConnectionThatIsCalledIsNotProbed(t *testing.T) {
	for name, c := range map[string]struct {
		seconds int
		cadence time.Duration
	}{"every day": {0, 24 * time.Hour}, "every six hours": {6 * 3600, 6 * time.Hour}} {
		t.Run(name, func(t *testing.T) {
			run(t, key, func(t *testing.T, r *rig) {
				r.target.Connector.HealthCadence = c.seconds
				r.change(t, func(k *connection.Connection) { k.Due.Health = time.Now() })
				time.Sleep(c.cadence - time.Minute)
				if _, err := r.Report(t.Context(), ann, con, calls(catalog.OK)); err != nil {
					t.Fatal(err)
				}
				called := time.Now()
				time.Sleep(time.Hour)
				r.sweep(t, 1, 0)
				r.sweep(t, 0, 0)
				if got := r.provider.Requests("/me"); len(got) != 0 {
					t.Errorf("probes: got %d, want none", len(got))
				}
				if next := r.record(t).Due.Health.Sub(called); next > c.cadence || next < c.cadence*9/10 {
					t.Errorf("next check %s after the call, want in about %s", next, c.cadence)
				}
				time.Sleep(c.cadence)
				r.provider.Script("/me", methodtest.Step{Lost: true, Status: 200, Body: "{}"})
				r.sweep(t, 1, 0)
				if got := r.provider.Requests("/me"); len(got) != 1 {
					t.Errorf("probes once nobody called for long: got %d, want one", len(got))
				}
				if next := time.Until(r.record(t).Due.Health); next > c.cadence || next < c.cadence*9/10 {
					t.Errorf("next check in %s, want in about %s", next, c.cadence)
				}
			})
		})
	}
}

// A call that succeeded does not speak for what failed before or since.
func TestDoubtIsProbedThoughItIsCalled(t *testing.T) {
	for name, outcomes := range map[string][]catalog.Outcome{
		"failed before": {catalog.PermissionError, catalog.OK}, "failed since": {catalog.OK, catalog.PermissionError},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, key, func(t *testing.T, r *rig) {
				time.Sleep(time.Hour)
				r.report(t, outcomes...)
				r.change(t, func(c *connection.Connection) { c.Due.Health = time.Now() })
				r.sweep(t, 1, 0)
				if got := r.provider.Requests("/me"); len(got) != 1 {
					t.Errorf("probes: got %d, want one", len(got))
				}
			})
		})
	}
}

// While something is wrong it is looked at every hour, and less and less often
// while it stays so.
func TestFailingChecksBecomeRarer(t *testing.T) {
	run(t, key, func(t *testing.T, r *rig) {
		time.Sleep(24 * time.Hour)
		for _, hours := range []time.Duration{1, 2, 4, 8, 16, 24, 24} {
			r.provider.Script("/me", methodtest.Step{Lost: true, Status: 403})
			r.sweep(t, 1, 0)
			next := time.Until(r.record(t).Due.Health)
			if next > hours*time.Hour || next < hours*time.Hour*9/10 {
				t.Fatalf("next check in %s, want in about %d h", next, hours)
			}
			time.Sleep(next)
		}
		for range 5 {
			r.provider.Script("/me", methodtest.Step{Lost: true, Status: 200, Body: "{}"})
			r.sweep(t, 1, 0)
			time.Sleep(time.Until(r.record(t).Due.Health))
		}
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
	})
}
