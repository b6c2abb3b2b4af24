package lease_test

import (
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

// refusing asks for another credential than the one the system refused.
func (r *rig) refusing(t *testing.T, version int) (lease.Lease, error) {
	t.Helper()
	return r.Lease(t.Context(), runtime, lease.Request{ConnectionID: con, Purpose: "sync", Refused: version})
}

// A token that the system refuses is replaced long before its end, and once.
func TestRefusedTokenIsReplaced(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		old := r.record(t).LeaseCount
		time.Sleep(2 * time.Minute)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				l, err := r.refusing(t, old)
				if err != nil || l.Credential.AccessToken.Reveal() == r.access || l.API().TokenVersion != old+1 {
					t.Errorf("got version %d, %v; want another token", l.API().TokenVersion, err)
				}
			})
		}
		all.Wait()
		r.wantRequests(t, 1)
	})
}

func TestRefusedTokenStays(t *testing.T) {
	for name, c := range map[string]struct {
		age     time.Duration
		version int // Relative to the current one.
		change  func(*connection.Connection)
	}{
		"that is not current any more":     {2 * time.Minute, -1, nil},
		"that was had this minute":         {59 * time.Second, 0, nil},
		"without end, had this minute":     {59 * time.Second, 0, func(c *connection.Connection) { c.Credential.ExpiresAt = time.Time{} }},
		"that nothing renews":              {2 * time.Minute, 0, func(c *connection.Connection) { c.Credential.Refreshable = false }},
		"while the provider is left alone": {2 * time.Minute, 0, func(c *connection.Connection) { c.Refresh.NotBefore = time.Now().Add(time.Hour) }},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.change(t, func(k *connection.Connection) {
					k.LeaseCount++ // The first one has none before it.
					r.put(t, k, *k.Credential)
					if c.change != nil {
						c.change(k)
					}
				})
				count := r.record(t).LeaseCount
				time.Sleep(c.age)
				l, err := r.refusing(t, count+c.version)
				if err != nil || l.Credential.AccessToken.Reveal() != r.access || l.API().TokenVersion != count {
					t.Errorf("got version %d, %v; want the same token of version %d", l.API().TokenVersion, err, count)
				}
				r.wantRequests(t, 0)
			})
		})
	}
}

// A token of ten seconds is old after one.
func TestRefusedTokenOfAShortLife(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.change(t, func(c *connection.Connection) { c.Credential.ExpiresAt = time.Now().Add(10 * time.Second) })
		time.Sleep(1500 * time.Millisecond)
		if l, err := r.refusing(t, r.record(t).LeaseCount); err != nil || !l.Refreshed {
			t.Errorf("got refreshed %v, %v; want another token", l.Refreshed, err)
		}
	})
}

// The refusal of the token may be news of the end of the grant.
func TestRefusedTokenOfAnEndedGrant(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		time.Sleep(2 * time.Minute)
		r.provider.Script("/token", methodtest.Step{Status: 400, Body: `{"error":"invalid_grant"}`})
		if _, err := r.refusing(t, r.record(t).LeaseCount); !fault.Has(err, fault.CodeReauthRequired) {
			t.Errorf("got %v, want reauth_required", err)
		}
	})
}
