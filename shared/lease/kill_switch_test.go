package lease_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/killswitch/killswitchtest"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// gated gives the process a gate of its own over the switches.
func (p process) gated(switches *killswitchtest.Memory) {
	g := &killswitch.Gate{Store: switches, Now: time.Now}
	p.Gate, p.Refresher.Gate = g, g
}

var stage = killswitch.Record{ID: "kls_1", Target: killswitch.Target{Scope: killswitch.ScopeStage}}

// AUD-06: five seconds after a switch no lease of what it covers is given, whether
// the token is fresh or not, and the provider is asked for nothing.
func TestAUD06NoLeaseUnderASwitch(t *testing.T) {
	for name, age := range map[string]time.Duration{"fresh": 0, "about to expire": time.Hour - 30*time.Second, "expired": time.Hour} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				switches := new(killswitchtest.Memory)
				r.gated(switches)
				r.token(t)
				time.Sleep(age)
				if err := switches.Create(t.Context(), stage); err != nil {
					t.Fatal(err)
				}
				time.Sleep(5 * time.Second)
				if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeKillSwitch) {
					t.Errorf("Lease: got %v, want kill_switch", err)
				}
				r.change(t, func(c *connection.Connection) { c.Due.Refresh = time.Now() })
				if _, _, failed, err := sweep(t.Context(), r.Refresher); failed != 0 || err != nil {
					t.Errorf("sweep: %d failed, %v", failed, err)
				}
				r.wantRequests(t, 0)
				_, err := switches.Update(t.Context(), stage.ID, func(s *killswitch.Record) error { s.LiftedAt = time.Now(); return nil })
				time.Sleep(5 * time.Second)
				if r.token(t); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// AUD-06: the answer to a refresh that was under way when its connection was cut
// off is handed out to nobody, and its token is revoked, if need be by the job.
func TestAUD06CutOffDuringARefresh(t *testing.T) {
	for name, status := range map[string]int{"revoked": 200, "the provider does not answer": 503} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire()
				r.provider.Script("/revoke", methodtest.Step{Status: status})
				err := r.leaseDuring(t, func() {
					r.change(t, func(c *connection.Connection) {
						c.CutOff(connection.ReasonKillSwitch, time.Now())
						c.Cutoff.Revocation = "revoked"
						c.Forget("next")
					})
				})
				if !fault.Has(err, fault.CodeConnectionDisabled) {
					t.Errorf("Lease: got %v, want connection_disabled", err)
				}
				if got := r.provider.Requests("/revoke"); len(got) != 1 {
					t.Errorf("revocations: got %d, want that of the new token", len(got))
				}
				c := r.record(t)
				if kept := len(c.Refresh.Token) > 0; kept != (status == 503) || kept != !c.Due.Reconcile.IsZero() || kept != (c.Cutoff.Revocation == "") {
					t.Errorf("record: token kept %t, due %s, cutoff %+v", kept, c.Due.Reconcile, c.Cutoff)
				}
			})
		})
	}
}

// The last use is noted by the day, with nothing else, and a use that cannot be
// noted is a lease all the same.
func TestLastUse(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		uses := &uses{Store: r.memory}
		r.Service.Store = uses
		first := time.Now()
		for range 3 {
			r.token(t)
		}
		if c := r.record(t); !c.UsedAt.Equal(first) || uses.count != 1 {
			t.Errorf("used at %s, %d writes; want one at %s", c.UsedAt, uses.count, first)
		}
		time.Sleep(24*time.Hour - time.Second)
		r.token(t)
		if uses.count != 1 {
			t.Errorf("%d writes within a day", uses.count)
		}
		time.Sleep(time.Second)
		r.token(t)
		if c := r.record(t); !c.UsedAt.Equal(time.Now()) || uses.count != 2 {
			t.Errorf("used at %s, %d writes", c.UsedAt, uses.count)
		}
		r.change(t, func(c *connection.Connection) { c.StaleAt = time.Now() })
		r.token(t)
		if c := r.record(t); !c.StaleAt.IsZero() {
			t.Error("a use leaves the connection stale")
		}
		r.change(t, func(c *connection.Connection) { c.UsedAt = time.Time{} })
		uses.fails = true
		r.token(t)
	})
}

// uses counts the noting of uses.
type uses struct {
	connection.Store
	mu    sync.Mutex
	count int
	fails bool
}

func (u *uses) Used(ctx context.Context, tenant, id string, at time.Time) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.count++
	if u.fails {
		return fault.New(fault.Unavailable, fault.CodeRetryLater, "The table is busy.")
	}
	return u.Store.Used(ctx, tenant, id, at)
}
