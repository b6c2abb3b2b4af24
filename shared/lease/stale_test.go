package lease_test

import (
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// A slow provider does not slow leases: inside the margin, and while another
// refreshes, the old token is handed out at once.
func TestOldTokenIsLeasedWhileAnotherRefreshes(t *testing.T) {
	for name, left := range map[string]time.Duration{"inside the margin": 4 * time.Minute, "shortly before the end": 30 * time.Second} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				time.Sleep(time.Hour - left)
				r.provider.Script("/token", methodtest.Step{After: func() { time.Sleep(10 * time.Second) }})
				var group sync.WaitGroup
				group.Go(func() { _, _, _, _ = sweep(t.Context(), r.start().Refresher) })
				time.Sleep(time.Second)
				began := time.Now()
				for range 3 {
					if got := r.token(t); got != r.access {
						t.Errorf("access token: got %q, want the old one", got)
					}
				}
				if waited := time.Since(began); waited > 0 {
					t.Errorf("the callers waited %s", waited)
				}
				group.Wait()
				if got := r.token(t); got == r.access {
					t.Error("the new token is not handed out")
				}
				r.wantRequests(t, 1)
			})
		})
	}
}

// Whoever says how long a token must last waits for the one that does, and for a
// token that is dead everyone waits.
func TestWhoNeedsTheNewTokenWaits(t *testing.T) {
	for name, c := range map[string]struct{ left, minimum time.Duration }{
		"for a time of its own": {30 * time.Second, 10 * time.Minute},
		"for a dead token":      {0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				time.Sleep(time.Hour - c.left)
				r.provider.Script("/token", methodtest.Step{After: func() { time.Sleep(5 * time.Second) }})
				var group sync.WaitGroup
				group.Go(func() { _, _, _, _ = sweep(t.Context(), r.start().Refresher) })
				time.Sleep(time.Second)
				caller := auth.Caller{Tenant: tenant, Home: tenant, Subject: "runtime", Scopes: []string{auth.ConnectionsLease}}
				l, err := r.Lease(t.Context(), caller, lease.Request{ConnectionID: con, Purpose: "sync", Minimum: c.minimum})
				if err != nil || l.Credential.AccessToken.Reveal() == r.access {
					t.Errorf("Lease: %v, or the old token", err)
				}
				group.Wait()
				r.wantRequests(t, 1)
			})
		})
	}
}
