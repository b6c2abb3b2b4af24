package lease

import (
	"context"

	"github.com/tenonhq/tenon/shared/connection"
)

// unavailable notes that what a refresh needs cannot be read: the secret or its
// version is gone, or the key may not be used. The provider was not contacted.
// Nothing but a repair from outside helps, so the sweep comes back after the
// longest pause; a lease may try at any time. What another caller refreshed
// meanwhile stays as it is.
func (r *Refresher) unavailable(ctx context.Context, seen connection.Connection) error {
	_, err := connection.Transition(ctx, r.Store, r.Events, r.Now, seen.Tenant, seen.ID, fenced(seen.Refresh.Epoch, func(c *connection.Connection) error {
		c.Health.Unavailable()
		if !c.Due.Refresh.IsZero() {
			c.Due.Refresh = r.Now().UTC().Add(longestPause)
		}
		return nil
	}))
	return ignoreFenced(err)
}
