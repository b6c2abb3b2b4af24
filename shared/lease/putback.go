package lease

import (
	"context"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
)

// putBack plans when the sweep comes back to a connection that it could not
// refresh, unless the attempt did: after the time the failure names, else after
// the longest pause, so that those that fail for long keep none of the others
// waiting. A lease may try at any time. What a refresh needs and cannot be read
// is told: the secret or its version is gone, or the key may not be used, and
// nothing but a repair from outside helps. What another caller refreshed
// meanwhile stays as it is.
func (r *Refresher) putBack(ctx context.Context, seen connection.Connection, cause error) error {
	wait, unreadable := longestPause, fault.Has(cause, fault.CodeCredentialUnavailable)
	if fault.Has(cause, fault.CodeRetryLater) {
		if wait = fault.From(cause).RetryAfter; wait < due.Soon {
			wait += due.Soon // What is planned for sooner is found late.
		}
	}
	_, err := connection.Transition(ctx, r.Store, r.Events, r.Now, seen.Tenant, seen.ID, fenced(seen.Refresh.Epoch, func(c *connection.Connection) error {
		now := r.Now().UTC()
		if unreadable {
			c.Health.Unavailable()
		} else if c.Due.Refresh.IsZero() || c.Due.Refresh.After(now) {
			return connection.ErrFenced
		}
		if !c.Due.Refresh.IsZero() {
			c.Due.Refresh = now.Add(wait)
		}
		return nil
	}))
	return ignoreFenced(err)
}
