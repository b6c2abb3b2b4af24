package lease_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// reuse sets what a second use of a refresh token does at the provider.
func (r *rig) reuse(policy string, graceSeconds int) {
	oauth := *r.target.Scheme.OAuth
	oauth.Refresh.Reuse, oauth.Refresh.GraceSeconds = policy, graceSeconds
	oauth.Refresh.Rotates = policy != "non_rotating"
	r.target.Scheme.OAuth = &oauth
	r.provider.Strict, r.provider.Rotate = policy == "revokes_family", oauth.Refresh.Rotates
}

// Where the old token is taken for a grace time, a lost answer is asked
// for again within it, by the same caller.
func TestREF08LostAnswerIsAskedForWithinGrace(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.reuse("grace", 30)
		r.expire()
		r.provider.Script("/token", methodtest.Step{Err: errConnectionReset})
		began := time.Now()
		r.token(t)
		if took := time.Since(began); took > time.Second {
			t.Errorf("the repetition took %s, want it at once", took)
		}
		r.wantRequests(t, 2)
		r.wantNoDoubt(t)
	})
}

// After the grace time nothing is hurried any more.
func TestLostAnswerAfterGraceWaits(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.reuse("grace", 5)
		r.expire()
		r.provider.Script("/token", methodtest.Step{Hang: true})
		if _, err := r.lease(t.Context()); err == nil {
			t.Error("Lease: no error")
		}
		r.wantRequests(t, 1)
	})
}

// Where nothing rotates nothing can be lost: it is asked again after the pause,
// and a refusal then is one of the credential.
func TestREF08NothingIsLostWhereNothingRotates(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.reuse("non_rotating", 0)
		time.Sleep(time.Until(r.record(t).Due.Refresh))
		r.provider.Script("/token", methodtest.Step{Err: errConnectionReset})
		_, _, _, _ = sweep(t.Context(), r.Refresher)
		if doubt, _ := r.doubt(t); doubt != connection.Failing {
			t.Errorf("doubt: got %q, want failing", doubt)
		}
		time.Sleep(6 * time.Second)
		r.provider.Forget(r.refresh)
		_, _, _, _ = sweep(t.Context(), r.Refresher)
		r.wantRequests(t, 2)
		if got := r.record(t).Health.Reason; got != connection.ReasonReauthRequired {
			t.Errorf("reason: got %q, want reauth_required", got)
		}
	})
}

// A gateway's answer says nothing of the server behind it: the token may have
// been rotated. Where that matters the request is not repeated at once.
func TestAnswerOfAGatewayIsNoAnswer(t *testing.T) {
	for status, want := range map[int]connection.Doubt{
		500: connection.Uncertain, 502: connection.Uncertain, 504: connection.Uncertain, 503: connection.Failing, 429: connection.Failing,
	} {
		t.Run(time.Duration(status).String(), func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.reuse("revokes_family", 0)
				time.Sleep(time.Until(r.record(t).Due.Refresh))
				r.provider.Script("/token", methodtest.Step{Status: status, Body: "oops"})
				_, _, _, _ = sweep(t.Context(), r.Refresher)
				if got, since := r.doubt(t); got != want || (want == connection.Uncertain) == since.IsZero() {
					t.Errorf("doubt after %d: got %q since %s, want %q", status, got, since, want)
				}
				c := r.record(t)
				late := c.Credential.ExpiresAt.Add(-2 * time.Minute)
				if got := c.Due.Refresh; got.Equal(late) != (want == connection.Uncertain) || c.Refresh.NotBefore.After(time.Now().Add(time.Minute)) {
					t.Errorf("due after %d: got %s before the end, want 2 min where it is uncertain", status, c.Credential.ExpiresAt.Sub(got))
				}
			})
		})
	}
}

// A token that the provider refuses is not spared: the request that was never
// answered is repeated at once, whatever the record says of the token's life.
func TestREF08DeadTokenIsReplacedAtOnce(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.provider.Strict = false // The answer was lost before the provider did anything.
		time.Sleep(time.Until(r.record(t).Due.Refresh))
		r.provider.Script("/token", methodtest.Step{Lost: true, Err: errConnectionReset})
		_, _, _, _ = sweep(t.Context(), r.Refresher)
		time.Sleep(6 * time.Second)
		count := r.record(t).LeaseCount
		if _, err := r.Refresher.Refresh(t.Context(), tenant, con, func(c *connection.Connection) bool { return c.LeaseCount > count }); err == nil {
			t.Error("a token that serves was not spared")
		}
		c, err := r.Refresher.Replace(t.Context(), tenant, con, count)
		if err != nil || c.LeaseCount != count+1 {
			t.Errorf("Replace: %v, lease %d; want a new token", err, c.LeaseCount)
		}
		r.wantRequests(t, 2)
		r.wantNoDoubt(t)
	})
}

// What is in doubt is seen, and is over with the next token.
func TestREF05DoubtIsVisible(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.provider.Strict = false
		time.Sleep(time.Until(r.record(t).Due.Refresh))
		asked := time.Now()
		victim := r.start()
		victim.on["before save 1"] = victim.crash
		_, _, _, _ = sweep(t.Context(), victim.Refresher)
		if doubt, _ := r.doubt(t); doubt != connection.NoDoubt {
			t.Errorf("doubt while the lease lasts: got %q, want none", doubt)
		}
		time.Sleep(46 * time.Second)
		shown := r.record(t).API(time.Now())
		if f := shown.Credential.Refresh; f == nil || f.State != "uncertain" || f.Since == nil || !f.Since.Equal(asked) || shown.Status != "active" {
			t.Errorf("shown: %s, refresh %+v; want active, uncertain since %s", shown.Status, f, asked)
		}
		time.Sleep(r.left(t))
		r.token(t)
		r.wantNoDoubt(t)
	})
}

func (r *rig) doubt(t *testing.T) (connection.Doubt, time.Time) {
	t.Helper()
	c := r.record(t)
	return c.Refresh.Doubt(time.Now())
}

func (r *rig) wantNoDoubt(t *testing.T) {
	t.Helper()
	if doubt, since := r.doubt(t); doubt != connection.NoDoubt || r.record(t).API(time.Now()).Credential.Refresh != nil {
		t.Errorf("doubt: got %q since %s, want none", doubt, since)
	}
}
