package lease_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// reconcile does what the job does when its index names the connection.
func (r *rig) reconcile(t *testing.T) {
	t.Helper()
	at := r.record(t).Due.Reconcile
	if at.IsZero() {
		return
	}
	time.Sleep(time.Until(at))
	if err := r.start().promoteByJob(t); err != nil {
		t.Errorf("Promote: %v", err)
	}
}

func (p process) promoteByJob(t *testing.T) error {
	return p.Refresher.Promote(t.Context(), auth.Job("job-reconcile", tenant, "run-1"), con)
}

// wait refreshes twice within five minutes, so that a rotated token waits in the
// record.
func (r *rig) wait(t *testing.T) {
	t.Helper()
	r.provider.Lifetime = 300
	r.expire()
	r.token(t)
	time.Sleep(5 * time.Minute)
	r.token(t)
	if c := r.record(t); len(c.Refresh.Token) == 0 {
		t.Fatal("no rotated token waits in the record")
	}
	r.calls.take()
}

// A token that was rotated too soon after the last one waits in the item, on the
// reconciler's index; the refresh needed no write of its own for that.
func TestPromotionThatHasToWaitIsDue(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.provider.Lifetime = 300
		r.expire()
		r.token(t)
		promoted := time.Now()
		if due := r.record(t).Due.Reconcile; !due.IsZero() {
			t.Errorf("due at %s after a promotion, want never", due)
		}
		time.Sleep(5 * time.Minute)
		r.calls.take()
		r.token(t)
		for _, call := range r.calls.take() {
			if call == "put" {
				t.Error("the secret was written twice within five minutes")
			}
		}
		c := r.record(t)
		if after := c.Due.Reconcile.Sub(promoted); after < 6*time.Hour || after > 12*time.Hour {
			t.Errorf("due %s after the promotion before, want 6 to 12 h", after)
		}
		time.Sleep(time.Until(c.Due.Reconcile) - time.Second)
		if err := r.promoteByJob(t); err != nil || len(r.record(t).Refresh.Token) == 0 {
			t.Errorf("promoted a second early: %v", err)
		}
		time.Sleep(time.Second)
		if err := r.promoteByJob(t); err != nil {
			t.Errorf("Promote: %v", err)
		}
		r.wantPromoted(t)
		entries, _, err := r.audits.List(t.Context(), tenant, audit.Query{Action: audit.ConnectionRefresh, Limit: 1})
		if err != nil || len(entries) != 1 || entries[0].Actor != "job/job-reconcile" {
			t.Errorf("audit: got %+v, %v; want the job's", entries, err)
		}
		if got := r.stored(t); got == r.refresh {
			t.Error("the secret store has the token of the handoff")
		}
	})
}

// Wherever a promotion by the job dies, the next run, or the next refresh,
// finishes it, and the newest token stays the one in force.
func TestPromotionByTheJobAfterACrash(t *testing.T) {
	for _, at := range []string{
		"before put 1", "after put 1", "before promote 1", "after promote 1", "before update 1", "after update 1",
	} {
		for name, next := range map[string]func(*testing.T, *rig){
			"the job":   func(t *testing.T, r *rig) { r.reconcile(t) },
			"a refresh": func(t *testing.T, r *rig) { r.expire(); r.token(t) },
		} {
			t.Run(at+", then "+name, func(t *testing.T) {
				run(t, func(t *testing.T, r *rig) {
					r.wait(t)
					time.Sleep(promotion)
					victim := r.start()
					victim.on[at] = victim.crash
					if err := victim.promoteByJob(t); !errors.Is(err, errCrash) {
						t.Fatalf("Promote: got %v, want the crash", err)
					}
					next(t, r)
					r.wantPromoted(t)
					r.expire()
					r.token(t)
					if c := r.record(t); c.Health.Reason != connection.ReasonNone {
						t.Errorf("reason: got %q, want none", c.Health.Reason)
					}
				})
			})
		}
	}
}

// A secret store that stays down is asked again after an hour, and the token is
// safe all the time.
func TestPromotionByTheJobThatFails(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.wait(t)
		time.Sleep(promotion)
		r.lockSecrets()
		if err := r.promoteByJob(t); !fault.Has(err, fault.CodeCredentialUnavailable) {
			t.Errorf("Promote: got %v, want credential_unavailable", err)
		}
		if due, want := r.record(t).Due.Reconcile, time.Now().Add(time.Hour); !due.Equal(want) {
			t.Errorf("due at %s, want %s", due, want)
		}
		r.unlockSecrets()
		r.wantPromoted(t)
	})
}

// What the index named is no longer there, or no longer so.
func TestPromotionByTheJobOfNothing(t *testing.T) {
	for name, change := range map[string]func(*connection.Connection){
		"nothing waits":  func(c *connection.Connection) { c.Refresh.Token, c.Refresh.TokenEpoch = nil, 0 },
		"too soon":       func(c *connection.Connection) { c.Refresh.PromoteAt = time.Now().Add(time.Second) },
		"being deleted":  func(c *connection.Connection) { c.Lifecycle = connection.Deleting },
		"of no one else": nil,
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.wait(t)
				time.Sleep(promotion)
				caller := auth.Job("job-reconcile", tenant, "run-1")
				if change == nil {
					caller.Tenant = "globex"
				} else {
					r.change(t, change)
				}
				if err := r.Refresher.Promote(t.Context(), caller, con); err != nil {
					t.Errorf("Promote: %v", err)
				}
				for _, call := range r.calls.take() {
					if call != "get" {
						t.Errorf("the job did %s", call)
					}
				}
			})
		})
	}
}

// Two runs at the same time promote once, and a refresh in between is not undone.
func TestPromotionsByTheJobOverlap(t *testing.T) {
	for name, between := range map[string]func(*testing.T, *rig){
		"with another run": func(t *testing.T, r *rig) {
			if err := r.start().promoteByJob(t); err != nil {
				t.Errorf("Promote: %v", err)
			}
		},
		"with a refresh":   func(t *testing.T, r *rig) { r.start().token(t) },
		"with a reconnect": func(t *testing.T, r *rig) { r.reconnect(t) },
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.wait(t)
				time.Sleep(promotion)
				slow := r.start()
				slow.on["before promote 1"] = func() { between(t, r) }
				if err := slow.promoteByJob(t); err != nil {
					t.Errorf("Promote: %v", err)
				}
				r.wantPromoted(t)
				r.expire()
				r.token(t)
				r.wantPromoted(t)
			})
		})
	}
}

// A refresh that leaves the refresh token as it is does not stand in the way of
// its promotion, though the first try has written it before.
func TestPromotionAfterARefreshThatDidNotRotate(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.wait(t)
		time.Sleep(promotion)
		victim := r.start()
		victim.on["after put 1"] = victim.crash
		_ = victim.promoteByJob(t)
		r.provider.Rotate = false
		down := r.start()
		down.on["before put 1"], down.on["after put 1"] = r.lockSecrets, r.unlockSecrets
		r.expire()
		down.token(t)
		r.wantPromoted(t)
	})
}

// A token of a grant that was replaced while it was promoted is destroyed: what
// no record names has no label.
func TestOvertakenPromotionLeavesNothing(t *testing.T) {
	for _, at := range []string{"before put 1", "before promote 1", "before update 1"} {
		t.Run(at, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.wait(t)
				time.Sleep(promotion)
				was := r.record(t).Credential.At.Version
				slow := r.start()
				slow.on[at] = func() { r.reconnect(t) }
				if err := slow.promoteByJob(t); err != nil {
					t.Errorf("Promote: %v", err)
				}
				for version, labels := range r.secrets.Labels(secretName) {
					// The version before is for the reconnect itself to take out of service.
					if version != was && version != r.record(t).Credential.At.Version {
						t.Errorf("a version that no record names has the labels %v", labels)
					}
				}
				r.expire()
				r.token(t)
				r.wantPromoted(t)
			})
		})
	}
}

// The promotions of connections that were made together are spread: all of them
// share what Secrets Manager takes.
func TestPromotionsOfConnectionsMadeTogetherAreApart(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.copy(t, "con_2")
		time.Sleep(time.Hour)
		at := map[time.Time]bool{}
		for _, id := range []string{con, "con_2"} {
			c, err := r.Refresher.Refresh(t.Context(), tenant, id, func(c *connection.Connection) bool { return c.LeaseCount > 1 })
			if err != nil || c.Refresh.PromoteAt.IsZero() {
				t.Fatalf("Refresh of %s: may move at %s, %v", id, c.Refresh.PromoteAt, err)
			}
			at[c.Refresh.PromoteAt] = true
		}
		if len(at) != 2 {
			t.Errorf("two connections may move their tokens at %v", at)
		}
	})
}
