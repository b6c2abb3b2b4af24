package modeltest_test

import (
	"iter"
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
	began   time.Time
	plan    []event
	weather string // What the provider's answers are like.
	spell   int    // How many requests the weather lasts; negative for all.
	trouble string // What of our own refuses all of its calls.
	points  int
	at      map[string]int // Points by step.
	on      string         // Connection.
	depth   int            // How many processes are stopped while this one runs.
	touched map[string]bool
	park    func() bool // Lets others go on; false when the process is never to.

	dead      bool          // It died: nothing it does has an effect any more.
	hurt      bool          // A call of it failed.
	foul      bool          // The weather was not fair, and is by now.
	disturbed bool          // Others ran, or time passed, in the middle of it.
	entries   []audit.Entry // What it wrote to the audit.
	sent      *exchange     // The last token request of it that was carried out.

	connects *connect.Service
	leases   *lease.Service
	people   *connection.Service
	checks   *health.Service
	sweeps   *expiry.Service
	repairs  *reconcile.Service
	orphans  *reconcile.Orphans
}

// event is what happens at a point: at one of a step, or at any.
type event struct {
	Step  string
	Point int
	Kind  string
}

const (
	die       = "die"
	fail      = "fail"
	pause     = "pause"
	overtaken = "overtaken" // Another process runs, to its end if it can.
	parked    = "parked"    // The others go on, and it some time later.
)

var (
	errGone   = fault.New(fault.Unavailable, fault.CodeRetryLater, "The process is gone.")
	errBusy   = fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy.")
	errLocked = fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "The tenant's key cannot be used.")

	// delicate are the steps between which two stores, or a store and the
	// provider, differ.
	delicate = []string{
		"before secret create", "after secret create", "after secret put", "before secret promote", "after secret promote",
		"before connection update", "in connection update", "after connection update", "before token", "after token",
		"before answer save", "after answer save", "before revoke", "after revoke", "after secret delete", "before secret get",
	}
	anyEvent = rapid.Custom(func(rt *rapid.T) event {
		e := event{Kind: rapid.SampledFrom([]string{overtaken, overtaken, die, fail, pause, parked}).Draw(rt, "kind")}
		if rapid.Bool().Draw(rt, "anywhere") {
			e.Point = rapid.IntRange(1, 30).Draw(rt, "point")
			return e
		}
		e.Step, e.Point = rapid.SampledFrom(delicate).Draw(rt, "step"), rapid.IntRange(1, 3).Draw(rt, "time")
		return e
	})
	anyPause   = rapid.SampledFrom([]time.Duration{time.Second, 11 * time.Second, 20 * time.Second, 50 * time.Second, 10 * time.Minute, 2 * time.Hour})
	anyWeather = rapid.SampledFrom([]string{
		fair, fair, fair, fair, fair, fair, lostAfter, lostAfter, lostBefore, unreachable, down, limited, garbage, refusing, brokenBefore, brokenAfter,
	})
	anySpell   = rapid.SampledFrom([]int{-1, 1})
	anyTrouble = rapid.SampledFrom([]string{"", "", "", "", "", noAnswers, noSecrets})
)

// What may refuse all calls of a process.
const (
	noAnswers = "answer save"
	noSecrets = "secret"
)

// point is before or after a step. An error means that the step, or its answer,
// did not get through.
func (p *process) point(step string) error {
	if p.dead {
		return errGone
	}
	p.points++
	p.at[step]++
	for _, e := range p.plan {
		if e.Step != "" && (e.Step != step || e.Point != p.at[step]) || e.Step == "" && e.Point != p.points {
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
		case parked:
			p.disturbed = true
			if p.dead = !p.park(); p.dead {
				return errGone
			}
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

// walk is an action on its way.
type walk struct {
	p    *process
	next func() (struct{}, bool)
	stop func()
}

// run begins an action of a process and lets it go on until it ends or parks.
func (s *system) run(p *process, action func() error) {
	w := &walk{p: p}
	w.next, w.stop = iter.Pull(func(yield func(struct{}) bool) {
		p.park = func() bool { return yield(struct{}{}) }
		err := action()
		s.rt.Logf("%d: %s: %v", p.depth, p.on, err)
	})
	s.resume(w)
}

// resume lets an action go on, and notes what became of it so far.
func (s *system) resume(w *walk) {
	_, waits := w.next()
	if waits {
		s.parked = append(s.parked, w)
	}
	for id := range w.p.touched {
		s.torn[id] = s.torn[id] || w.p.dead || w.p.hurt || waits
		s.vague[id] = s.vague[id] || !w.p.whole()
	}
}

// wake lets one of the actions that are parked go on.
func (s *system) wake() {
	if len(s.parked) == 0 {
		return
	}
	i := rapid.IntRange(0, len(s.parked)-1).Draw(s.rt, "which")
	w := s.parked[i]
	s.parked = append(s.parked[:i:i], s.parked[i+1:]...)
	s.resume(w)
}

// end lets none of them go on any more.
func (s *system) end() {
	for _, w := range s.parked {
		w.stop()
	}
	s.parked = nil
}
