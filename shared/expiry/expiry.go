// Package expiry acts on what ends by itself: it warns a tenant's admins of
// credentials that lapse soon and ends the handoffs nobody completed. It
// depends on packages connection, due, fault, notify and tenant.
package expiry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/tenant"
)

// Service runs the two jobs. Mail may be nil: then only events are published.
type Service struct {
	Store    connection.Store
	Settings SettingsReader
	Mail     notify.Mailer
	Events   notify.Publisher
	Now      func() time.Time
}

// SettingsReader reads a tenant's settings.
type SettingsReader interface {
	GetSettings(ctx context.Context, tenant string) (tenant.Settings, error)
}

const (
	sweepLimit = 500
	day        = 24 * time.Hour
)

// Due warns of the credential of one connection, if it crossed a step of its
// tenant's ladder. A step is marked on the record before its mail is sent, so
// that a message which comes twice never warns twice.
func (s *Service) Due(ctx context.Context, _ string, item due.Item) error {
	err := s.remind(ctx, connection.Ref{Tenant: item.Tenant, ID: item.ID})
	if fault.Has(err, fault.CodeNotFound) {
		return nil
	}
	return err
}

// ExpirePending ends the handoffs whose time has passed.
func (s *Service) ExpirePending(ctx context.Context) (due, done, failed int, err error) {
	return s.each(ctx, connection.PendingDue, s.expirePending)
}

func (s *Service) each(ctx context.Context, index connection.Index, act func(context.Context, connection.Ref) error) (due, done, failed int, err error) {
	refs, err := s.Store.Due(ctx, index, s.Now(), sweepLimit)
	if err != nil {
		return 0, 0, 0, err
	}
	for _, ref := range refs {
		err := act(ctx, ref)
		if err != nil && !fault.Has(err, fault.CodeNotFound) {
			failed++
			slog.WarnContext(ctx, "sweep", "index", string(index), "connection", ref.ID, "error", err)
			continue
		}
		done++
	}
	return len(refs), done, failed, nil
}

func (s *Service) expirePending(ctx context.Context, ref connection.Ref) error {
	_, err := connection.Transition(ctx, s.Store, s.Events, s.Now, ref.Tenant, ref.ID, func(c *connection.Connection) error {
		if c.Due.Pending.IsZero() || c.Due.Pending.After(s.Now()) {
			return nil
		}
		c.ExpireHandoff()
		return nil
	})
	return err
}

// errNotDue says that the record was dealt with since the index named it.
var errNotDue = errors.New("not due")

func (s *Service) remind(ctx context.Context, ref connection.Ref) error {
	settings, err := s.Settings.GetSettings(ctx, ref.Tenant)
	if err != nil {
		return err
	}
	var warned *warning
	_, err = s.Store.Update(ctx, ref.Tenant, ref.ID, func(c *connection.Connection) error {
		if c.Due.Expiry.IsZero() || c.Due.Expiry.After(s.Now()) {
			return errNotDue
		}
		warned = s.mark(c, settings)
		return nil
	})
	if errors.Is(err, errNotDue) {
		return nil
	}
	if err != nil || warned == nil {
		return err
	}
	return s.warn(ctx, settings, *warned)
}

// warning is one step of the ladder that was crossed.
type warning struct {
	Connection connection.Connection
	Lapses     time.Time
	Days       int
}

// mark notes the newest crossed step on the record, plans the next look, and
// returns what to warn of, if anything.
func (s *Service) mark(c *connection.Connection, settings tenant.Settings) *warning {
	now := s.Now().UTC()
	c.Due.Expiry = time.Time{}
	if c.Credential == nil || c.Lifecycle == connection.Deleting {
		return nil
	}
	lapses := c.Credential.Lapses()
	if lapses.IsZero() || !lapses.After(now) {
		return nil
	}
	c.Due.Expiry = earliest(now.Add(day), lapses)
	if !settings.Reminders {
		return nil
	}
	for i := len(settings.Days()) - 1; i >= 0; i-- { // Smallest step first.
		days := settings.Days()[i]
		step := fmt.Sprintf("%s/%d", lapses.Format(time.RFC3339), days)
		if at := lapses.Add(-time.Duration(days) * day); now.Before(at) {
			c.Due.Expiry = earliest(c.Due.Expiry, at)
			continue
		}
		if c.Reminded == step {
			return nil
		}
		c.Reminded = step
		return &warning{Connection: *c, Lapses: lapses, Days: days}
	}
	return nil
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func (s *Service) warn(ctx context.Context, settings tenant.Settings, w warning) error {
	c := w.Connection
	date := w.Lapses.Format("2 January 2006")
	err := s.Events.Publish(ctx, notify.Event{
		Type: notify.ConnectionExpiring, Tenant: c.Tenant, Resource: c.ID, At: s.Now().UTC(),
		Detail: map[string]string{"connector": c.Connector, "lapsesAt": w.Lapses.Format(time.RFC3339), "daysBefore": fmt.Sprint(w.Days)},
	})
	if s.Mail == nil || len(settings.Admins) == 0 {
		return err
	}
	return errors.Join(err, s.Mail.Send(ctx, notify.Mail{
		To:      settings.Admins,
		Subject: fmt.Sprintf("The connection %q needs attention before %s", c.Name, date),
		Text: fmt.Sprintf("The credential of the connection %q (%s) lapses on %s.\n\nReconnect the account or save a new key before that day, so that nothing stops.\n\nYou receive this because reminders are switched on in the settings of %s.\n",
			c.Name, c.Connector, date, c.Tenant),
	}))
}
