package lease_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// Wherever a holder dies, the next caller goes on: the crash leaves a token in
// force, and the number of requests says what was repeated.
func TestCrash(t *testing.T) {
	for name, c := range map[string]struct {
		at       string
		requests int // In all, the crashed one's included.
	}{
		"before the lease is won":               {"before update 1", 1},
		"REF-04 before anything is sent":        {"after update 1", 1},
		"REF-06 after the answer was saved":     {"after save 1", 1},
		"while the answer is settled":           {"before update 2", 1},
		"after the answer was settled":          {"after update 2", 1},
		"REF-07 after the new version was put":  {"after put 1", 1},
		"REF-07 after the version was promoted": {"after promote 1", 1},
		"after everything":                      {"after update 3", 1},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire()
				victim := r.start()
				victim.on[c.at] = victim.crash
				if _, err := victim.lease(t.Context()); err == nil && !victim.crashed() {
					t.Fatal("the process did not crash")
				}
				time.Sleep(46 * time.Second)

				survivor := r.start()
				if got := survivor.token(t); got == r.access {
					t.Errorf("access token: got the old one")
				}
				r.wantRequests(t, c.requests)
				for range 3 { // Nothing lingers: the refresh token in force is the newest.
					r.expire()
					survivor.token(t)
				}
				if s := r.record(t); s.Health.Reason != connection.ReasonNone || s.Refresh.Intent != nil || s.Refresh.Owner != "" || len(s.Refresh.Answer) > 0 {
					t.Errorf("record: got reason %q, refresh %+v; want it at rest", s.Health.Reason, s.Refresh)
				}
				r.wantPromoted(t)
			})
		})
	}
}

// wantPromoted checks that the secret store has caught up, at the latest when
// the reconciler has looked: the version the record names is the current one.
func (r *rig) wantPromoted(t *testing.T) {
	t.Helper()
	r.reconcile(t)
	c := r.record(t)
	if !c.Due.Reconcile.IsZero() {
		t.Errorf("due for the reconciler at %s, want never", c.Due.Reconcile)
	}
	if len(c.Refresh.Token) > 0 {
		t.Errorf("a rotated refresh token of epoch %d waits in the record", c.Refresh.TokenEpoch)
	}
	if got := r.secrets.Labels(secretName)[c.Credential.At.Version]; len(got) != 1 || got[0] != "AWSCURRENT" {
		t.Errorf("labels of the version on record: got %v, want AWSCURRENT", got)
	}
}

// While the dead holder's lease runs, callers are told to come back; none of
// them sends the refresh token a second time.
func TestCrashedHoldersLeaseIsRespected(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		victim := r.start()
		victim.on["after update 1"] = victim.crash
		_, _ = victim.lease(t.Context())
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeRetryLater) {
			t.Errorf("Lease: got %v, want retry_later", err)
		}
		r.wantRequests(t, 0)
		time.Sleep(30 * time.Second)
		r.token(t)
		r.wantRequests(t, 1)
	})
}

// A saved answer that is settled late is an old token: it is renewed before it
// is handed out.
func TestAnswerSettledLateIsOld(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		victim := r.start()
		victim.on["after save 1"] = victim.crash
		_, _ = victim.lease(t.Context())
		time.Sleep(2 * time.Hour)

		l, err := r.lease(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r.wantRequests(t, 2)
		if left := time.Until(l.Connection.Credential.ExpiresAt); left < 59*time.Minute {
			t.Errorf("lifetime left: got %s, want an hour", left)
		}
	})
}

// The answer is lost after the provider rotated. A strict provider then
// refuses the old token; the record says what happened.
func TestREF05LostAnswer(t *testing.T) {
	for name, lose := range map[string]func(*rig, process){
		"by a crash before it was saved": func(_ *rig, p process) { p.on["before save 1"] = p.crash },
		"on the way": func(r *rig, _ process) {
			r.provider.Script("/token", methodtest.Step{Err: errConnectionReset})
		},
		"by a time-out": func(r *rig, _ process) {
			r.provider.Script("/token", methodtest.Step{Hang: true})
		},
		"in an answer that cannot be read": func(r *rig, _ process) {
			r.provider.Script("/token", methodtest.Step{Status: 200, Body: "<html>Log in</html>"}, methodtest.Step{Status: 503},
				methodtest.Step{Status: 400, Body: `{"error":"invalid_grant"}`})
		},
		"and an outage follows": func(r *rig, _ process) {
			r.provider.Script("/token", methodtest.Step{Err: errConnectionReset}, methodtest.Step{Status: 503})
		},
		"and the secret store fails next": func(r *rig, p process) {
			r.provider.Script("/token", methodtest.Step{Err: errConnectionReset})
			p.on["before secret get 3"] = r.lockSecrets // The second looks for the answer.
			p.on["after secret get 3"] = r.unlockSecrets
		},
		"and no connection can be made next": func(r *rig, _ process) {
			r.provider.Script("/token", methodtest.Step{Err: errConnectionReset}, noConnection)
		},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				time.Sleep(time.Until(r.record(t).Due.Refresh))
				lose(r, r.process)
				_, _, _, _ = sweep(t.Context(), r.Refresher)
				other := r.start()
				for r.left(t) > 2*time.Minute {
					if l, err := other.lease(t.Context()); err != nil || l.Credential.AccessToken.Reveal() != r.access {
						t.Errorf("Lease with a valid old token: %v", err)
					}
					_, _, _, _ = sweep(t.Context(), other.Refresher)
					time.Sleep(15 * time.Second)
				}
				r.wantRequests(t, 1) // A second use would end the grant while the token still serves.
				for r.left(t) > 6*time.Second {
					_, _, _, _ = sweep(t.Context(), other.Refresher)
					time.Sleep(time.Second)
				}
				if got := len(r.provider.Requests("/token")); got > 2 {
					t.Errorf("token requests: got %d, want one late one at most", got)
				}
				time.Sleep(10 * time.Second)
				if err := r.settled(t); !fault.Has(err, fault.CodeReauthRequired) {
					t.Errorf("Lease: got %v, want reauth_required", err)
				}
				c := r.record(t)
				if s := connection.StatusOf(&c, time.Now()); s.Name != connection.StatusDegraded || s.Reason != connection.ReasonLostAnswer {
					t.Errorf("status: got %s (%s), want degraded (refresh_response_lost)", s.Name, s.Reason)
				}
				if got := r.denials(); len(got) != 1 || got[0].Reason != "refresh_response_lost" {
					t.Errorf("audit: got %+v, want the loss once", got)
				}
				if got := r.bus.Events(); len(got) != 1 || got[0].Detail["reason"] != "refresh_response_lost" {
					t.Errorf("events: got %v, want one of the lost answer", got)
				}
			})
		})
	}
}

// left is how long the access token is valid.
func (r *rig) left(t *testing.T) time.Duration { return time.Until(r.record(t).Credential.ExpiresAt) }

// settled leases, in a new process, until the answer is no longer that it is to
// be tried again, and returns it.
func (r *rig) settled(t *testing.T) error {
	p := r.start()
	for range 10 {
		_, err := p.lease(t.Context())
		if !fault.Has(err, fault.CodeRetryLater) && !fault.Has(err, fault.CodeProviderUnavailable) {
			return err
		}
		time.Sleep(30 * time.Second)
	}
	return errors.New("still to be tried again")
}

// What never left, or was answered, has lost nothing: a refusal that follows is
// one of the credential.
func TestNothingWasLost(t *testing.T) {
	for name, fail := range map[string]func(*rig){
		"an answer":       func(r *rig) { r.provider.Script("/token", methodtest.Step{Status: 503}) },
		"no connection":   func(r *rig) { r.provider.Script("/token", noConnection) },
		"bad certificate": func(r *rig) { r.provider.Script("/token", badCertificate) },
		"no refresh token": func(r *rig) {
			r.on["before secret get 1"] = r.lockSecrets
			r.on["after secret get 1"] = r.unlockSecrets
		},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire()
				fail(r)
				if _, err := r.lease(t.Context()); err == nil {
					t.Error("Lease: no error")
				}
				time.Sleep(time.Minute)
				r.provider.Forget(r.refresh)
				_, _ = r.lease(t.Context())
				if got := r.record(t).Health.Reason; got != connection.ReasonReauthRequired {
					t.Errorf("reason: got %q, want reauth_required", got)
				}
			})
		})
	}
}

// A provider with a grace period answers the same token again: nothing is lost.
func TestLostAnswerWithinGraceIsMadeUpFor(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.provider.Strict = false
		r.expire()
		victim := r.start()
		victim.on["before save 1"] = victim.crash
		_, _ = victim.lease(t.Context())
		time.Sleep(46 * time.Second)
		r.token(t)
		if c := r.record(t); c.Health.Reason != connection.ReasonNone || c.Refresh.Intent != nil {
			t.Errorf("record: got reason %q, intent %v; want none", c.Health.Reason, c.Refresh.Intent)
		}
	})
}
