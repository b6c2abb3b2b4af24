package connection

import (
	"context"
	"maps"
	"time"

	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// ErrMoved refuses to send a credential to another host than the one it was given
// for, or issued by.
var ErrMoved = fault.New(fault.Conflict, fault.CodeReauthRequired, "The address of the system was changed by whoever manages the integration. Reconnect the account.").
	WithRemedy("reconnect")

// Moved reports whether what now stands in the addresses of the system, by input,
// is not what the credential was given for. A grant of the template's own client,
// of which nothing is kept, goes wherever the template says.
func (c *Connection) Moved(hosts map[string]string) bool {
	if c.Credential == nil || c.Credential.At.Secret == "" {
		return false
	}
	for name, host := range c.Hosts {
		if hosts[name] != host {
			return true
		}
	}
	return false
}

// Inherited is what a connection takes over of a change of its template.
type Inherited struct {
	Revision int // Of the template.
	BaseURL  string
	Hosts    map[string]string
	// Leasable is the hot copy made anew; nil where it takes a new grant.
	Leasable *vault.Leasable
	// Regrant asks for a new token soon: the old one was granted for other values.
	Regrant bool
}

// Inherit takes a change of the template over. The credential stays, and so does
// the state of a refresh, unless its token is given up: whoever settles one by an
// older revision of the template begins anew. Where the credential may not go along the connection needs a
// person, until the template goes back on it. An open handoff ends: who consents
// does so to what was said before.
func (c *Connection) Inherit(ctx context.Context, s *vault.Sealer, in Inherited, now time.Time) error {
	moved := c.Moved(in.Hosts)
	if in.Revision != c.TemplateRevision {
		c.TemplateRevision, c.Handoff = in.Revision, nil
	}
	c.ReapplyAt = time.Time{}
	c.PlanReconcile()
	if c.Credential == nil {
		return nil
	}
	if moved {
		if !c.Health.Reason.fatal() {
			c.Health.Reason, c.Due.Refresh = ReasonInputsChanged, time.Time{}
		}
		return nil
	}
	if in.Regrant && in.Leasable == nil {
		c.Refresh = Refresh{Epoch: c.Refresh.Epoch + 1} // What is asked for now would be of the old host.
	}
	if c.Health.Reason == ReasonInputsChanged {
		c.Health.Reason, in.Regrant = ReasonNone, true
	}
	c.BaseURL, c.Hosts = in.BaseURL, maps.Clone(in.Hosts)
	if in.Leasable == nil {
		c.Lease = nil
	} else if err := c.reseal(ctx, s, *in.Leasable); err != nil {
		return err
	}
	if c.Lifecycle != Ready {
		return nil
	}
	c.Due.Health = now.Add(due.Soon)
	if (in.Leasable == nil || in.Regrant) && c.Credential.Refreshable && !c.Health.Reason.fatal() {
		c.Due.Refresh = now.Add(due.Soon)
	}
	return nil
}

// Readdress puts the connection at what its own inputs say now. Where the credential
// may not go along the connection needs a person, until they are what they were. The
// hot copy is made anew soon: by a refresh, else by the reconciler.
func (c *Connection) Readdress(baseURL string, hosts map[string]string, now time.Time) {
	if c.Credential == nil {
		return
	}
	if c.Moved(hosts) {
		if !c.Health.Reason.fatal() {
			c.Health.Reason, c.Due.Refresh = ReasonInputsChanged, time.Time{}
		}
		return
	}
	if c.Health.Reason == ReasonInputsChanged {
		c.Health.Reason = ReasonNone
	}
	c.BaseURL, c.Hosts, c.ReapplyAt = baseURL, maps.Clone(hosts), now.Add(due.Soon)
	c.PlanReconcile()
	if c.Lifecycle == Ready && c.Credential.Refreshable && !c.Health.Reason.fatal() {
		c.Due.Refresh = now.Add(due.Soon)
	}
}
