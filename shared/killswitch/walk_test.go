package killswitch_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/notify"
)

// AUD-06: ten thousand connections of a system that takes 300 ms to forget a token
// are cut off in well under 15 minutes, none is left, and others are untouched.
func TestAUD06TenThousandConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 100, 100)
		r.provider.takes = 400 * time.Millisecond // With 100 ms of our own.
		began := time.Now()
		r.kill(t)
		runs := r.sweep(t, r.walker(new(failing)))
		took := time.Since(began)
		t.Logf("%s in %d runs, %d at once", took, runs, r.provider.most.Load())
		if took > 10*time.Minute || r.provider.most.Load() > 16 || r.provider.told.Load() != 10_000 {
			t.Errorf("took %s, %d told, %d at once", took, r.provider.told.Load(), r.provider.most.Load())
		}
		if left := r.alive(t); len(left) > 0 {
			t.Errorf("%d are left", len(left))
		}
		x := r.record(t)
		if diff := cmp.Diff(killswitch.Counts{Total: 10_000, Disabled: 10_000, Revoked: 10_000}, x.Progress()); diff != "" || x.Phase != killswitch.Done {
			t.Errorf("%s (-want +got):\n%s", x.Phase, diff)
		}
		wantFinished(t, r)
		other, err := r.connections.Get(t.Context(), "tenant-007", "con_other")
		if err != nil || other.Lifecycle != connection.Ready || other.Credential == nil {
			t.Errorf("another connector's: %+v, %v", other, err)
		}
	})
}

// AUD-06: progress is visible while the walk goes on.
func TestAUD06ProgressIsVisible(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 3, 48)
		r.provider.takes = time.Second
		r.kill(t)
		time.Sleep(time.Until(r.made.Due))
		go func() { _ = r.walker(new(failing)).Due(t.Context(), "run", due.Item{ID: r.made.ID}) }()
		var seen []int
		for range 11 {
			time.Sleep(time.Second)
			synctest.Wait()
			if n := r.record(t).Progress().Disabled; len(seen) == 0 || seen[len(seen)-1] != n {
				seen = append(seen, n)
			}
		}
		if diff := cmp.Diff([]int{0, 48, 96, 144}, seen); diff != "" {
			t.Errorf("disabled (-want +got):\n%s", diff)
		}
		if x := r.record(t); x.Phase != killswitch.Done {
			t.Errorf("phase %s", x.Phase)
		}
	})
}

// AUD-06: a worker that dies at any step is followed by one that finishes, counts
// every connection once and leaves none.
func TestAUD06WalkResumesAfterACrash(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		probe := newRig(t, 3, 30)
		probe.kill(t)
		f := new(failing)
		probe.sweep(t, probe.walker(f))
		steps := f.taken()
		if len(steps) < 90*2 {
			t.Fatalf("%d steps only: %v", len(steps), steps)
		}
		for n := range steps {
			for _, after := range []bool{false, true} {
				r := newRig(t, 3, 30)
				r.kill(t)
				time.Sleep(time.Until(r.made.Due))
				_ = r.walker(&failing{at: n + 1, after: after}).Due(t.Context(), "run", due.Item{ID: r.made.ID})
				r.sweep(t, r.walker(new(failing)))
				x := r.record(t)
				want := killswitch.Counts{Total: 90, Disabled: 90, Revoked: 90}
				if diff := cmp.Diff(want, x.Progress()); diff != "" || x.Phase != killswitch.Done || len(r.alive(t)) > 0 {
					t.Fatalf("dead at step %d, after %t: %s, left %v (-want +got):\n%s", n, after, x.Phase, r.alive(t), diff)
				}
			}
		}
	})
}

// AUD-06: what is connected behind the walk is caught by the next pass.
func TestAUD06ConnectionMadeDuringTheWalk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 2, 100)
		r.provider.takes = time.Second
		r.kill(t)
		time.Sleep(time.Until(r.made.Due))
		go func() { _ = r.walker(new(failing)).Due(t.Context(), "run", due.Item{ID: r.made.ID}) }()
		time.Sleep(8 * time.Second)
		for n := range 3 {
			r.add(t, "tenant-000", fmt.Sprintf("con_000%d-late", n), "stripe")
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if x := r.record(t); x.Phase != killswitch.Done || x.Progress().Total != 203 || len(r.alive(t)) > 0 {
			t.Errorf("%s, %+v, left %v", x.Phase, x.Progress(), r.alive(t))
		}
	})
}

// AUD-06: a provider that is down keeps the switch from being done, not the
// connections alive.
func TestAUD06ProviderIsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, 20)
		r.provider.down.Store(true)
		r.kill(t)
		w := r.walker(new(failing))
		time.Sleep(time.Until(r.made.Due))
		if err := w.Due(t.Context(), "run", due.Item{ID: r.made.ID}); err != nil {
			t.Error(err)
		}
		x := r.record(t)
		if diff := cmp.Diff(killswitch.Counts{Total: 20, Disabled: 20, Pending: 20}, x.Progress()); diff != "" || x.Phase != killswitch.Cutting || !x.FinishedAt.IsZero() {
			t.Errorf("%s (-want +got):\n%s", x.Phase, diff)
		}
		r.provider.down.Store(false)
		r.sweep(t, w)
		if x := r.record(t); x.Progress().Revoked != 20 || x.Phase != killswitch.Done {
			t.Errorf("%s, %+v", x.Phase, x.Progress())
		}
		wantFinished(t, r)
	})
}

// AUD-06: what cannot be dealt with is counted, and tried again until it is.
func TestAUD06FailuresAreTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, 20)
		r.provider.fails.Store(true)
		r.kill(t)
		w := r.walker(new(failing))
		time.Sleep(time.Until(r.made.Due))
		if err := w.Due(t.Context(), "run", due.Item{ID: r.made.ID}); err != nil {
			t.Error(err)
		}
		if x := r.record(t); x.Progress() != (killswitch.Counts{Total: 20, Failed: 20}) || x.Phase != killswitch.Cutting || x.Due.IsZero() {
			t.Errorf("%s, %+v, due %s", x.Phase, x.Progress(), x.Due)
		}
		r.provider.fails.Store(false)
		r.sweep(t, w)
		if x := r.record(t); x.Progress() != (killswitch.Counts{Total: 20, Disabled: 20, Revoked: 20}) || x.Phase != killswitch.Done {
			t.Errorf("%s, %+v", x.Phase, x.Progress())
		}
	})
}

// A switch that is lifted releases its connections, but for those that a person
// had paused and those that another switch holds.
func TestAUD06Lift(t *testing.T) {
	t.Parallel()
	for name, early := range map[string]bool{"done": false, "in the middle of the walk": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, 2, 60)
				r.provider.takes = time.Second
				pause(t, r, "tenant-000", "con_0001")
				r.kill(t)
				held, err := r.Create(t.Context(), org, cut(killswitch.ScopeTenant, "tenant-001", "tenant-001"))
				if err != nil {
					t.Fatal(err)
				}
				w := r.walker(new(failing))
				time.Sleep(time.Until(r.made.Due))
				if early {
					go func() { _ = w.Due(t.Context(), "run", due.Item{ID: r.made.ID}) }()
					time.Sleep(4 * time.Second)
				} else {
					r.sweep(t, w)
				}
				if _, err := r.Lift(t.Context(), org, r.made.ID); err != nil {
					t.Fatal(err)
				}
				r.sweep(t, w)
				wantReleased(t, r, "tenant-000", 59)
				if x := r.record(t); x.Phase != killswitch.Lifted || !early && x.Progress().Revoked != 120 {
					t.Errorf("%s, %+v", x.Phase, x.Progress())
				}
				if early {
					return
				}
				wantReleased(t, r, "tenant-001", 0)
				if r.made, err = r.Lift(t.Context(), org, held.ID); err != nil {
					t.Fatal(err)
				}
				r.sweep(t, w)
				wantReleased(t, r, "tenant-001", 60)
			})
		})
	}
}

func pause(t *testing.T, r *rig, tenant, id string) {
	t.Helper()
	_, err := r.connections.Update(t.Context(), tenant, id, func(c *connection.Connection) error { c.Lifecycle = connection.Disabled; return nil })
	if err != nil {
		t.Fatal(err)
	}
}

func wantReleased(t *testing.T, r *rig, tenant string, want int) {
	t.Helper()
	found, _, err := r.connections.List(t.Context(), tenant, connection.Filter{Connector: "stripe"}, "", 1000)
	ready := 0
	for _, c := range found {
		if c.Lifecycle == connection.Ready && c.Cutoff == nil {
			ready++
		}
	}
	if err != nil || ready != want {
		t.Errorf("%s: %d ready, %v; want %d", tenant, ready, err, want)
	}
}

func wantFinished(t *testing.T, r *rig) {
	t.Helper()
	n := 0
	for _, e := range r.bus.Events() {
		if e.Type == notify.KillSwitchFinished && e.Resource == r.made.ID && e.Detail["scope"] == "connector" && e.Detail["disabled"] == e.Detail["total"] {
			n++
		}
	}
	if n != 1 {
		t.Errorf("told %d times that it is done", n)
	}
}

// AUD-06: messages that come twice are one walk.
func TestAUD06TwoWorkersAreOneWalk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, 1, 100)
		r.provider.takes = time.Second
		r.kill(t)
		time.Sleep(time.Until(r.made.Due))
		for range 2 {
			go func() { _ = r.walker(new(failing)).Due(t.Context(), "run", due.Item{ID: r.made.ID}) }()
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if x := r.record(t); x.Phase != killswitch.Done || x.Progress().Total != 100 || r.provider.told.Load() != 100 {
			t.Errorf("%s, %+v, told %d", x.Phase, x.Progress(), r.provider.told.Load())
		}
	})
}
