package connect_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
)

// Whatever write of the run that redeems fails, or is the last before the
// process dies, the next run goes on from it, and the tokens are asked for once.
// Only while the answer is on its way it can be lost: then the handoff ends.
func TestOAF25DeviceAfterACrash(t *testing.T) {
	t.Parallel()
	probe, d, c := deviceWorld(t)
	probe.code(connect.Ask{ConnectionID: c.ID})
	d.script = []string{"ok"}
	n := probe.power.count()
	probe.later(6 * time.Second)
	probe.power.mu.Lock()
	writes := slices.Clone(probe.power.writes[n:])
	probe.power.mu.Unlock()
	want := []string{"handoffs.update", "handoffs.update", "templates.update", "audit.append", "secrets.create", "connections.update", "connections.update", "handoffs.update"}
	if !slices.Equal(writes, want) {
		t.Fatalf("the run writes %v, want %v", writes, want)
	}
	for i, op := range writes {
		nth := len(slices.DeleteFunc(slices.Clone(writes[:i]), func(w string) bool { return w != op }))
		for _, after := range []bool{false, true} {
			for _, dies := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d %s after=%t dies=%t", i, op, after, dies), func(t *testing.T) {
					t.Parallel()
					lost := i == 1 && !after && dies // Nothing can be written of what the process got.
					crashDevice(t, op, nth, after, dies, lost)
				})
			}
		}
	}
}

func crashDevice(t *testing.T, op string, nth int, after, dies, lost bool) {
	w, d, c := deviceWorld(t)
	w.code(connect.Ask{ConnectionID: c.ID})
	d.script = []string{"ok"}
	w.power.cutAt(op, nth, after, dies)
	w.clock.advance(6 * time.Second)
	_, _, _, _ = w.PollDevices(t.Context(), "run-1")
	w.power.on()
	d.script = nil
	if len(d.redeemed) == 0 {
		d.script = []string{"ok"} // It died before it asked.
	}
	for range 3 {
		w.later(3 * time.Minute)
	}
	want := "active"
	if lost {
		want = "pending/verification_failed"
	}
	if got := w.status(c.ID); got != want || len(d.redeemed) != 1 {
		t.Fatalf("status %s, want %s; redeemed %d times", got, want, len(d.redeemed))
	}
	if due, _ := w.later(time.Hour); due != 0 {
		t.Error("the handoff is still polled")
	}
	if lost {
		return
	}
	if w.provider.tokens[w.hotCopy(c.ID).AccessToken.Reveal()] != "bob" || len(w.provider.forgotten()) != 0 {
		t.Errorf("%d tokens were revoked, or another is leased", len(w.provider.forgotten()))
	}
	w.material(c.ID)
	if names := w.secretsOf("acme"); !slices.Equal(names, []string{w.get(c.ID).SecretName}) {
		t.Errorf("secrets %v", names)
	}
}

func TestOAF25DeviceTwoPollers(t *testing.T) {
	t.Parallel()
	t.Run("at once", func(t *testing.T) {
		t.Parallel()
		w, d, c := deviceWorld(t)
		w.code(connect.Ask{ConnectionID: c.ID})
		d.script = []string{"ok", "ok"}
		w.clock.advance(6 * time.Second)
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				if _, _, _, err := w.PollDevices(t.Context(), "run"); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if d.polls() != 1 || w.status(c.ID) != "active" || w.get(c.ID).Credential.Version != 1 {
			t.Errorf("%d polls, status %s", d.polls(), w.status(c.ID))
		}
	})
	t.Run("one within the other", func(t *testing.T) {
		t.Parallel()
		w, d, c := deviceWorld(t)
		w.code(connect.Ask{ConnectionID: c.ID})
		d.script = []string{"ok", "ok"}
		d.during = func() { w.later(10 * time.Second) }
		w.later(6 * time.Second)
		if d.polls() != 1 || w.status(c.ID) != "active" {
			t.Errorf("%d polls, status %s", d.polls(), w.status(c.ID))
		}
	})
	t.Run("too late", func(t *testing.T) {
		t.Parallel()
		w, d, c := deviceWorld(t)
		w.code(connect.Ask{ConnectionID: c.ID})
		d.script = []string{"ok"}
		d.before = func() { w.later(3 * time.Minute) } // Redeems; the first is then told that the code is unknown.
		w.later(6 * time.Second)
		if got := w.outcomes(audit.ConnectionConnect, c.ID); w.status(c.ID) != "active" || !slices.Equal(got, []string{"allowed"}) {
			t.Errorf("status %s, audit %v", w.status(c.ID), got)
		}
	})
	// A run that dies before it says when the next may poll.
	t.Run("too early", func(t *testing.T) {
		t.Parallel()
		w, d, c := deviceWorld(t)
		w.code(connect.Ask{ConnectionID: c.ID})
		w.power.cut("connections.update", false, true)
		w.clock.advance(6 * time.Second)
		_, _, _, _ = w.PollDevices(t.Context(), "run-1")
		w.power.on()
		if due, _ := w.later(time.Second); due != 1 || d.polls() != 1 {
			t.Errorf("%d due, %d polls; want it due and left alone", due, d.polls())
		}
	})
	// The first stands still past the end of its claim, and another goes on. The
	// one that has the tokens wins, if the other has not ended the handoff.
	for _, test := range []struct {
		name   string
		script []string
		status string
		revoke int
	}{
		{"the second redeems", []string{"authorization_pending", "ok"}, "active", 0},
		{"the first had redeemed", []string{"ok"}, "pending/verification_failed", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, d, c := deviceWorld(t)
			w.code(connect.Ask{ConnectionID: c.ID})
			d.script = test.script
			d.during = func() { w.later(3 * time.Minute) }
			w.later(6 * time.Second)
			for range 2 {
				w.later(3 * time.Minute)
			}
			if got := w.status(c.ID); got != test.status || len(w.provider.forgotten()) != test.revoke {
				t.Errorf("status %s, %d tokens revoked", got, len(w.provider.forgotten()))
			}
		})
	}
}

// What happens to the connection while the system is asked, or after the tokens
// came and before they are current: they are for nobody, and are revoked.
func TestOAF25DeviceFencedOff(t *testing.T) {
	t.Parallel()
	acts := map[string]func(w *world, id string){
		"disconnect": func(w *world, id string) { _, err := w.Disconnect(w.t.Context(), w.caller, id, ""); must(w.t, err) },
		"authorize":  func(w *world, id string) { w.code(connect.Ask{ConnectionID: id}) },
		"disable": func(w *world, id string) {
			_, err := w.Connections.Update(w.t.Context(), "acme", id, func(c *connection.Connection) error {
				c.Lifecycle = connection.Disabled
				return nil
			})
			must(w.t, err)
		},
	}
	for name, act := range acts {
		for _, when := range []string{"during the call", "while it is verified", "after a crash"} {
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				w, d, c := deviceWorld(t)
				w.code(connect.Ask{ConnectionID: c.ID})
				d.script = []string{"ok"}
				switch when {
				case "during the call":
					d.during = func() { act(w, c.ID) }
				case "while it is verified":
					w.once("secrets.create", func() { act(w, c.ID) })
				default:
					w.power.cutAt("handoffs.update", 1, true, true)
				}
				w.clock.advance(6 * time.Second)
				_, _, _, _ = w.PollDevices(t.Context(), "run-1")
				if when == "after a crash" {
					w.power.on()
					act(w, c.ID)
				}
				d.script = nil
				w.later(3 * time.Minute)
				if len(d.redeemed) != 1 || len(w.provider.forgotten()) == 0 {
					t.Errorf("redeemed %d times, %d tokens revoked", len(d.redeemed), len(w.provider.forgotten()))
				}
				if name == "disconnect" {
					return
				}
				if got := w.get(c.ID); got.Credential != nil {
					t.Errorf("connected all the same: %+v", got.Credential)
				}
			})
		}
	}
}

// A handoff that is superseded is not polled any more.
func TestDeviceSuperseded(t *testing.T) {
	t.Parallel()
	w, d, c := deviceWorld(t)
	w.code(connect.Ask{ConnectionID: c.ID})
	w.later(6 * time.Second)
	w.code(connect.Ask{ConnectionID: c.ID})
	d.script = []string{"ok"}
	w.later(6 * time.Second)
	if w.status(c.ID) != "active" || len(d.codes) != 2 || d.codes[0] == d.codes[1] {
		t.Errorf("status %s, the old code was polled again: %t", w.status(c.ID), len(d.codes) == 2 && d.codes[0] == d.codes[1])
	}
}
