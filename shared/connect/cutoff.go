package connect

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/vault"
)

// CutOff takes the credential of a connection away for good and keeps the
// connection: it is disabled from the first step on, the provider is told to
// forget the token where it can be, and the credential is destroyed. While the
// provider cannot be told, the receipt is RevokePending and ResumeCutoff goes on
// later, as it does after a crash. Calling it again is one more try; of what is
// done it returns the receipt. wanted may refuse the record as it is by then,
// with ErrNotFound; so is one that is being deleted.
func (s *Service) CutOff(ctx context.Context, caller auth.Caller, connectionID string, reason connection.Reason, wanted func(*connection.Connection) bool) (method.Revocation, error) {
	if err := s.Audit.CheckFor(ctx, caller, audit.ConnectionDisable, connectionID, string(reason), nil); err != nil {
		return "", err
	}
	var handoff *connection.Handoff
	c, err := connection.Transition(ctx, s.Connections, s.Events, s.Now, caller.Tenant, connectionID, func(c *connection.Connection) error {
		if c.Lifecycle == connection.Deleting || !wanted(c) {
			return connection.ErrNotFound
		}
		handoff = c.Handoff
		c.CutOff(reason, s.Now().UTC())
		s.try(c)
		return nil
	})
	if err != nil {
		return "", err
	}
	s.relinquish(ctx, c, handoff)
	return s.sever(ctx, c)
}

// ResumeCutoff goes on with a cutoff that is due. Nothing is done, and the receipt
// is empty, when there is none: an index may be late.
func (s *Service) ResumeCutoff(ctx context.Context, caller auth.Caller, connectionID string) (method.Revocation, error) {
	c, err := s.Connections.Get(ctx, caller.Tenant, connectionID)
	if err == nil {
		err = s.halfway(&c)
	}
	if err == nil {
		err = s.Audit.CheckFor(ctx, caller, audit.ConnectionDisable, connectionID, string(c.Cutoff.Reason), nil)
	}
	if err == nil {
		c, err = s.Connections.Update(ctx, caller.Tenant, connectionID, func(c *connection.Connection) error {
			if err := s.halfway(c); err != nil {
				return err
			}
			s.try(c)
			return nil
		})
	}
	if errors.Is(err, connection.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return s.sever(ctx, c)
}

// halfway is ErrNotFound unless a cutoff is there to be gone on with.
func (s *Service) halfway(c *connection.Connection) error {
	if c.Lifecycle == connection.Deleting || c.Cutoff == nil || c.Cutoff.Next.IsZero() || c.Cutoff.Next.After(s.Now()) {
		return connection.ErrNotFound
	}
	return nil
}

// try begins a run, unless nothing is left to do.
func (s *Service) try(c *connection.Connection) {
	if !c.Cutoff.Next.IsZero() {
		c.Revoking(s.Now().UTC().Add(firstPause << (2 * min(c.Cutoff.Tries, revocationTries-2))))
	}
}

// sever tells the provider, unless that is settled, notes what became of it and
// only then destroys the token. Every step may be repeated.
func (s *Service) sever(ctx context.Context, c connection.Connection) (method.Revocation, error) {
	if c.Cutoff.Next.IsZero() {
		return method.Revocation(c.Cutoff.Revocation), nil
	}
	revocation := method.Revocation(c.Cutoff.Revocation)
	if revocation == "" {
		revocation = s.revoke(ctx, c)
		if revocation == method.RevokePending && c.Cutoff.Tries < revocationTries {
			return revocation, nil
		}
		if revocation == method.RevokePending {
			revocation = method.RevokeFailed
		}
		if err := s.note(ctx, c, func(c *connection.Connection) { c.Cutoff.Revocation = string(revocation) }); err != nil {
			return "", err
		}
	}
	if err := s.Secrets.Delete(ctx, c.SecretName); err != nil {
		return "", err
	}
	next := vault.SecretName(s.Stage, c.Tenant, c.ID, s.IDs.New(id.Secret))
	return revocation, s.note(ctx, c, func(c *connection.Connection) { c.Forget(next) })
}

// note changes the record of a cutoff that is still what it was, and else nothing.
func (s *Service) note(ctx context.Context, seen connection.Connection, change func(*connection.Connection)) error {
	_, err := s.Connections.Update(ctx, seen.Tenant, seen.ID, func(c *connection.Connection) error {
		if c.Lifecycle == connection.Deleting || c.Cutoff == nil || !c.Cutoff.At.Equal(seen.Cutoff.At) || c.SecretName != seen.SecretName {
			return connection.ErrNotFound
		}
		change(c)
		return nil
	})
	if errors.Is(err, connection.ErrNotFound) {
		return nil // Its deletion, or another run, did what is to be done.
	}
	return err
}

// unwritten destroys what was written under the name of a secret that the record
// has given up meanwhile.
func (s *Service) unwritten(ctx context.Context, c connection.Connection, secretName string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	now, err := s.Connections.Get(ctx, c.Tenant, c.ID)
	if err != nil || now.SecretName == secretName {
		return err
	}
	return s.Secrets.Delete(ctx, secretName)
}
