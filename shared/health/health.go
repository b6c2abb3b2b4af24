// Package health finds out whether connections work: by a probe asked for now,
// by what runtimes report of their calls, and by checks of those that nobody
// called for long. It depends on packages api, audit, auth, catalog,
// connection, due, fault, lease, method, metric, notify, outage and vault.
//
// What runtimes report goes to a history of its own. Within a minute or two the
// health of the connection is derived from it, if anything changed.
//
// A probe is evidence about the account, not a verdict on the credential: only
// a refused token refresh says that a credential is dead. A probe that the
// provider refuses leads to one refresh and a second probe; a key that is
// refused has nothing to refresh, and is reported as such.
package health

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/vault"
)

// Service probes connections and records outcomes. What only probing needs, and
// what only telling needs, may be nil where calls are merely reported.
type Service struct {
	Store     connection.Store
	Histories Histories
	// Connectors knows the connectors; what is not known of one is as with others.
	Connectors Finder
	Outages    *outage.Monitor
	Templates  Addresser
	Refresher  *lease.Refresher
	Sealer     *vault.Sealer
	Reach      method.Reach
	Events     notify.Publisher
	Audit      *audit.Log
	Gate       connection.Gate
	Staleness  Staleness
	Now        func() time.Time
}

// Finder finds a connector.
type Finder interface {
	Find(ctx context.Context, id string) (catalog.Connector, error)
}

// Staleness looks whether anybody uses a connection: *stale.Service.
type Staleness interface {
	Look(ctx context.Context, caller auth.Caller, connectionID string) error
}

// Addresser finds the target of a connection without its client secret.
type Addresser interface {
	Address(ctx context.Context, c connection.Connection) (method.Target, error)
}

// Verification is the outcome of a probe.
type Verification struct {
	Outcome    catalog.Outcome
	Message    string // What is known beyond the outcome.
	CheckedAt  time.Time
	Connection connection.Connection
}

// Verify probes the account now and records the outcome.
func (s *Service) Verify(ctx context.Context, caller auth.Caller, connectionID string) (Verification, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionVerify, connectionID); err != nil {
		return Verification{}, err
	}
	c, err := s.Store.Get(ctx, caller.Tenant, connectionID)
	if err != nil {
		return Verification{}, s.Audit.Refuse(ctx, caller, audit.ConnectionVerify, connectionID, err)
	}
	cut := connection.Pass(ctx, s.Gate, &c)
	switch {
	case c.Lifecycle == connection.Deleting:
		return Verification{}, connection.ErrNotFound
	case cut != nil:
		return Verification{}, cut
	case c.Lifecycle == connection.Disabled:
		return Verification{}, fault.New(fault.Conflict, fault.CodeConnectionDisabled, "The connection is paused.")
	case c.Credential == nil:
		return Verification{}, fault.New(fault.Conflict, fault.CodeConnectionPending, "The connection has no credential yet.").WithRemedy("reconnect")
	}
	if c.AccountRequired {
		return Verification{}, connection.ErrAccountRequired
	}
	v := s.visit(ctx, c)
	v.pass = s.look(ctx, v)
	leave, _ := s.Outages.Enter(ctx, v.provider, v.connector.Pace, true) // A person does not wait.
	defer leave()
	found, err := s.check(ctx, v)
	if errors.Is(err, outage.ErrStopped) {
		return Verification{Outcome: catalog.ProviderError, CheckedAt: s.Now().UTC(), Connection: c}, nil
	}
	return found, err
}

func (s *Service) probe(ctx context.Context, c connection.Connection) (method.Probe, error) {
	target, err := s.Templates.Address(ctx, c)
	if err != nil {
		return method.Probe{}, err
	}
	if c.Moved(target.Hosts) {
		return method.Probe{}, connection.ErrMoved
	}
	plain, err := s.Sealer.Open(ctx, c.Place(), c.Lease)
	if err != nil {
		return method.Probe{}, err
	}
	leasable, err := vault.DecodeLeasable(plain)
	if err != nil {
		return method.Probe{}, err
	}
	return method.Verify(ctx, s.Reach, target, leasable)
}
