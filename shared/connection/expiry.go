package connection

import (
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

// What is learnt of the end of a refresh token. The provider says how long it
// lives, in seconds, so the moments that are computed from that wobble.
const (
	wobble = time.Minute
	// learning is how long after an end was first said it is looked at: by then a
	// refresh has shown whether it moves.
	learning = 24 * time.Hour
)

// Lapses returns when a person has to do something: the end of the key or the
// certificate, of a token that cannot be refreshed, or of the refresh token,
// whichever comes first. An end that every refresh moves counts by the day. Zero
// when not known.
func (k *Credential) Lapses() time.Time {
	if !k.Refreshable {
		return earliest(k.ExpiresAt, k.EndsAt)
	}
	refresh := k.RefreshExpiresAt
	if k.Rolling {
		refresh = refresh.UTC().Truncate(24 * time.Hour)
	}
	return earliest(refresh, k.EndsAt)
}

// Renews reports whether the end of the credential moves on by itself: every
// refresh brings a later one, and refreshing works.
func (c *Connection) Renews() bool {
	k := c.Credential
	return k != nil && k.Refreshable && k.Rolling && k.EndsAt.IsZero() &&
		c.Lifecycle == Ready && c.Refresh.FailedCount == 0 && !c.Health.Reason.fatal()
}

// Extend notes until when the refresh token lives by the answer to a refresh. A
// later end than before makes it one that moves, the same end one that does not;
// it is to be called before Renew.
func (c *Connection) Extend(until, now time.Time) {
	k := *c.Credential
	moved := until.Sub(k.RefreshExpiresAt)
	switch {
	case k.RefreshExpiresAt.IsZero():
		k.RefreshExpiresAt, c.Due.Expiry = until, now.Add(learning)
	case moved.Abs() <= wobble:
		if now.Sub(k.RefreshedAt) > 2*wobble {
			k.Rolling = false
		}
	default:
		k.RefreshExpiresAt, k.Rolling = until, moved > 0
		if !k.Rolling {
			c.Due.Expiry = now.Add(due.Soon)
		}
	}
	c.Credential = &k
}

// watchExpiry plans the first look at the dates of a credential that was just
// made current. Whoever looks plans the next.
func (c *Connection) watchExpiry(now time.Time) {
	c.Due.Expiry = now.Add(due.Soon)
	if c.Credential.Refreshable && !c.Credential.RefreshExpiresAt.IsZero() {
		c.Due.Expiry = now.Add(learning)
	}
}
