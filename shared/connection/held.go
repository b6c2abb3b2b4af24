package connection

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/vault"
)

// Hold makes k, with a refresh token that another system used, the credential of
// a connection that is being created, before anybody knows whether it is good.
// The refresh protocol works on it from now on; nothing of it is handed out
// until it is confirmed.
func (c *Connection) Hold(k Credential) {
	k.Version = c.nextVersion()
	c.Credential = &k
	c.Refresh = Refresh{Epoch: c.Refresh.Epoch + 1}
}

// Held reports whether there is a credential that was taken over from another
// system and whose import is not finished, or that no check has answered for yet.
func (c *Connection) Held() bool {
	return c.Credential != nil && (c.Health.CheckedAt.IsZero() || !c.Provisioning.IsZero())
}

// Used reports whether the refresh token of a held credential was, or may have
// been, used here: what is kept may then be the only copy of the one that took
// its place.
func (c *Connection) Used() bool {
	r := c.Refresh
	return c.LeaseCount > 0 || r.Intent != nil || r.Unread != nil || len(r.Answer) > 0 || len(r.Token) > 0 || c.Health.Reason == ReasonLostAnswer
}

// Confirm ends the creation of a connection whose held credential the system has
// accepted. l is its hot copy; only Seal may fail, before anything was changed
// for good.
func (c *Connection) Confirm(ctx context.Context, s *vault.Sealer, l vault.Leasable, policy catalog.Refresh, now time.Time) error {
	c.admit()
	c.Health = Health{CheckedAt: now, Folded: c.Health.Folded}
	c.Health.Record(catalog.OK)
	c.watchExpiry(now)
	return c.Renew(ctx, s, l, c.Credential.ExpiresAt, policy, now)
}

// Adopt ends the creation of a connection whose held credential is kept although
// nobody could confirm it: it is degraded, and the jobs refresh and check it as
// any other, which finds out whether it is good.
func (c *Connection) Adopt(now time.Time) {
	c.admit()
	if c.Health.Reason == ReasonNone && !c.AccountRequired {
		c.Health.Reason = ReasonVerificationFailed
	}
	c.watchExpiry(now)
	if c.Lifecycle != Ready || c.Health.Reason.fatal() {
		return
	}
	c.Due.Refresh, c.Due.Health = now.Add(due.Soon), now.Add(2*due.Soon)
	if ends := c.Credential.ExpiresAt; len(c.Lease) > 0 {
		c.Due.Refresh = time.Time{}
		if !ends.IsZero() {
			c.Due.Refresh = ends.Add(-minimumMargin)
		}
	}
}

// admit ends the creation.
func (c *Connection) admit() {
	if c.Lifecycle == Pending {
		c.Lifecycle = Ready
	}
	c.Handoff, c.Due.Pending, c.Due.Device, c.Provisioning = nil, time.Time{}, time.Time{}, time.Time{}
	c.PlanReconcile()
}
