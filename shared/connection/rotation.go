package connection

import (
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/vault"
)

// Kept is a version of the credential that is saved and not in use.
type Kept struct {
	Version   int
	At        vault.Locator
	SetAt     time.Time
	SetBy     string
	Last4     string
	User      string
	PublicKey string
	EndsAt    time.Time       // As of a Credential.
	Outcome   catalog.Outcome // Of a pending one: of its check when it was saved.
	Until     time.Time       // Of a previous one: when its grace ends.
}

// retirePause is how long whoever forgot a version has to retire it before the
// reconciler does.
const retirePause = time.Minute

// nextVersion gives a number that no credential of the connection ever had.
func (c *Connection) nextVersion() int {
	if c.Credential != nil {
		c.Versions = max(c.Versions, c.Credential.Version)
	}
	c.Versions++
	return c.Versions
}

// Stage makes k the pending credential, under the next version. One that was
// pending before is forgotten.
func (c *Connection) Stage(k Kept, now time.Time) {
	if c.Pending != nil {
		c.retire(c.Pending.At, now)
	}
	k.Version = c.nextVersion()
	c.Pending = &k
}

// Kept returns the pending credential for zero, else the pending or previous one
// of that version. Nil when there is none, or its grace has ended.
func (c *Connection) Kept(version int, now time.Time) *Kept {
	switch {
	case c.Pending != nil && (version == 0 || version == c.Pending.Version):
		return c.Pending
	case c.Previous != nil && version == c.Previous.Version && now.Before(c.Previous.Until):
		return c.Previous
	default:
		return nil
	}
}

// Supersede makes old, which was current, the previous credential for the time
// of its grace; without one it is forgotten. The one that is current now is
// neither pending nor previous any more.
func (c *Connection) Supersede(old Credential, grace time.Duration, now time.Time) {
	if c.Pending != nil && c.Pending.Version == c.Credential.Version {
		c.Pending = nil
	}
	c.Previous = nil // The secret store keeps one previous version: the label has moved on to old.
	if grace <= 0 {
		c.retire(old.At, now)
		return
	}
	c.Previous = &Kept{
		Version: old.Version, At: old.At, SetAt: old.SetAt, SetBy: old.SetBy, Last4: old.Last4, User: old.User, PublicKey: old.PublicKey,
		EndsAt: old.EndsAt, Until: now.Add(grace),
	}
	c.PlanReconcile()
}

// Discard forgets what Kept returns and reports whether there was anything.
func (c *Connection) Discard(version int, now time.Time) bool {
	k := c.Kept(version, now)
	switch {
	case k == nil:
		return false
	case k == c.Pending:
		c.Pending = nil
	default:
		c.Previous = nil
	}
	c.retire(k.At, now)
	return true
}

// GraceOver reports whether the grace of the previous credential has ended.
func (c *Connection) GraceOver(now time.Time) bool {
	return c.Previous != nil && !now.Before(c.Previous.Until)
}

// EndGrace forgets the previous credential if its grace has ended.
func (c *Connection) EndGrace(now time.Time) {
	if c.GraceOver(now) {
		at := c.Previous.At
		c.Previous = nil
		c.retire(at, now)
	}
}

// retire notes a version to be taken out of the secret store.
func (c *Connection) retire(at vault.Locator, now time.Time) {
	c.Retiring = append(c.Retiring, at)
	if c.RetireAt.IsZero() {
		c.RetireAt = now.Add(retirePause)
	}
	c.PlanReconcile()
}

// Retired notes that the secret store labels these versions no more.
func (c *Connection) Retired(gone []vault.Locator, now time.Time) {
	c.Retiring = slices.DeleteFunc(c.Retiring, func(at vault.Locator) bool { return slices.Contains(gone, at) })
	c.RetireAt = now.Add(retirePause)
	if len(c.Retiring) == 0 {
		c.Retiring, c.RetireAt = nil, time.Time{}
	}
	c.PlanReconcile()
}

// Names reports whether the record names a version: as the current, the pending
// or the previous one.
func (c *Connection) Names(at vault.Locator) bool {
	return c.Credential != nil && c.Credential.At == at || c.Pending != nil && c.Pending.At == at || c.Previous != nil && c.Previous.At == at
}
