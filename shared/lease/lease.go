// Package lease hands out fresh credentials and keeps them fresh. It depends on
// packages api, audit, auth, catalog, connection, fault, flow, id, method, metric, notify,
// outage, secret, template and vault.
//
// A lease of a credential that is fresh is one consistent read and one local
// decryption. Otherwise it refreshes, exactly once however many callers there
// are: see Refresher.
package lease

import (
	"context"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/vault"
)

// Service hands out credentials. Flows and Templates may be nil where nothing is
// leased by a binding or for a test run.
type Service struct {
	Store     connection.Store
	Flows     Flows
	Templates Templates
	Sealer    *vault.Sealer
	Refresher *Refresher
	Audit     *audit.Log
	Gate      connection.Gate
	IDs       id.Maker
	Now       func() time.Time
}

// Lease is a credential handed out.
type Lease struct {
	ID         string // lea_…, as in the audit.
	Connection connection.Connection
	Credential vault.Leasable
	Refreshed  bool

	FlowID, Slot string // Of the binding that it was leased by.
}

// Request says which credential is wanted, for what and for how long: that of a
// connection, or of what a binding of a flow names.
type Request struct {
	ConnectionID string
	FlowID, Slot string
	Purpose      string
	Minimum      time.Duration // Zero leaves it to the service.
	Environment  string        // Test for a test run; else it is a production run.
	Refused      int           // The LeaseCount of a credential that the system refused; zero for none.
}

// The lifetimes of a lease.
const (
	defaultMinimum = time.Minute
	leastUseful    = 5 * time.Second // A token that dies sooner is not handed out.
)

// errHeldBack keeps a credential that was imported from being handed out before
// the system has answered for it.
var errHeldBack = fault.New(fault.Conflict, fault.CodeConnectionPending, "The credential was imported and is not verified yet.").
	WithRemedy("retry").Retry(time.Minute)

// Lease returns a usable credential of a connection; for a test run, see leaseTest.
// The audit record is written before anything is read. Faults: not_found,
// kill_switch, connection_disabled, connection_pending, reauth_required,
// credential_unavailable, provider_… and retry_later; conflict for a connection
// that serves test runs only.
func (s *Service) Lease(ctx context.Context, caller auth.Caller, r Request) (Lease, error) {
	if r.Environment == Test {
		return s.leaseTest(ctx, caller, r)
	}
	leaseID := s.IDs.New(id.Lease)
	if err := s.Audit.CheckFor(ctx, caller, audit.ConnectionLease, r.ConnectionID, r.Purpose, map[string]string{"lease": leaseID}); err != nil {
		return Lease{}, err
	}
	c, err := s.Store.Get(ctx, caller.Tenant, r.ConnectionID)
	if err != nil {
		return Lease{}, s.Audit.Refuse(ctx, caller, audit.ConnectionLease, r.ConnectionID, err)
	}
	if c.TestCredential {
		return Lease{}, errTestOnly
	}
	return s.handOut(ctx, leaseID, c, r)
}

// handOut returns the credential of a connection as it was read, fresh. That it may
// leave, and that it did, is settled and on record.
func (s *Service) handOut(ctx context.Context, leaseID string, c connection.Connection, r Request) (Lease, error) {
	if err := admitted(ctx, s.Gate, &c); err != nil {
		return Lease{}, err
	}
	if c.AccountRequired {
		return Lease{}, connection.ErrAccountRequired
	}
	if c.Held() {
		return Lease{}, errHeldBack
	}
	enough := func(c *connection.Connection) bool { return s.enough(c, r.Minimum) }
	refreshed, refused := false, s.refused(&c, r.Refused)
	if refused || !enough(&c) {
		newer, err := s.renew(ctx, &c, enough, refused)
		switch {
		case err == nil:
			c, refreshed = newer, true
		case !c.Fresh(s.Now(), leastUseful), final(err):
			return Lease{}, err
		}
		if cut := connection.Pass(ctx, s.Gate, &c); err != nil && cut != nil {
			return Lease{}, cut // A switch may have come while it waited for the refresh.
		}
		// The old token is still valid: a provider that fails now is no reason
		// to stop a flow. The lease says when it expires.
	}
	if c.AccountRequired {
		return Lease{}, connection.ErrAccountRequired // A reconnect may have come meanwhile.
	}
	plain, err := s.Sealer.Open(ctx, c.Place(), c.Lease)
	if err != nil {
		return Lease{}, err
	}
	credential, err := vault.DecodeLeasable(plain)
	if err != nil {
		return Lease{}, err
	}
	s.used(ctx, &c)
	return Lease{ID: leaseID, Connection: c, Credential: credential, Refreshed: refreshed}, nil
}

// enough reports whether the hot copy is what was asked for. While someone
// refreshes it, whoever asked for no time of their own gets the old token as
// long as it is valid, and waits for nobody. So does everyone where there will
// be no other.
func (s *Service) enough(c *connection.Connection, asked time.Duration) bool {
	if asked == 0 && c.Refreshing(s.Now()) || !c.Credential.Refreshable {
		return c.Fresh(s.Now(), leastUseful)
	}
	return c.Fresh(s.Now(), need(c, asked))
}

// final reports whether a failed refresh ended the use of the old token too.
func final(err error) bool {
	return fault.Has(err, fault.CodeNotFound) || fault.Has(err, fault.CodeConnectionDisabled) || connection.CutOff(err) ||
		fault.Has(err, fault.CodeReauthRequired)
}

// admitted is leasable for a connection that must not be under a kill switch
// either.
func admitted(ctx context.Context, g connection.Gate, c *connection.Connection) error {
	if c.Lifecycle != connection.Deleting {
		if err := connection.Pass(ctx, g, c); err != nil {
			return err
		}
	}
	return leasable(c)
}

// used notes the use once in a day. A use that cannot be noted is a use all the
// same.
func (s *Service) used(ctx context.Context, c *connection.Connection) {
	now := s.Now().UTC()
	if now.Sub(c.UsedAt) < connection.UseInterval && c.StaleAt.IsZero() {
		return
	}
	if err := s.Store.Used(ctx, c.Tenant, c.ID, now); err != nil {
		slog.WarnContext(ctx, "note use", "connection", c.ID, "error", err)
	}
}

// leasable refuses what no refresh could mend. A credential that the provider
// refused for good is not handed out, whatever lifetime its token once had.
func leasable(c *connection.Connection) error {
	switch {
	case c.Lifecycle == connection.Deleting:
		return connection.ErrNotFound
	case c.Lifecycle == connection.Disabled:
		return fault.New(fault.Conflict, fault.CodeConnectionDisabled, "The connection is paused.")
	case c.Health.Reason == connection.ReasonInputsChanged:
		return connection.ErrMoved
	case c.Health.Reason == connection.ReasonReauthRequired, c.Health.Reason == connection.ReasonLostAnswer:
		return method.Definitive
	case c.Credential == nil:
		return fault.New(fault.Conflict, fault.CodeConnectionPending, "The connection has no credential yet.").WithRemedy("reconnect")
	}
	return nil
}

// need is how long a credential must stay valid to be handed out: what the
// caller asks, but no more than a new token of this provider could have.
func need(c *connection.Connection, asked time.Duration) time.Duration {
	if c.Credential == nil {
		return asked
	}
	lifetime := c.Credential.ExpiresAt.Sub(c.Credential.RefreshedAt)
	if asked == 0 {
		return min(defaultMinimum, lifetime/10)
	}
	return min(asked, lifetime*9/10)
}
