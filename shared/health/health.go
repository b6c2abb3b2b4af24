// Package health finds out whether connections work: by a probe asked for now,
// by what runtimes report of their calls, and by a sweep of the connections
// whose check is due. It depends on packages api, audit, auth, catalog,
// connection, due, fault, lease, method, notify and vault.
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
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/vault"
)

// Service probes connections and records outcomes. What only probing needs may
// be nil where calls are merely reported.
type Service struct {
	Store     connection.Store
	Templates Addresser
	Refresher *lease.Refresher
	Sealer    *vault.Sealer
	Reach     method.Reach
	Events    notify.Publisher
	Audit     *audit.Log
	Staleness Staleness
	Now       func() time.Time
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
	switch {
	case c.Lifecycle == connection.Deleting:
		return Verification{}, connection.ErrNotFound
	case c.Lifecycle == connection.Disabled:
		return Verification{}, fault.New(fault.Conflict, fault.CodeConnectionDisabled, "The connection is paused.")
	case c.Credential == nil:
		return Verification{}, fault.New(fault.Conflict, fault.CodeConnectionPending, "The connection has no credential yet.").WithRemedy("reconnect")
	}
	return s.check(ctx, c)
}

// check probes, and when the token was refused refreshes it once and probes
// again: a token may die before its time.
func (s *Service) check(ctx context.Context, c connection.Connection) (Verification, error) {
	if !c.Fresh(s.Now(), time.Second) {
		newer, err := s.Refresher.Refresh(ctx, c.Tenant, c.ID, func(c *connection.Connection) bool { return c.Fresh(s.Now(), time.Second) })
		if err != nil {
			return s.refused(ctx, c, err)
		}
		c = newer
	}
	p, err := s.probe(ctx, c)
	if err != nil {
		return s.refused(ctx, c, err)
	}
	if p.Outcome == catalog.AuthError && c.Credential.Refreshable {
		newer, err := s.Refresher.Replace(ctx, c.Tenant, c.ID, c.LeaseCount)
		if fault.Has(err, fault.CodeRetryLater) {
			return s.record(ctx, c, p.Outcome) // No refresh is made now: this is what is known.
		}
		if err != nil {
			return s.refused(ctx, c, err)
		}
		c = newer
		if p, err = s.probe(ctx, c); err != nil {
			return s.refused(ctx, c, err)
		}
	}
	v, err := s.record(ctx, c, p.Outcome, p.Scopes...)
	v.Message = p.Message
	return v, err
}

func (s *Service) probe(ctx context.Context, c connection.Connection) (method.Probe, error) {
	target, err := s.Templates.Address(ctx, c)
	if err != nil {
		return method.Probe{}, err
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

// record keeps the outcome and plans the next check. Of a credential that was
// replaced meanwhile it keeps nothing: that says nothing about the new one. Scopes
// are those the system named, if it named any.
func (s *Service) record(ctx context.Context, checked connection.Connection, o catalog.Outcome, scopes ...string) (Verification, error) {
	now := s.Now().UTC()
	c, err := connection.Transition(ctx, s.Store, s.Events, s.Now, checked.Tenant, checked.ID, func(c *connection.Connection) error {
		if c.Credential.Version != checked.Credential.Version {
			return nil
		}
		c.Health.CheckedAt = now
		c.Health.Record(o)
		if o == catalog.AuthError && !c.Credential.Refreshable && c.Usable(now) {
			c.Health.Reason = connection.ReasonVerificationFailed
		}
		if len(scopes) > 0 {
			c.GrantedScopes = scopes
		}
		c.Checked(o == catalog.OK, now)
		return nil
	})
	return Verification{Outcome: o, CheckedAt: now, Connection: c}, err
}

// refused records a failed refresh as the outcome it is evidence of. What says
// nothing about the provider, such as trouble in our own cloud, is not
// recorded but returned; the record is told only of a key that cannot be used.
func (s *Service) refused(ctx context.Context, c connection.Connection, err error) (Verification, error) {
	if errors.Is(err, method.ClientRefused) && c.MintedBy() != 0 {
		return Verification{}, err // The template's incident, which says nothing about the account.
	}
	f := fault.From(err)
	if f.Kind == fault.RateLimited {
		return s.record(ctx, c, catalog.RateLimited)
	}
	switch f.Code {
	case fault.CodeReauthRequired:
		return s.record(ctx, c, catalog.AuthError)
	case fault.CodeProviderTLS:
		return s.record(ctx, c, catalog.TLSError)
	case fault.CodeProviderTimeout:
		return s.record(ctx, c, catalog.NetworkError)
	case fault.CodeProviderUnavailable, fault.CodeProviderError:
		return s.record(ctx, c, catalog.ProviderError)
	case fault.CodeCredentialUnavailable:
		return Verification{}, errors.Join(err, s.keyUnavailable(ctx, c))
	default:
		return Verification{}, err
	}
}

// putOff plans the next check and leaves the record as it is otherwise: a check
// that could not be made keeps none of the others waiting.
func (s *Service) putOff(ctx context.Context, c connection.Connection) error {
	_, err := s.Store.Update(ctx, c.Tenant, c.ID, func(c *connection.Connection) error {
		c.Checked(false, s.Now().UTC())
		return nil
	})
	return err
}

// keyUnavailable notes that the credential could not be opened.
func (s *Service) keyUnavailable(ctx context.Context, c connection.Connection) error {
	_, err := connection.Transition(ctx, s.Store, s.Events, s.Now, c.Tenant, c.ID, func(c *connection.Connection) error {
		c.Health.Unavailable()
		c.Checked(false, s.Now().UTC())
		return nil
	})
	return err
}

// Call is one call a runtime made with a leased credential.
type Call struct {
	At      time.Time
	Outcome catalog.Outcome
}

// Report records calls, in the order they were made.
func (s *Service) Report(ctx context.Context, caller auth.Caller, connectionID string, calls []Call) (connection.Connection, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionReport, connectionID); err != nil {
		return connection.Connection{}, err
	}
	return connection.Transition(ctx, s.Store, s.Events, s.Now, caller.Tenant, connectionID, func(c *connection.Connection) error {
		if c.Lifecycle == connection.Deleting {
			return connection.ErrNotFound
		}
		for _, call := range calls {
			c.Health.Record(call.Outcome)
			c.Health.CalledAt = s.Now().UTC()
			if call.Outcome == catalog.AuthError && c.Lifecycle == connection.Ready && c.Credential != nil {
				c.Due.Health = s.Now().UTC() // Look for ourselves soon.
			}
		}
		return nil
	})
}

// Due checks one connection; the index may be late, so the record decides.
func (s *Service) Due(ctx context.Context, requestID string, item due.Item) error {
	c, err := s.Store.Get(ctx, item.Tenant, item.ID)
	if fault.Has(err, fault.CodeNotFound) {
		return nil
	}
	if err != nil || c.Due.Health.IsZero() || c.Due.Health.After(s.Now()) || c.Lifecycle != connection.Ready || c.Credential == nil {
		return err
	}
	caller := auth.Job("queue-health", item.Tenant, requestID)
	if err := s.Audit.Check(ctx, caller, audit.ConnectionVerify, item.ID); err != nil {
		return err
	}
	defer s.stale(ctx, caller, item.ID)
	if _, err = s.check(ctx, c); err == nil {
		return nil
	}
	if late := s.putOff(ctx, c); late != nil {
		return errors.Join(err, late)
	}
	return due.Planned(err)
}
