package modeltest_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/reconcile"
)

// process is one running instance of every service. What it does to a store or
// to the provider has a point before and one after it, and its plan says at
// which of them something happens.
type process struct {
	s       *system
	plan    []event
	weather string // What the provider's answers are like.
	points  int
	on      string // Connection.
	depth   int    // How many processes are stopped while this one runs.

	dead      bool          // It died: nothing it does has an effect any more.
	hurt      bool          // A call of it failed.
	disturbed bool          // Others ran, or time passed, in the middle of it.
	entries   []audit.Entry // What it wrote to the audit.
	sent      *exchange     // The last token request of it that was carried out.

	connects *connect.Service
	leases   *lease.Service
	people   *connection.Service
	checks   *health.Service
	sweeps   *expiry.Service
	repairs  *reconcile.Service
}

// event is what happens at a point.
type event struct {
	Point int
	Kind  string
}

const (
	die       = "die"
	fail      = "fail"
	pause     = "pause"
	overtaken = "overtaken"
)

var (
	errGone = fault.New(fault.Unavailable, fault.CodeRetryLater, "The process is gone.")
	errBusy = fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy.")

	anyEvent = rapid.Custom(func(rt *rapid.T) event {
		return event{
			Kind:  rapid.SampledFrom([]string{overtaken, overtaken, die, fail, pause}).Draw(rt, "kind"),
			Point: rapid.IntRange(1, 30).Draw(rt, "point"),
		}
	})
	anyPause   = rapid.SampledFrom([]time.Duration{time.Second, 11 * time.Second, 20 * time.Second, 50 * time.Second, 10 * time.Minute, 2 * time.Hour})
	anyWeather = rapid.SampledFrom([]string{
		fair, fair, fair, fair, fair, fair, lostAfter, lostAfter, lostBefore, unreachable, down, limited, garbage, refusing,
	})
)

// point is before or after a step. An error means that the step, or its answer,
// did not get through.
func (p *process) point(step string) error {
	if p.dead {
		return errGone
	}
	p.points++
	for _, e := range p.plan {
		if e.Point != p.points {
			continue
		}
		p.s.rt.Logf("%d: %s at %s", p.depth, e.Kind, step)
		switch e.Kind {
		case die:
			p.dead = true
			return errGone
		case fail:
			p.hurt = true
			return errBusy
		case pause:
			p.disturbed = true
			p.s.now = p.s.now.Add(anyPause.Draw(p.s.rt, "pause"))
		case overtaken:
			p.disturbed = true
			p.s.act(rapid.SampledFrom(actionNames).Draw(p.s.rt, "meanwhile"), p.on, p.depth+1)
		}
	}
	return nil
}

// do carries out a step.
func (p *process) do(step string, act func() error) error {
	if err := p.point("before " + step); err != nil {
		return err
	}
	if err := act(); err != nil {
		return err
	}
	return p.point("after " + step)
}

// whole reports whether nothing happened to the process, nor in the middle of it.
func (p *process) whole() bool { return !p.dead && !p.hurt && !p.disturbed }
