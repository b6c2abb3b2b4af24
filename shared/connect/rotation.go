package connect

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/notify"
)

// Promotion asks for another version of the credential to be made current.
type Promotion struct {
	ConnectionID string
	IfMatch      string
	Version      int           // Zero for the pending one.
	Grace        time.Duration // How long the one that was current is kept.
}

// defaultGrace is the grace where the caller says nothing.
const defaultGrace = 24 * time.Hour

// Promote verifies the pending credential, or the previous one to roll back to,
// and makes it current; the one that was current becomes the previous one. When
// the system refuses it nothing changes. The label in the secret store moves
// first and one update of the record then decides: until that, the old
// credential serves, and a promotion that died is repeated or given up. To
// promote what is current already is no error.
func (s *Service) Promote(ctx context.Context, caller auth.Caller, p Promotion) (connection.Connection, error) {
	seen, err := s.rotatable(ctx, caller, audit.CredentialPromote, p.ConnectionID, p.IfMatch, nil)
	if err != nil {
		return connection.Connection{}, err
	}
	if seen.Credential != nil && seen.Credential.Version == p.Version {
		return s.retire(ctx, seen), nil
	}
	k := seen.Kept(p.Version, s.Now())
	if k == nil {
		return connection.Connection{}, errVersion
	}
	if target, err := s.Templates.Address(ctx, seen); err != nil || seen.Moved(target.Hosts) {
		return connection.Connection{}, cmp.Or(err, error(connection.ErrMoved)) // It was given for the hosts of before, too.
	}
	next := connection.Credential{Version: k.Version, At: k.At, SetAt: k.SetAt, SetBy: k.SetBy, PromotedAt: k.SetAt, EndsAt: k.EndsAt}
	candidate := seen
	candidate.Credential = &next
	material, err := lease.Material(ctx, s.Secrets, candidate)
	if err != nil {
		return connection.Connection{}, err
	}
	target, e, err := s.verified(ctx, seen, material.Fields)
	if err != nil {
		return connection.Connection{}, err
	}
	e.IfMatch = p.IfMatch
	if err := errors.Join(e.pinned(seen), s.Sealer.Ready(ctx, seen.Tenant)); err != nil {
		return connection.Connection{}, err
	}
	if err := s.elect(ctx, seen, next.At); err != nil {
		return connection.Connection{}, err
	}
	now := s.Now().UTC()
	c, err := s.amend(ctx, seen, next.At, func(c *connection.Connection) error {
		if current(c) != current(&seen) || c.Kept(next.Version, now) == nil || !maps.Equal(c.Inputs, seen.Inputs) {
			return errChanged
		}
		old := c.Credential
		if err := s.install(ctx, c, target, next, e, now); err != nil {
			return err
		}
		c.Tell(notify.ConnectionPromoted, now, map[string]string{"version": strconv.Itoa(next.Version)})
		if old == nil {
			c.Pending = nil // A first credential supersedes none.
			return nil
		}
		c.Supersede(*old, p.Grace, now)
		return nil
	})
	if err != nil {
		return connection.Connection{}, err
	}
	return s.retire(ctx, c), nil
}

// Discard drops the pending credential for version zero, else the pending or the
// previous one of that version: of the previous one it ends the grace. What an
// earlier run left undone is done.
func (s *Service) Discard(ctx context.Context, caller auth.Caller, connectionID, ifMatch string, version int) (connection.Connection, error) {
	c, err := s.rotatable(ctx, caller, audit.CredentialDiscard, connectionID, ifMatch, nil)
	if err != nil {
		return connection.Connection{}, err
	}
	now := s.Now().UTC()
	if c.Kept(version, now) == nil && len(c.Retiring) > 0 {
		return s.retire(ctx, c), nil
	}
	c, err = s.Connections.Update(ctx, c.Tenant, c.ID, func(c *connection.Connection) error {
		if err := revise(c, ifMatch); err != nil {
			return err
		}
		if !c.Discard(version, now) {
			return errVersion
		}
		c.UpdatedAt = now
		return nil
	})
	if err != nil {
		return connection.Connection{}, err
	}
	return s.retire(ctx, c), nil
}

// EndGrace destroys the previous credential once its grace has ended, and what
// else the record has forgotten. Nothing is done when none of that is due: an
// index may be late.
func (s *Service) EndGrace(ctx context.Context, caller auth.Caller, connectionID string) error {
	c, err := s.Connections.Get(ctx, caller.Tenant, connectionID)
	now := s.Now().UTC()
	if errors.Is(err, connection.ErrNotFound) || err == nil && (c.Lifecycle == connection.Deleting || c.Due.Reconcile.IsZero() || c.Due.Reconcile.After(now)) {
		return nil
	}
	if err != nil {
		return err
	}
	if c.GraceOver(now) || len(c.Retiring) > 0 {
		if err := s.Audit.Check(ctx, caller, audit.CredentialDiscard, connectionID); err != nil {
			return err
		}
	}
	if c.GraceOver(now) {
		c, err = s.Connections.Update(ctx, c.Tenant, c.ID, func(c *connection.Connection) error {
			if c.GraceOver(now) {
				c.EndGrace(now)
				c.UpdatedAt = now
				return revise(c, "")
			}
			return nil
		})
	}
	if err == nil {
		_, err = s.retired(ctx, c)
	}
	if errors.Is(err, connection.ErrNotFound) {
		return nil // Its deletion destroys everything.
	}
	return err
}

// rotatable authorizes a rotation and returns the record it is about, in the
// version the caller saw.
func (s *Service) rotatable(ctx context.Context, caller auth.Caller, action audit.Action, connectionID, ifMatch string, facts map[string]string) (connection.Connection, error) {
	if err := s.Audit.CheckFor(ctx, caller, action, connectionID, "", facts); err != nil {
		return connection.Connection{}, err
	}
	c, err := s.Connections.Get(ctx, caller.Tenant, connectionID)
	if err != nil {
		return c, s.Audit.Refuse(ctx, caller, action, connectionID, err)
	}
	if c.Lifecycle == connection.Deleting {
		return c, connection.ErrNotFound
	}
	if err := s.admit(ctx, caller, action, c); err != nil {
		return c, err
	}
	if err := errors.Join(connection.Pass(ctx, s.Gate, &c), c.Cutoff.Open()); err != nil {
		return c, err
	}
	return c, connection.MatchRevision(ifMatch, c.Revision)
}
