package connection

import (
	"context"
	"hash/fnv"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/vault"
)

// Install makes k the current credential and l its hot copy. A credential that
// has no version yet gets the next one. The refresh epoch is counted: a refresh
// that was under way for the credential before is fenced off by that. Only Seal
// may fail, before anything was changed for good.
func (c *Connection) Install(ctx context.Context, s *vault.Sealer, k Credential, l vault.Leasable, policy catalog.Refresh, now time.Time) error {
	if k.Version == 0 {
		k.Version = c.nextVersion()
	}
	k.RefreshedAt = now
	c.Credential = &k
	c.Refresh = Refresh{Epoch: c.Refresh.Epoch + 1}
	if c.Lifecycle == Pending {
		c.Lifecycle = Ready
	}
	c.Health = Health{CheckedAt: now, Folded: c.Health.Folded}
	c.Health.Record(catalog.OK)
	c.Handoff, c.Due.Pending, c.Due.Device, c.Provisioning = nil, time.Time{}, time.Time{}, time.Time{}
	c.Due.Health = time.Time{}
	c.PlanReconcile()
	c.watchExpiry(now)
	return c.seal(ctx, s, l, policy, now)
}

// Renew replaces the hot copy by one with a new access token, of the epoch the
// connection holds.
func (c *Connection) Renew(ctx context.Context, s *vault.Sealer, l vault.Leasable, expires time.Time, policy catalog.Refresh, now time.Time) error {
	k := *c.Credential
	k.ExpiresAt, k.RefreshedAt = expires, now
	c.Credential = &k
	if c.Health.Reason.fatal() || c.Health.Reason == ReasonKeyUnavailable {
		c.Health.Reason = ReasonNone // It was read, and the provider has just accepted it.
	}
	return c.seal(ctx, s, l, policy, now)
}

func (c *Connection) seal(ctx context.Context, s *vault.Sealer, l vault.Leasable, policy catalog.Refresh, now time.Time) error {
	if err := c.reseal(ctx, s, l); err != nil {
		return err
	}
	c.plan(policy, now)
	return nil
}

func (c *Connection) reseal(ctx context.Context, s *vault.Sealer, l vault.Leasable) error {
	plain, err := l.Encode()
	if err != nil {
		return err
	}
	c.LeaseCount++
	c.ReapplyAt = time.Time{}
	c.Lease, err = s.Seal(ctx, c.Place(), plain)
	return err
}

// The cadence of the jobs.
const (
	minimumMargin  = 5 * time.Minute
	healthCadence  = 24 * time.Hour
	recheckCadence = time.Hour
	maxDoublings   = 10
)

// plan sets when the jobs look at the connection next. The jitter is a function
// of the id, so that connections made together are not swept together. A check
// that is to come stays where it is: a refresh is no call to the API.
func (c *Connection) plan(policy catalog.Refresh, now time.Time) {
	c.Due.Refresh = time.Time{}
	if c.Lifecycle != Ready {
		c.Due.Health = time.Time{}
		return
	}
	switch {
	case c.AccountRequired:
		c.Due.Health = time.Time{}
	case !c.Due.Health.After(now):
		c.Due.Health = now.Add(healthCadence - c.jitter(healthCadence/10))
	}
	k := c.Credential
	if k.Refreshable {
		c.Due.Refresh = c.refreshDue(policy, now)
	}
}

// refreshDue is the margin before the access token expires, and no later than
// half the time after which an unused refresh token dies.
func (c *Connection) refreshDue(policy catalog.Refresh, now time.Time) time.Time {
	var due time.Time
	if expires := c.Credential.ExpiresAt; !expires.IsZero() {
		lifetime := expires.Sub(now)
		margin := time.Duration(policy.MarginSeconds) * time.Second
		if margin == 0 {
			margin = max(minimumMargin, lifetime/10)
		}
		margin = min(margin, lifetime/2)
		due = expires.Add(-margin - c.jitter(margin/5))
	}
	if policy.IdleSeconds > 0 {
		alive := now.Add(time.Duration(policy.IdleSeconds) * time.Second / 2)
		if due.IsZero() || alive.Before(due) {
			due = alive
		}
	}
	return due
}

func (c *Connection) jitter(width time.Duration) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(c.ID)) // Never fails.
	return width * time.Duration(h.Sum32()%1000) / 1000
}

// Checked plans the next check: after the connector's cadence, a day where that
// is zero, when all is well. While something is wrong it is an hour, and twice
// that with each further check that finds no success, up to the cadence.
func (c *Connection) Checked(ok bool, now time.Time, cadence time.Duration) {
	if c.Lifecycle != Ready {
		return
	}
	next := c.Cadence(cadence)
	switch {
	case !ok:
		next = min(recheckCadence<<min(c.Health.Missed, maxDoublings), next)
		c.Health.Missed++
	case !c.Health.Settled():
		next = min(recheckCadence, next)
		c.Health.Missed = 0
	default:
		c.Health.Missed = 0
	}
	c.Due.Health = now.Add(next - c.jitter(next/10))
}

// Called plans the next check after calls that are known to have succeeded: what
// a check would find out is known until the cadence has passed.
func (c *Connection) Called(at time.Time, cadence time.Duration) {
	next := c.Cadence(cadence)
	c.Due.Health = at.Add(next - c.jitter(next/10))
}

// Cadence returns how often the connection is checked while all is well: as the
// connector says, else every day.
func (*Connection) Cadence(ofConnector time.Duration) time.Duration {
	if ofConnector == 0 {
		return healthCadence
	}
	return ofConnector
}

// Doubted brings the next check forward: something seems to be wrong.
func (c *Connection) Doubted(now time.Time) {
	if at := now.Add(recheckCadence - c.jitter(recheckCadence/10)); c.Lifecycle == Ready && c.Credential != nil && (c.Due.Health.IsZero() || at.Before(c.Due.Health)) {
		c.Due.Health = at
	}
}
