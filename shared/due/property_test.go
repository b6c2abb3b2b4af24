package due_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/due"
)

// Whatever the times of the entries, whatever fails, is killed or lost and
// whatever is planned meanwhile: once things work, every entry is worked on
// within half an hour, and once.
func TestNothingIsForgotten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := &story{rig: newRig(rapid.IntRange(8, 200).Draw(rt, "capacity")), rt: rt}
		for range rapid.IntRange(1, 30).Draw(rt, "entries") {
			s.plan()
		}
		for range rapid.IntRange(0, 25).Draw(rt, "steps") {
			s.step()
		}
		s.queue.Fail, s.queue.Err, s.memory.Err, s.source.Err = nil, nil, nil, nil
		busy := rapid.Bool().Draw(rt, "busy")
		for n := range 35 {
			if busy {
				s.rig.fill(fmt.Sprint("busy-", n), 4, s.time().Add(2*time.Minute))
				s.planned += 4
			}
			s.settle()
		}
		for range 4 {
			s.settle()
		}
		if left := s.source.Left(due.Refresh); left != 0 || len(s.worked) != s.planned {
			rt.Fatalf("%d of %d entries are left, %d were worked on", left, s.planned, len(s.worked))
		}
		for id, times := range s.worked {
			if times != 1 || s.lag[id] < 0 {
				rt.Fatalf("%s was worked on %d times, %s after it was due", id, times, s.lag[id])
			}
		}
	})
}

// story is a rig to which things happen.
type story struct {
	*rig
	rt      *rapid.T
	planned int
}

func (s *story) plan() {
	at := s.time().Add(time.Duration(rapid.IntRange(-7200, 300).Draw(s.rt, "due")) * time.Second)
	if s.planned > 0 && rapid.IntRange(0, 3).Draw(s.rt, "tie") == 0 {
		at = start
	}
	s.rig.plan(rapid.SampledFrom([]string{"acme", "globex"}).Draw(s.rt, "tenant"), fmt.Sprintf("con_%d", s.planned), at)
	s.planned++
}

func (s *story) step() {
	switch rapid.SampledFrom([]string{"sweep", "sweep", "kill", "refuse", "lose", "work", "plan", "wait"}).Draw(s.rt, "step") {
	case "sweep":
		s.calm()
		s.run()
	case "kill":
		s.kill(rapid.IntRange(0, 40).Draw(s.rt, "calls"))
		s.run()
	case "refuse":
		s.calm()
		odd := rapid.IntRange(1, 4).Draw(s.rt, "refused")
		s.queue.Fail = func(m due.Message) bool { return len(m.Item.ID)%4 < odd }
		s.run()
	case "lose":
		s.queue.Lose()
	case "work":
		s.work(rapid.IntRange(1, 20).Draw(s.rt, "most"))
	case "plan":
		s.plan()
	case "wait":
		s.pass(time.Duration(rapid.IntRange(1, 600).Draw(s.rt, "seconds")) * time.Second)
	}
}

func (s *story) calm() { s.queue.Fail, s.queue.Err, s.memory.Err, s.source.Err = nil, nil, nil, nil }

// kill has everything fail after so many calls, as for a process that is gone.
func (s *story) kill(calls int) {
	s.calm()
	gone := func() error {
		if calls--; calls < 0 {
			return errors.New("gone")
		}
		return nil
	}
	s.queue.Err = gone
	s.memory.Err = func(due.Index) error { return gone() }
	s.source.Err = func(due.Index, int) error { return gone() }
}

func (s *story) run() {
	_, _, _, _ = s.Sweep(s.rt.Context(), "run-1") // It may fail.
	s.pass(time.Minute)
}

// settle is a minute in which everything works.
func (s *story) settle() {
	if _, _, _, err := s.Sweep(s.rt.Context(), "run-2"); err != nil {
		s.rt.Fatal(err)
	}
	for range 6 {
		s.work(1 << 20)
		s.pass(10 * time.Second)
	}
}
