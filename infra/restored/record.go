package main

import (
	"time"

	"github.com/tenonhq/tenon/shared/connection"
)

// lostEpochs is more than a connection is refreshed in the 35 days that a table can
// be restored to: what was sealed, or named, for an epoch since is never met again.
const lostEpochs = 100_000

// follow makes the version of the secret store that of the record. What the record
// holds of the refresh token is older; a key is applied anew by queue-reconcile.
func follow(c *connection.Connection, version string, now time.Time) {
	k := *c.Credential
	k.At.Version, k.PromotedAt = version, now
	c.Credential, c.Refresh = &k, connection.Refresh{Epoch: c.Refresh.Epoch + lostEpochs}
	if !k.Refreshable {
		c.ReapplyAt = now
	}
	c.PlanReconcile()
}

// withhold lets nothing be handed out of a connection that was deleted, or cut off,
// since the time of the table: a person who still wants it connects it again.
func withhold(c *connection.Connection) {
	c.Lease, c.Refresh = nil, connection.Refresh{Epoch: c.Refresh.Epoch + lostEpochs}
	c.Health.Reason, c.Due.Refresh = connection.ReasonReauthRequired, time.Time{}
	c.PlanReconcile()
}
