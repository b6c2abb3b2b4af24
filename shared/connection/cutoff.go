package connection

import (
	"time"

	"github.com/tenonhq/tenon/shared/fault"
)

// Cutoff is how far a connection has come whose credential is taken away for good
// while the connection stays, to be reconnected one day. It is disabled as long
// as this stands.
type Cutoff struct {
	Reason Reason    // ReasonKillSwitch or ReasonStale.
	At     time.Time // When it was cut off.
	Paused bool      // It was disabled besides; when the cutoff ends it stays so.
	Tries  int       // Runs that were begun.
	// Next is when the next run may be begun; zero once nothing of the credential
	// is left.
	Next time.Time
	// Revocation is what became of telling the provider; empty until that is
	// settled. What is left then needs the provider no more.
	Revocation string
}

// errRevoking keeps a connection disabled while its credential lives.
var errRevoking = fault.New(fault.Conflict, fault.CodeConflict, "The credential is still being revoked at the system. Try again later.").
	WithRemedy("retry").Retry(time.Minute)

// errStale refuses a new credential for a connection that was forgotten.
var errStale = fault.New(fault.Conflict, fault.CodeConnectionDisabled, "The connection was disabled because nobody used it. Enable it first.")

// CutOff disables the connection at once. A refresh under way is fenced off, an
// open handoff ends, and what the record keeps beside the current credential is
// forgotten: it is destroyed with it. Of what is cut off already only the reason
// changes, to that of a kill switch.
func (c *Connection) CutOff(reason Reason, now time.Time) {
	if c.Cutoff != nil {
		if reason == ReasonKillSwitch {
			c.Cutoff.Reason = reason
		}
		return
	}
	c.Cutoff = &Cutoff{Reason: reason, At: now, Paused: c.Lifecycle == Disabled, Next: now}
	c.Lifecycle, c.Due, c.Handoff, c.StaleAt = Disabled, Due{}, nil, time.Time{}
	c.Refresh.Epoch++
	c.Refresh.PromoteAt = time.Time{}
	c.Pending, c.Previous, c.Retiring, c.RetireAt = nil, nil, nil, time.Time{}
	c.Revision++
	c.PlanReconcile()
}

// Revoking counts a run of the revocation and plans the one after it, should it
// not be the last.
func (c *Connection) Revoking(next time.Time) {
	c.Cutoff.Tries++
	c.Cutoff.Next = next
	c.PlanReconcile()
}

// Forget forgets the credential, of which nothing is left. The next one has a
// secret of another name, so that nobody who saw this one can bring it back.
func (c *Connection) Forget(secretName string) {
	c.Credential, c.Lease, c.SecretName = nil, nil, secretName
	c.Refresh = Refresh{Epoch: c.Refresh.Epoch + 1}
	c.Cutoff.Next = time.Time{}
	c.PlanReconcile()
}

// Restore lets what was cut off be reconnected. A credential that is not gone yet
// is a conflict.
func (c *Connection) Restore() error {
	if !c.Cutoff.Next.IsZero() {
		return errRevoking
	}
	if !c.Cutoff.Paused {
		c.Lifecycle = Ready
	}
	c.Cutoff = nil
	return nil
}

// Open refuses a new credential for what is cut off; nil for nothing.
func (x *Cutoff) Open() error {
	switch {
	case x == nil:
		return nil
	case x.Reason == ReasonKillSwitch:
		return ErrKillSwitch
	default:
		return errStale
	}
}

// Irrevocable reports whether the provider was not told, and so may honour the
// credential for as long as nobody ends it there.
func (x *Cutoff) Irrevocable() bool {
	return x.Revocation == "not_supported" || x.Revocation == "failed"
}
