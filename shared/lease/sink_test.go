package lease_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

var errThrottled = fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy. Try again in a moment.")

// refuseSaves lets the record refuse the first n answers.
func (p process) refuseSaves(n int) {
	p.fail["save"] = func(nth int) error {
		if nth <= n {
			return errThrottled
		}
		return nil
	}
}

// An answer that the record cannot take goes to the secret store; whoever
// refreshes next finds it there and does not ask the provider again.
func TestREF06AnswerKeptInTheSecondStore(t *testing.T) {
	for name, what := range map[string]func(p process){
		"all through": func(process) {},
		"and the process dies then": func(p process) {
			p.on["after put 1"] = p.crash
		},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire()
				victim := r.start()
				victim.refuseSaves(1000)
				what(victim)
				if _, err := victim.lease(t.Context()); err == nil {
					t.Error("Lease without a saved answer: no error")
				}
				time.Sleep(46 * time.Second)
				r.token(t)
				r.wantRequests(t, 1)
				r.expire()
				r.token(t)
				c := r.record(t)
				if c.Health.Reason != connection.ReasonNone || c.Refresh.Intent != nil {
					t.Errorf("record: reason %q, intent %v; want none", c.Health.Reason, c.Refresh.Intent)
				}
			})
		})
	}
}

// However often the second store cannot be read before: the answer is found when
// it can, and the old token is not used again.
func TestREF06AnswerIsFoundAfterManyTries(t *testing.T) {
	for name, what := range map[string]func(r *rig, p process){
		"the store is busy":   func(_ *rig, p process) { p.fail["secret get"] = func(int) error { return errThrottled } },
		"its key is disabled": func(r *rig, _ process) { r.lockSecrets() },
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire()
				victim, later := r.start(), r.start()
				victim.refuseSaves(1000)
				_, _ = victim.lease(t.Context())
				what(r, later)
				for range 6 {
					time.Sleep(6 * time.Minute)
					if _, err := later.lease(t.Context()); err == nil {
						t.Error("Lease with a store that cannot be read: no error")
					}
				}
				r.unlockSecrets()
				time.Sleep(46 * time.Second)
				if _, err := r.lease(t.Context()); err != nil {
					t.Errorf("Lease: %v", err)
				}
				if uses := r.provider.Uses(r.refresh); uses != 1 {
					t.Errorf("the old token was used %d times, want once", uses)
				}
			})
		})
	}
}

// An answer that tells nothing stands in nobody's way for long.
func TestREF06UselessAnswerInTheSecondStore(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		r.provider.Script("/token", methodtest.Step{Status: 502, Body: "<html>"})
		victim := r.start()
		victim.refuseSaves(1000)
		_, _ = victim.lease(t.Context())
		for range 4 {
			time.Sleep(6 * time.Minute)
			_, _ = r.lease(t.Context())
		}
		r.token(t)
		r.wantRequests(t, 2)
	})
}

// The lifetime of a token whose answer was found later counts from when it was
// asked for.
func TestAnswerFoundLaterIsNotYounger(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		asked := time.Now()
		victim := r.start()
		victim.refuseSaves(1000)
		_, _ = victim.lease(t.Context())
		time.Sleep(30 * time.Minute)
		r.token(t)
		if got := r.record(t).Credential.ExpiresAt; got.After(asked.Add(time.Hour)) {
			t.Errorf("expires %s after it was asked for, want an hour at most", got.Sub(asked))
		}
	})
}

// When neither store takes the answer for a while, it is offered again for as
// long as the lease lasts.
func TestAnswerIsOfferedAgain(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		p := r.start()
		p.refuseSaves(10)
		p.fail["put"] = func(nth int) error {
			if nth <= 10 {
				return errThrottled
			}
			return nil
		}
		p.token(t)
		r.wantRequests(t, 1)
	})
}

// A success that cannot be read may hold the only copy of a token. It
// is kept, sealed, for a day, and is taken when it can be read after all.
func TestTOK04UnreadableAnswerIsKept(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		time.Sleep(time.Until(r.record(t).Due.Refresh))
		r.provider.Script("/token", methodtest.Step{Status: 200, Body: `{"access_token":"acc`})
		_, _, _, _ = sweep(t.Context(), r.Refresher)
		if got := r.token(t); got != r.access {
			t.Errorf("access token: got %q, want the old one, which is valid", got)
		}
		c := r.record(t)
		if u := c.Refresh.Unread; u == nil || time.Until(u.Until) < 23*time.Hour {
			t.Fatalf("unread: got %+v, want it kept for a day", u)
		}
		if doubt, _ := c.Refresh.Doubt(time.Now()); doubt != connection.Uncertain {
			t.Errorf("doubt: got %q, want uncertain", doubt)
		}
		r.rewriteUnread(t, `{"access_token":"access-late","refresh_token":"refresh-late","expires_in":3600}`)
		time.Sleep(r.left(t))
		if got := r.token(t); got != "access-late" {
			t.Errorf("access token: got %q, want the one that was kept", got)
		}
		r.expire()
		_, _ = r.lease(t.Context())
		if r.provider.Uses("refresh-late") != 1 || r.provider.Uses(r.refresh) != 0 {
			t.Errorf("uses: new %d, old %d after the answer; want 1, 0", r.provider.Uses("refresh-late"), r.provider.Uses(r.refresh))
		}
	})
}

// After a day an answer that was never understood is of no use.
func TestUnreadAnswerAges(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		r.provider.Strict = false
		r.provider.Script("/token", methodtest.Step{Status: 200, Body: "<html>"})
		_, _ = r.lease(t.Context())
		r.rewriteUnread(t, `{"access_token":"access-late","expires_in":360000}`)
		time.Sleep(25 * time.Hour)
		if got := r.token(t); got == "access-late" {
			t.Error("an answer of yesterday was taken")
		}
	})
}

// rewriteUnread puts another body into the answer that is kept, as if the service
// had learnt to read it.
func (r *rig) rewriteUnread(t *testing.T, body string) {
	t.Helper()
	answer, err := method.Answer{Status: 200, Body: secret.FromString(body)}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	sealer := &vault.Sealer{Keys: r.keys, DataKeys: r.dataKeys}
	r.change(t, func(c *connection.Connection) {
		if c.Refresh.Unread == nil {
			t.Fatal("no answer is kept")
		}
		place := vault.Place{Tenant: tenant, Resource: con, Purpose: vault.PurposeAnswer, Version: c.Refresh.Unread.Epoch}
		if c.Refresh.Unread.Sealed, err = sealer.Seal(t.Context(), place, answer); err != nil {
			t.Fatal(err)
		}
	})
}

// The answer to a client's own grant is not put into the secret store: it can be
// had again, and the label there is that of a credential that waits to be
// promoted.
func TestAnswerOfAGrantLeavesThePendingCredentialAlone(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.useClientCredentials(t, true)
		staged, err := r.secrets.Put(t.Context(), secretName, vault.Token("staged"), secret.FromString("staged"))
		if err != nil {
			t.Fatal(err)
		}
		r.expire()
		victim := r.start()
		victim.refuseSaves(2)
		victim.token(t)
		if got := r.secrets.Labels(secretName)[staged]; len(got) != 1 || got[0] != "AWSPENDING" {
			t.Errorf("labels of the pending credential: got %v, want AWSPENDING", got)
		}
	})
}
