// Package stale finds the connections that nobody uses: what was forgotten is what
// is stolen unnoticed. It tells of them, and ends them where the tenant wants that.
// It depends on packages auth, connection, method, notify and tenant.
package stale

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/tenant"
)

// Service looks at connections that are at hand anyway: it needs no index.
type Service struct {
	Store    connection.Store
	Settings SettingsReader
	Connects Connects
	Events   notify.Publisher
	Now      func() time.Time
}

// SettingsReader reads a tenant's settings.
type SettingsReader interface {
	GetSettings(ctx context.Context, tenant string) (tenant.Settings, error)
}

// Connects takes credentials away: *connect.Service.
type Connects interface {
	CutOff(ctx context.Context, caller auth.Caller, connectionID string, reason connection.Reason, wanted func(*connection.Connection) bool) (method.Revocation, error)
}

const (
	day = 24 * time.Hour
	// notice is how long after it was told a stale connection is disabled.
	notice = 14 * day
)

// Look tells once that a ready connection is stale, and two weeks later disables
// it and takes its credential away, if the tenant's settings say so and nobody used
// it meanwhile. What an active flow names is not forgotten.
func (s *Service) Look(ctx context.Context, caller auth.Caller, connectionID string) error {
	c, err := s.Store.Get(ctx, caller.Tenant, connectionID)
	if err != nil || c.Lifecycle != connection.Ready || s.Now().Sub(c.LastSign()) < day && c.StaleAt.IsZero() {
		return ignoreGone(err)
	}
	settings, err := s.Settings.GetSettings(ctx, caller.Tenant)
	if err != nil {
		return err
	}
	unused := func(c *connection.Connection) bool {
		return settings.StaleDays > 0 && c.Bindings == 0 && s.Now().Sub(c.LastSign()) >= time.Duration(settings.StaleDays)*day
	}
	switch told := !c.StaleAt.IsZero(); {
	case !unused(&c) && told:
		return s.mark(ctx, c, func(c *connection.Connection) bool { return !unused(c) }, time.Time{})
	case !unused(&c):
		return nil
	case !told:
		return s.tell(ctx, c, settings, unused)
	case settings.StaleDisable && s.over(&c):
		_, err := s.Connects.CutOff(ctx, caller, c.ID, connection.ReasonStale, func(c *connection.Connection) bool {
			return c.Lifecycle == connection.Ready && unused(c) && s.over(c)
		})
		return ignoreGone(err)
	}
	return nil
}

// over reports whether the time of the notice has passed.
func (s *Service) over(c *connection.Connection) bool {
	return !c.StaleAt.IsZero() && s.Now().Sub(c.StaleAt) >= notice
}

// tell publishes the event and notes that it did: whoever dies in between tells it
// twice, with the same id nearly always. Told of again, after a flow has named it
// meanwhile, it is another event.
func (s *Service) tell(ctx context.Context, c connection.Connection, settings tenant.Settings, unused func(*connection.Connection) bool) error {
	now, used := s.Now().UTC(), c.LastSign().UTC()
	e := notify.Event{
		ID: id.Derived(id.Event, used.AddDate(0, 0, settings.StaleDays), notify.ConnectionStale, c.Tenant, c.ID, used.String(), now.Truncate(notice).String()), Type: notify.ConnectionStale, Tenant: c.Tenant, Resource: c.ID, At: now,
		Detail: map[string]string{"connector": c.Connector, "lastUsedAt": used.Truncate(24 * time.Hour).Format(time.RFC3339)},
	}
	if settings.StaleDisable {
		e.Detail["disablesAt"] = now.Add(notice).Format(time.RFC3339)
	}
	if err := s.Events.Publish(ctx, e); err != nil {
		return err
	}
	return s.mark(ctx, c, unused, now)
}

// mark notes when it was told, while the record is still as it should be.
func (s *Service) mark(ctx context.Context, c connection.Connection, still func(*connection.Connection) bool, at time.Time) error {
	_, err := s.Store.Update(ctx, c.Tenant, c.ID, func(c *connection.Connection) error {
		if c.Lifecycle != connection.Ready || !still(c) {
			return connection.ErrNotFound
		}
		c.StaleAt = at
		return nil
	})
	return ignoreGone(err)
}

func ignoreGone(err error) error {
	if errors.Is(err, connection.ErrNotFound) {
		return nil
	}
	return err
}
