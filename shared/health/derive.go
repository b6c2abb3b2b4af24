package health

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
)

// probePause is how long the last check must be past for calls that were refused
// to lead to another one at once.
const probePause = 15 * time.Minute

// Derive tells one connection what was reported of it. The index may be late, so
// the history decides. It may be repeated, and cut short anywhere: the connection
// knows how many of the calls it was told of.
func (s *Service) Derive(ctx context.Context, _ string, item due.Item) error {
	h, err := s.Histories.Get(ctx, item.Tenant, item.ID)
	if err != nil || h.DeriveAt.IsZero() || h.DeriveAt.After(s.Now()) {
		return err
	}
	_, err = s.derive(ctx, h)
	return err
}

// errUnchanged says that nothing is to be written.
var errUnchanged = errors.New("nothing changed")

// derive reports whether the connection's health changed. What was reported while
// its provider was in an incident counts for nothing; a check is made before long,
// which may be the one that finds the incident over.
func (s *Service) derive(ctx context.Context, h History) (changed bool, err error) {
	c, err := s.Store.Get(ctx, h.Tenant, h.Connection)
	if fault.Has(err, fault.CodeNotFound) {
		return false, s.settle(ctx, h, true)
	}
	if err != nil {
		return false, err
	}
	look := s.look(ctx, s.visit(ctx, c))
	stopped := h.CalledAt.Before(look.RecoveredAt())
	if news := h.news(&c); news != "" && !stopped {
		stopped = s.Outages.For(c.Tenant).Examined(ctx, look, c.ID, !connection.Failed(news))
		if connection.Theirs(news[:1]) < 0 && look.Lasting(s.Now()) { // As in trouble.
			stopped = false
		}
	}
	if stopped {
		if err := s.hurry(ctx, c); err != nil {
			return false, err
		}
		return false, s.settle(ctx, h, true)
	}
	_, err = connection.Transition(ctx, s.Store, s.Events, s.Now, c.Tenant, c.ID, func(c *connection.Connection) error {
		now := s.Now().UTC()
		refused := strings.Contains(h.news(c), "a")
		if changed = h.fold(c, now, look.RecoveredAt()); !changed || c.Lifecycle == connection.Deleting {
			changed = false
			return errUnchanged
		}
		switch soon := now.Add(due.Soon); {
		case c.Lifecycle != connection.Ready || c.Credential == nil:
		case refused && now.Sub(c.Health.CheckedAt) >= probePause && (c.Due.Health.IsZero() || soon.Before(c.Due.Health)):
			c.Due.Health = soon // Look for ourselves.
		case !c.Health.Settled():
			c.Doubted(now)
		}
		return nil
	})
	if err != nil && !errors.Is(err, errUnchanged) && !fault.Has(err, fault.CodeNotFound) {
		return false, err
	}
	return changed, s.settle(ctx, h, false)
}

// settle ends the derivation of a history as it was seen.
func (s *Service) settle(ctx context.Context, seen History, dropped bool) error {
	_, err := s.Histories.Update(ctx, seen.Tenant, seen.Connection, func(h *History) error {
		h.settle(seen.Version, dropped, s.Now().UTC())
		return nil
	})
	return err
}
