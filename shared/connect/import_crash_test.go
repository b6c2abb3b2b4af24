package connect_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
)

// cuts runs a test for every call that an import of a refresh token makes of a
// store, the secrets, the audit and the provider: failed before it was done, its
// answer lost, and the process dead before or after it.
func cuts(t *testing.T, test func(t *testing.T, cut cut)) {
	t.Helper()
	w, _, made := migration(t)
	n := w.power.count()
	imported(t, w.bring(w.granted(made, -time.Hour)), connect.ImportCreated, "")
	writes, seen := w.power.writes[n:], map[string]int{}
	if len(writes) < 10 || !slices.Contains(writes, "provider.token") || !slices.Contains(writes, "connections.saveAnswer") {
		t.Fatalf("the import calls %v only", writes)
	}
	for _, op := range writes {
		for _, after := range []bool{false, true} {
			for _, dies := range []bool{false, true} {
				x := cut{op, seen[op], after, dies}
				t.Run(fmt.Sprintf("%s %d after=%t dies=%t", op, x.nth, after, dies), func(t *testing.T) {
					t.Parallel()
					test(t, x)
				})
			}
		}
		seen[op]++
	}
}

type cut struct {
	op          string
	nth         int
	after, dies bool
}

// lost reports whether the answer of the provider never got into the process, or
// died with it, which no client of a provider without a grace time can help.
func (x cut) lost() bool {
	return x.op == "provider.token" && x.after || x.op == "connections.saveAnswer" && !x.after && x.dies
}

// Whatever call of an import fails or is the last before the process dies, the
// grant is not lost: the import sent again ends with the one connection active.
func TestImportCutShortLosesNoGrant(t *testing.T) {
	t.Parallel()
	for _, grace := range []bool{true, false} {
		t.Run(fmt.Sprintf("grace=%t", grace), func(t *testing.T) {
			t.Parallel()
			cuts(t, func(t *testing.T, x cut) {
				w, r, made := migration(t)
				r.grace = grace
				item := w.granted(made, -time.Hour)
				w.power.cutAt(x.op, x.nth, x.after, x.dies)
				first := w.bring(item)
				w.power.on()
				w.clock.advance(2 * time.Minute)
				got := w.bring(item)
				if got.Status == connect.ImportFailed {
					t.Fatalf("first %+v, then %+v", first, got)
				}
				id := got.Connection.ID
				w.alone(id)
				want := "active"
				switch {
				case x.lost() && !grace:
					want = "degraded/refresh_response_lost"
				case x.op == "provider.userinfo" && !x.dies:
					want = "degraded/verification_failed" // Kept; the next check finds it well.
				}
				if w.status(id) != want {
					t.Errorf("status %s, want %s; first %+v, then %+v", w.status(id), want, first, got)
				}
				if !x.lost() || grace {
					w.alive(id)
				}
			})
		})
	}
}

// An import that nobody sends again is no loss either: the job leaves nothing of
// a token that was not used here, and to the sweeps what was.
func TestImportAbandonedLosesNoGrant(t *testing.T) {
	t.Parallel()
	cuts(t, func(t *testing.T, x cut) {
		w, r, made := migration(t)
		r.grace = true
		w.power.cutAt(x.op, x.nth, x.after, x.dies)
		w.bring(w.granted(made, -time.Hour))
		w.power.on()
		w.clock.advance(provisioning)
		found, _, err := w.Connections.List(t.Context(), "acme", connection.Filter{}, "", 100)
		must(t, err)
		job := auth.Job("queue-reconcile", "acme", "run-1")
		for _, c := range found {
			must(t, w.Abandon(t.Context(), job, c.ID))
			_, err := w.Resume(t.Context(), job, c.ID)
			must(t, err)
		}
		found, _, err = w.Connections.List(t.Context(), "acme", connection.Filter{}, "", 100)
		must(t, err)
		if len(found) == 0 {
			w.nothing(made)
			if r.live != oldRefresh {
				t.Error("the rotated token is lost")
			}
			return
		}
		c := found[0]
		if c.Lifecycle != connection.Ready || !c.Provisioning.IsZero() || c.Due.Health.IsZero() && c.Due.Refresh.IsZero() {
			t.Errorf("%s; nobody looks at it: %+v", w.status(c.ID), c.Due)
		}
		w.alone(c.ID)
		w.alive(c.ID)
	})
}

const provisioning = 11 * time.Minute
