package lease_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// leaseAll leases in n processes at once and returns the access tokens.
func (r *rig) leaseAll(t *testing.T, n int) []string {
	t.Helper()
	tokens := make([]string, n)
	var group sync.WaitGroup
	for i := range n {
		p := r.start()
		group.Go(func() { tokens[i] = p.token(t) })
	}
	group.Wait()
	return tokens
}

func (r *rig) wantRequests(t *testing.T, want int) {
	t.Helper()
	if got := len(r.provider.Requests("/token")); got != want {
		t.Errorf("token requests: got %d, want %d", got, want)
	}
}

// A provider that rotates strictly ends the grant at the second use of a token.
func TestREF01FiftyLeasesAreOneRefresh(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		r.provider.Script("/token", methodtest.Step{After: func() { time.Sleep(5 * time.Second) }})
		epoch := r.record(t).Refresh.Epoch

		tokens := r.leaseAll(t, 50)
		for _, token := range tokens {
			if token != tokens[0] || token == r.access {
				t.Errorf("access token: got %q and %q, want one new token", token, tokens[0])
			}
		}
		r.wantRequests(t, 1)
		if got := r.record(t).Refresh.Epoch; got != epoch+1 {
			t.Errorf("epoch: got %d, want %d", got, epoch+1)
		}
	})
}

func TestREF02SweepAndLeaseAreOneRefresh(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		r.provider.Script("/token", methodtest.Step{After: func() { time.Sleep(time.Second) }})
		var group sync.WaitGroup
		for range 3 {
			p := r.start()
			group.Go(func() {
				if due, done, failed, err := sweep(t.Context(), p.Refresher); due != 1 || done != 1 || failed != 0 || err != nil {
					t.Errorf("Sweep: got %d due, %d done, %d failed, %v; want 1, 1, 0", due, done, failed, err)
				}
			})
		}
		r.leaseAll(t, 3)
		group.Wait()
		r.wantRequests(t, 1)
	})
}

// What was read may be old by the time the lease is taken.
func TestRefreshFinishedMeanwhileIsNotRepeated(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		slow := r.start()
		var first string
		slow.on["before update 1"] = func() { first = r.token(t) }
		if got := slow.token(t); got != first {
			t.Errorf("access token: got %q, want %q", got, first)
		}
		r.wantRequests(t, 1)
	})
}

// The same, when what was read was a lease that had run out and whose holder
// settled late after all.
func TestLateHolderThatSettlesIsSeen(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		late, slow := r.start(), r.start()
		late.on["before save 1"] = func() { time.Sleep(60 * time.Second) }
		slow.on["before update 1"] = func() { time.Sleep(20 * time.Second) }
		var group sync.WaitGroup
		group.Go(func() { late.token(t) })
		time.Sleep(50 * time.Second)
		slow.token(t)
		group.Wait()
		r.wantRequests(t, 1)
	})
}

// A holder that stood still before it sent must not send when its lease is
// about to end: two requests with one refresh token would end the grant.
func TestPausedHolderDoesNotSend(t *testing.T) {
	for name, c := range map[string]struct{ pause, winner time.Duration }{
		"within its lease": {25 * time.Second, 30 * time.Second}, // It gives the lease back.
		"past its lease":   {90 * time.Second, 50 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire()
				paused := r.start()
				paused.on["before secret get 1"] = func() { time.Sleep(c.pause) }
				var group sync.WaitGroup
				group.Go(func() { _, _ = paused.lease(t.Context()) })
				time.Sleep(c.winner)
				r.wantRequests(t, 0)
				began := time.Now()
				r.token(t)
				if waited := time.Since(began); waited > 0 {
					t.Errorf("the next caller waited %s", waited)
				}
				group.Wait()
				r.expire()
				r.token(t)
				r.wantRequests(t, 2)
				if got := r.record(t).Health.Reason; got != connection.ReasonNone {
					t.Errorf("reason: got %q, want none", got)
				}
			})
		})
	}
}

// A caller does not wait for another's refresh for ever.
func TestWaitingEndsWithRetryLater(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		r.change(t, func(c *connection.Connection) {
			c.Refresh.Owner, c.Refresh.Until = "lea_other", time.Now().Add(45*time.Second)
		})
		began := time.Now()
		_, err := r.lease(t.Context())
		if f := fault.From(err); f.Code != fault.CodeRetryLater || f.RetryAfter == 0 {
			t.Errorf("Lease: got %v, want retry_later with a time", err)
		}
		if waited := time.Since(began); waited < 20*time.Second || waited > 25*time.Second {
			t.Errorf("waited: got %s, want about 20 s", waited)
		}
		r.wantRequests(t, 0)
	})
}

// A holder that stands still past its lease has lost it: its late write must
// not bring back what another refresh has replaced.
func TestREF03PausedHolderReturnsTheWinnersToken(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.provider.Strict = false
		r.expire()
		paused := r.start()
		paused.on["before save 1"] = func() { time.Sleep(90 * time.Second) }
		var late string
		var group sync.WaitGroup
		group.Go(func() { late = paused.token(t) })
		time.Sleep(60 * time.Second)
		winner := r.token(t)
		before := r.record(t)
		group.Wait()

		if late != winner {
			t.Errorf("token of the paused holder: got %q, want the winner's %q", late, winner)
		}
		r.wantRequests(t, 2)
		if after := r.record(t); after.Version != before.Version {
			t.Errorf("the late holder wrote: version %d became %d", before.Version, after.Version)
		}
		r.expire()
		r.token(t)
		if got := r.record(t).Health.Reason; got != connection.ReasonNone {
			t.Errorf("reason: got %q, want none", got)
		}
	})
}

// An answer found and settled by another is not settled again, above all not
// as if the token had been issued later.
func TestPausedHolderDoesNotSettleTwice(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		paused := r.start()
		paused.on["before update 2"] = func() { time.Sleep(90 * time.Second) }
		var late string
		var group sync.WaitGroup
		group.Go(func() { late = paused.token(t) })
		time.Sleep(60 * time.Second)
		winner := r.token(t)
		expires := r.record(t).Credential.ExpiresAt
		group.Wait()

		if late != winner {
			t.Errorf("token of the paused holder: got %q, want %q", late, winner)
		}
		if got := r.record(t).Credential.ExpiresAt; !got.Equal(expires) {
			t.Errorf("expiry: got %s, want %s as first settled", got, expires)
		}
		r.wantRequests(t, 1)
	})
}

// The refusal of a token that another refresh has replaced says nothing
// about the connection.
func TestREF11RefusalOfAnOlderEpochChangesNothing(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		paused := r.start()
		paused.on["before update 2"] = func() { time.Sleep(90 * time.Second) } // Between its answer and its settling.
		r.provider.Script("/token", methodtest.Step{Status: 400, Body: `{"error":"invalid_grant"}`})
		var late string
		var group sync.WaitGroup
		group.Go(func() { late = paused.token(t) })
		time.Sleep(time.Second)
		r.reconnect(t)
		group.Wait()

		if late != r.access {
			t.Errorf("access token: got %q, want that of the reconnect, %q", late, r.access)
		}
		if c := r.record(t); c.Health.Reason != connection.ReasonNone {
			t.Errorf("reason: got %q, want none", c.Health.Reason)
		}
		if got := r.bus.Types(); len(got) != 0 {
			t.Errorf("events: got %v, want none", got)
		}
	})
}

// A caller that hangs up must not cost the refresh token.
func TestCallerThatHangsUpLosesNoAnswer(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		ctx, hangUp := context.WithCancel(t.Context())
		r.provider.Script("/token", methodtest.Step{After: hangUp})
		if _, err := r.lease(ctx); err != nil {
			t.Logf("Lease: %v", err)
		}
		r.token(t)
		r.expire()
		r.token(t)
		r.wantRequests(t, 2)
	})
}
