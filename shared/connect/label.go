package connect

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// label makes the version that the record names the current one again, in case a
// crash left another: a second one would push it out of all labels, and the
// store may remove what has none. A secret that is gone is made anew.
func (s *Service) label(ctx context.Context, c connection.Connection) error {
	if c.Credential == nil || c.Credential.At.Secret != c.SecretName {
		return nil
	}
	err := s.Secrets.Promote(ctx, c.SecretName, c.Credential.At.Version, "")
	if fault.Has(err, fault.CodeCredentialUnavailable) {
		return nil
	}
	return err
}

// alignTries is how many replacements one may be overtaken by while it aligns.
const alignTries = 4

// align is label for a record that may have gone on to another version since it
// was seen. The label that the old one was given would make the other the
// previous version, and the next version would push it out of all labels: so the
// record is asked again, until it names what was labelled. It returns the record
// as it is.
func (s *Service) align(ctx context.Context, seen connection.Connection) (connection.Connection, error) {
	for range alignTries {
		if err := s.label(ctx, seen); err != nil {
			return seen, err
		}
		now, err := s.Connections.Get(ctx, seen.Tenant, seen.ID)
		if err != nil || current(&now) == current(&seen) {
			return now, err
		}
		seen = now
	}
	return seen, errChanged
}

// elect moves the label of the current version from the one that the record
// names to another. Where it stands elsewhere, on what a crash left, it is put
// right first, so that the version which is superseded keeps a label too. It is
// a conflict when the record has gone on to another version.
func (s *Service) elect(ctx context.Context, seen connection.Connection, at vault.Locator) error {
	from := current(&seen).Version
	err := s.Secrets.Promote(ctx, at.Secret, at.Version, from)
	if !fault.Has(err, fault.CodeConflict) {
		return err
	}
	now, err := s.Connections.Get(ctx, seen.Tenant, seen.ID)
	if err == nil {
		now, err = s.align(ctx, now)
	}
	switch {
	case err != nil:
		return err
	case current(&now) != current(&seen):
		return errChanged
	}
	return s.Secrets.Promote(ctx, at.Secret, at.Version, from)
}

// current is where the current credential is kept; zero for none.
func current(c *connection.Connection) vault.Locator {
	if c.Credential == nil {
		return vault.Locator{}
	}
	return c.Credential.At
}

// amend updates the record for a version that stands in the secret store. When
// that is refused, or nobody knows what became of it, the labels of the version
// are made to follow the record as it is then.
func (s *Service) amend(ctx context.Context, seen connection.Connection, at vault.Locator, change func(*connection.Connection) error) (connection.Connection, error) {
	c, refused := connection.Transition(ctx, s.Connections, s.Events, s.Now, seen.Tenant, seen.ID, change)
	if refused == nil {
		return c, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	c, err := s.Connections.Get(ctx, seen.Tenant, seen.ID)
	if err == nil && heir(&c) != at {
		err = s.demote(ctx, c, at)
		if err == nil && !c.Names(at) {
			err = s.Secrets.Retire(ctx, at)
		}
	}
	if err != nil {
		slog.WarnContext(ctx, "label credential versions", "connection", seen.ID, "error", err)
	}
	return c, refused
}

// demote makes the version that the record names the current one again if this
// one is: it was promoted by a run that died, or was refused, before the record
// named it.
func (s *Service) demote(ctx context.Context, c connection.Connection, at vault.Locator) error {
	to := heir(&c)
	if to.Secret != at.Secret {
		return nil // There is none: the label stays where it is until there is.
	}
	err := s.Secrets.Promote(ctx, at.Secret, to.Version, at.Version)
	if fault.Has(err, fault.CodeConflict) || fault.Has(err, fault.CodeCredentialUnavailable) {
		return nil
	}
	return err
}

// heir is where the version is that the label of the current one belongs to: the
// current one or, of a connection that waits for its first, the pending one. A
// secret always has a current version, and a forgotten one cannot be retired
// while it is that.
func heir(c *connection.Connection) vault.Locator {
	if c.Credential == nil && c.Pending != nil {
		return c.Pending.At
	}
	return current(c)
}

// retire is retired for a request that has done its work: what fails is left to
// the reconciler.
func (s *Service) retire(ctx context.Context, c connection.Connection) connection.Connection {
	if len(c.Retiring) == 0 {
		return c
	}
	done, err := s.retired(ctx, c)
	if err != nil {
		slog.WarnContext(ctx, "retire credential version", "connection", c.ID, "error", err)
		return c
	}
	return done
}

// retired takes the versions that the record has forgotten out of the secret
// store, and then out of the record.
func (s *Service) retired(ctx context.Context, c connection.Connection) (connection.Connection, error) {
	gone := c.Retiring
	for _, at := range gone {
		if err := errors.Join(s.demote(ctx, c, at), s.Secrets.Retire(ctx, at)); err != nil {
			return c, err
		}
	}
	return s.Connections.Update(ctx, c.Tenant, c.ID, func(c *connection.Connection) error {
		if c.Lifecycle == connection.Deleting {
			return connection.ErrNotFound
		}
		c.Retired(gone, s.Now().UTC())
		return nil
	})
}
