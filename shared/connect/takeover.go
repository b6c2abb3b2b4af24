package connect

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
)

// Taking over a refresh token. The provider may rotate it when it is first used
// here, and what it answers is then the only copy there is. So the order is:
//
//	hold      the refresh token is in the secret store and the record names it;
//	          until here whatever fails leaves nothing, and nothing is lost
//	refresh   by the refresh protocol, which loses no answer; a definitive refusal
//	          of a token that was never used here leaves nothing
//	prove     the system is asked about the account with the new access token
//	confirm   the connection is active; or it is kept, degraded, when the system
//	          did not answer for it
//
// A run that dies after hold is gone on with by the next import of the same
// external id. If none comes, Abandon leaves the connection to the jobs.

var (
	errRefreshToken = fault.New(fault.Unprocessable, fault.CodeVerificationFailed, "The system refused the refresh token.").WithRemedy("fix_input")
	errResume       = fault.New(fault.Unavailable, fault.CodeRetryLater, "The import is not finished. Send it again.").WithRemedy("retry").Retry(time.Minute)
	errKept         = errors.New("the refresh token was used")
)

// takeOver makes a connection of a grant, or goes on with one that a run which
// died left.
func (s *Service) takeOver(ctx context.Context, caller auth.Caller, connectionID string, n New) (Imported, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionCreate, connectionID); err != nil {
		return Imported{}, err
	}
	if err := (offer{endsAt: n.EndsAt}).check(s.Now()); err != nil {
		return Imported{}, err
	}
	if _, err := s.Keys.DataKey(ctx, caller.Tenant); err != nil {
		return Imported{}, err
	}
	c, err := s.Connections.Get(ctx, caller.Tenant, connectionID)
	if err != nil && !errors.Is(err, connection.ErrNotFound) {
		return Imported{}, err
	}
	if err == nil && c.Held() && c.Lifecycle != connection.Deleting {
		return s.finish(ctx, c)
	}
	c, err = s.unfinished(ctx, caller, connectionID, n)
	if errors.Is(err, connection.ErrNotFound) {
		c, err = s.record(ctx, caller, connectionID, n)
	}
	if err != nil {
		return Imported{}, err
	}
	received, err := s.receive(ctx, caller, c, *n.Grant)
	if err != nil {
		_, err := s.withdraw(ctx, c, err)
		return Imported{}, err
	}
	if received.Held() {
		return s.finish(ctx, received)
	}
	return Imported{Status: ImportCreated, Connection: received}, nil
}

// finish refreshes the held credential, unless that is done, and lets the system
// decide on it.
func (s *Service) finish(ctx context.Context, held connection.Connection) (Imported, error) {
	c, err := s.Refresher.Refresh(ctx, held.Tenant, held.ID, func(c *connection.Connection) bool { return c.Fresh(s.Now(), time.Second) })
	if err != nil {
		return s.unrefreshed(ctx, held, err)
	}
	target, err := s.Templates.Address(ctx, c)
	if err != nil {
		return Imported{}, left(err)
	}
	if c.Moved(target.Hosts) {
		return Imported{}, left(connection.ErrMoved)
	}
	token, err := s.heldToken(ctx, c)
	if err != nil {
		return Imported{}, left(err)
	}
	e, err := s.prove(ctx, c, target, established{Token: token})
	if err != nil {
		return s.keep(ctx, c, e.Probe.Outcome, err)
	}
	confirmed, err := s.confirm(ctx, c, target, e)
	if err != nil {
		return Imported{}, left(err)
	}
	return Imported{Status: ImportCreated, Connection: confirmed}, nil
}

// unrefreshed ends an import whose refresh failed. Nothing is left of a refresh
// token that was not used. One whose answer was lost, and which is refused now,
// is past help but by a person: the connection is there for them.
func (s *Service) unrefreshed(ctx context.Context, c connection.Connection, cause error) (Imported, error) {
	told := cause
	if errors.Is(cause, method.Definitive) {
		told = errRefreshToken.Because(cause)
	}
	kept, err := s.withdraw(ctx, c, told)
	if kept && errors.Is(cause, method.Definitive) {
		return s.keep(ctx, c, catalog.AuthError, cause)
	}
	return Imported{}, err
}

// withdraw removes what an import has left, unless a refresh token in it was used
// or the import was finished after all: kept is told with what to do then.
func (s *Service) withdraw(ctx context.Context, c connection.Connection, cause error) (kept bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, err = s.Connections.Update(ctx, c.Tenant, c.ID, func(c *connection.Connection) error {
		if c.Used() || c.Provisioning.IsZero() {
			return errKept
		}
		c.Refresh.Epoch++
		c.Lifecycle, c.Due = connection.Deleting, connection.Due{}
		c.Deletion = connection.Deletion{Tries: 1, Next: s.Now().UTC().Add(firstPause), Revocation: string(method.NothingToRevoke)}
		c.PlanReconcile()
		return nil
	})
	switch {
	case errors.Is(err, errKept):
		return true, left(cause)
	case errors.Is(err, connection.ErrNotFound):
		return false, plain(cause)
	}
	if err == nil {
		err = s.Secrets.Delete(ctx, c.SecretName)
	}
	if err == nil {
		err = s.Connections.Delete(ctx, c.Tenant, c.ID)
	}
	if err != nil {
		return false, errors.Join(left(cause), err)
	}
	return false, plain(cause)
}

// confirm makes the connection active.
func (s *Service) confirm(ctx context.Context, seen connection.Connection, target method.Target, e established) (connection.Connection, error) {
	now := s.Now().UTC()
	return s.conclude(ctx, seen, func(c *connection.Connection) error {
		if err := errors.Join(c.Cutoff.Open(), e.pinned(*c), place(c, target)); err != nil {
			return err
		}
		if e.Account.ID != "" {
			c.Account = e.Account
		}
		c.Captured, c.AccountRequired = e.Captured, e.AccountRequired
		if e.Probe.Scopes != nil {
			c.Grant(e.Probe.Scopes, true, target.Scheme)
		}
		if err := c.Confirm(ctx, s.Sealer, e.Leasable, target.Scheme.RefreshPolicy(), now); err != nil {
			return err
		}
		if e.Probe.Outcome == catalog.PermissionError {
			c.Health.Record(catalog.PermissionError)
		}
		c.Tell(notify.ConnectionConnected, now, nil)
		return nil
	})
}

// keep ends the import of a credential that the system did not answer for and
// that may be the only copy of a good one: the connection is there, degraded. Of
// another account than the one that was said nothing is handed out.
func (s *Service) keep(ctx context.Context, seen connection.Connection, outcome catalog.Outcome, cause error) (Imported, error) {
	c, err := s.conclude(ctx, seen, func(c *connection.Connection) error {
		if outcome != "" {
			c.Health.Record(outcome)
		}
		if fault.Has(cause, fault.CodeAccountMismatch) {
			c.Health.Reason = connection.ReasonReauthRequired
		}
		c.Adopt(s.Now().UTC())
		return nil
	})
	if err != nil {
		return Imported{}, left(err)
	}
	f := *fault.From(cause)
	f.Detail += " The refresh token was exchanged and is kept; the connection is degraded."
	return Imported{Status: ImportCreated, Connection: c, Problem: &f}, nil
}

// conclude ends the creation of a connection that holds the credential which was
// seen: ErrExists when another has ended it.
func (s *Service) conclude(ctx context.Context, seen connection.Connection, change func(*connection.Connection) error) (connection.Connection, error) {
	return connection.Transition(ctx, s.Connections, s.Events, s.Now, seen.Tenant, seen.ID, func(c *connection.Connection) error {
		switch {
		case c.Lifecycle == connection.Deleting:
			return connection.ErrNotFound
		case !c.Held():
			return connection.ErrExists
		case c.LeaseCount != seen.LeaseCount || !maps.Equal(c.Inputs, seen.Inputs):
			return errChanged
		}
		return change(c)
	})
}

// adopt ends a creation that nobody finished of a connection that holds a
// credential, once its time is over, and reports whether there was one.
func (s *Service) adopt(ctx context.Context, caller auth.Caller, connectionID string) (bool, error) {
	wanted := func(c *connection.Connection) bool {
		return c.Held() && c.Lifecycle != connection.Deleting && !c.Provisioning.IsZero() && !c.Provisioning.After(s.Now())
	}
	c, err := s.Connections.Get(ctx, caller.Tenant, connectionID)
	if errors.Is(err, connection.ErrNotFound) || err == nil && !wanted(&c) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := s.Audit.Check(ctx, caller, audit.ConnectionConnect, connectionID); err != nil {
		return false, err
	}
	_, err = connection.Transition(ctx, s.Connections, s.Events, s.Now, caller.Tenant, connectionID, func(c *connection.Connection) error {
		if wanted(c) {
			c.Adopt(s.Now().UTC())
		}
		return nil
	})
	if errors.Is(err, connection.ErrNotFound) {
		err = nil
	}
	return true, err
}

// left is the error of an import that another try goes on with.
func left(cause error) error {
	if errors.Is(cause, connection.ErrExists) {
		return cause
	}
	return errors.Join(plain(cause), idempotency.ErrLeft)
}

// plain is an error that is not taken for an import which is there already.
func plain(cause error) error {
	if fault.Has(cause, fault.CodeConflict) {
		return errResume.Because(cause)
	}
	return cause
}
