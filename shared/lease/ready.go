package lease

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// What a second use of a refresh token does at a provider: see catalog.Refresh.
const (
	reuseGrace   = "grace"
	reuseRevokes = "revokes_family"
)

// lateTime is how much of the access token's life is left when a request that
// was never answered is repeated where that may end the grant; unknownLife is
// how long that waits for a token whose end is not known.
const (
	lateTime    = 2 * time.Minute
	unknownLife = time.Hour
)

// ready refuses an attempt that should not be begun.
func (r *Refresher) ready(ctx context.Context, c *connection.Connection, serves bool) error {
	if !c.Credential.Refreshable {
		return fault.New(fault.Conflict, fault.CodeReauthRequired, "The credential has expired and cannot be refreshed.").WithRemedy("reconnect")
	}
	if pause := c.Refresh.NotBefore.Sub(r.Now()); pause > 0 {
		return busy(pause)
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < startBudget {
		return busy(time.Second)
	}
	if c.Refresh.Intent == nil || !serves {
		return nil
	}
	target, err := r.Templates.Address(ctx, *c)
	if err != nil {
		return err
	}
	if wait := r.late(c, target.Scheme.RefreshPolicy()); wait > 0 {
		return busy(wait)
	}
	return nil
}

// late is how long the repetition of a request that was never answered is put
// off. While the access token still serves, and a second use of the old refresh
// token would end the grant, there is one try shortly before the token ends, and
// more only when nothing is left to lose.
func (r *Refresher) late(c *connection.Connection, policy catalog.Refresh) time.Duration {
	if policy.Reuse != reuseRevokes || !c.Fresh(r.Now(), leastUseful) {
		return 0
	}
	at := c.Credential.ExpiresAt.Add(-leastUseful)
	switch tried := c.Refresh.Epoch > c.Refresh.Intent.Epoch; {
	case c.Credential.ExpiresAt.IsZero():
		at = c.Refresh.Intent.At.Add(unknownLife)
	case !tried:
		at = c.Credential.ExpiresAt.Add(-lateTime)
	}
	return max(at.Sub(r.Now()), 0)
}

// uncertain reports whether an earlier attempt with the refresh token in use was
// never answered: the provider may have rotated the token, and its answer is
// lost. The intent of that attempt stays until the provider accepts the token
// or refuses it for good.
func uncertain(c *connection.Connection) bool {
	return c.Refresh.Intent != nil && c.Refresh.Intent.Epoch < c.Refresh.Epoch
}

// failed notes an attempt that brought no token, and when the next may be made:
// after the pause, or when the provider said. The sweep's is made late where the
// old token is spared.
func (r *Refresher) failed(c *connection.Connection, policy catalog.Refresh, cause error) {
	c.Refresh.FailedCount++
	r.postpone(c, max(pause(c.Refresh.FailedCount), fault.From(cause).RetryAfter))
	if c.Refresh.Intent == nil || c.Due.Refresh.IsZero() {
		return
	}
	if late := r.Now().UTC().Add(r.late(c, policy)); late.After(c.Due.Refresh) {
		c.Due.Refresh = late
	}
}

// postpone lets no attempt be made for a while.
func (r *Refresher) postpone(c *connection.Connection, by time.Duration) {
	c.Refresh.NotBefore = r.Now().UTC().Add(by)
	if c.Lifecycle == connection.Ready {
		c.Due.Refresh = c.Refresh.NotBefore
	}
}

// pause is how long to leave a provider alone after failed attempts.
func pause(failed int) time.Duration {
	return min(firstPause<<min(failed-1, 10), longestPause)
}

func busy(after time.Duration) error {
	return fault.New(fault.Unavailable, fault.CodeRetryLater, "The credential is not fresh yet. Try again shortly.").
		WithRemedy("retry").Retry(max(after, time.Second))
}

// served reports whether the provider served a request that ended with err,
// whatever it said: trouble of its own and of the way to it is no service.
func served(err error) bool {
	switch fault.From(err).Code {
	case fault.CodeProviderUnavailable, fault.CodeProviderTimeout, fault.CodeProviderTLS:
		return false
	default:
		return true
	}
}

// rotates reports whether a request with a refresh token may end that token, so
// that an answer that is lost may be a token that is lost.
func rotates(policy catalog.Refresh) bool {
	return policy.Reuse == reuseGrace || policy.Reuse == reuseRevokes
}
