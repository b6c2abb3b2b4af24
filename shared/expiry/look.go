package expiry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
)

// errMoved ends the planning of a record whose dates are not those that were
// looked at: whoever changed them has planned the next look.
var errMoved = errors.New("other dates")

// Due looks at the dates of one record: it tells of the newest step of each that
// has come and was not told, and plans the next look. A step is told before that
// is planned, so a run that dies is repeated; what it told is not told again.
func (s *Service) Due(ctx context.Context, _ string, item due.Item) error {
	look, ok := map[string]func(context.Context, due.Item, time.Time) error{
		ofConnection: s.lookAtConnection, ofTemplate: s.lookAtTemplate, ofSigningKey: s.lookAtSigningKey,
	}[item.Kind]
	if !ok {
		return fmt.Errorf("a %s has no dates", item.Kind)
	}
	err := look(ctx, item, s.Now().UTC())
	if fault.Has(err, fault.CodeNotFound) || errors.Is(err, errMoved) {
		return nil
	}
	return err
}

func (s *Service) lookAtConnection(ctx context.Context, item due.Item, now time.Time) error {
	seen, err := s.Connections.Get(ctx, item.Tenant, item.ID)
	if err != nil || notYet(seen.Due.Expiry, now) {
		return err
	}
	settings, err := s.Settings.GetSettings(ctx, item.Tenant)
	if err != nil {
		return err
	}
	sunsets, err := s.sunsetsOf(ctx, seen)
	if err != nil {
		return err
	}
	dates := func(c connection.Connection) []Date {
		if d, ok := connectionDate(c, settings.Rotation()); ok {
			return append([]Date{d}, sunsets...)
		}
		return sunsets
	}
	again, err := s.remind(ctx, dates(seen), settings, now)
	if err != nil {
		return err
	}
	_, err = s.Connections.Update(ctx, item.Tenant, item.ID, func(c *connection.Connection) error {
		if !sameDates(dates(*c), dates(seen)) {
			return errMoved
		}
		c.Due.Expiry = time.Time{}
		if c.Credential != nil && c.Lifecycle != connection.Deleting {
			c.Due.Expiry = sooner(now.Add(idle), nextLook(dates(*c), settings, again, now))
		}
		return nil
	})
	return err
}

func (s *Service) lookAtTemplate(ctx context.Context, item due.Item, now time.Time) error {
	seen, err := s.Templates.Get(ctx, item.Tenant, item.ID)
	if err != nil || notYet(seen.ExpiryDue, now) {
		return err
	}
	settings, err := s.Settings.GetSettings(ctx, item.Tenant)
	if err != nil {
		return err
	}
	dates := templateDates(seen)
	again, err := s.remind(ctx, dates, settings, now)
	if err != nil {
		return err
	}
	_, err = s.Templates.Update(ctx, item.Tenant, item.ID, func(t *template.Template) error {
		if !sameDates(templateDates(*t), dates) {
			return errMoved
		}
		t.ExpiryDue = nextLook(dates, settings, again, now)
		return nil
	})
	return err
}

func (s *Service) lookAtSigningKey(ctx context.Context, item due.Item, now time.Time) error {
	seen, err := s.SigningKeys.Get(ctx, item.Tenant, item.ID)
	if err != nil || notYet(seen.ExpiryDue, now) {
		return err
	}
	settings, err := s.Settings.GetSettings(ctx, item.Tenant)
	if err != nil {
		return err
	}
	var dates []Date
	if d, ok := signingKeyDate(seen); ok {
		dates = append(dates, d)
	}
	again, err := s.remind(ctx, dates, settings, now)
	if err != nil {
		return err
	}
	_, err = s.SigningKeys.Update(ctx, item.Tenant, item.ID, func(k *signing.Key) error {
		if k.State != seen.State {
			return errMoved
		}
		k.ExpiryDue = nextLook(dates, settings, again, now)
		return nil
	})
	return err
}

// remind tells of the newest step of each date, where the tenant wants to be
// reminded. It returns when to look again at what somebody else is telling.
func (s *Service) remind(ctx context.Context, dates []Date, settings tenant.Settings, now time.Time) (again time.Time, err error) {
	if !settings.Reminders {
		return again, nil
	}
	for _, d := range dates {
		m, ok := newMarker(d, settings, now)
		if !ok || d.Renews {
			continue
		}
		until, err := s.tell(ctx, m)
		if err != nil {
			return again, fmt.Errorf("tell of %s: %w", d.Kind, err)
		}
		again = sooner(again, until)
	}
	return again, nil
}

// sunsetsOf returns the dated changes that concern a connection. A connector
// that is gone has none.
func (s *Service) sunsetsOf(ctx context.Context, c connection.Connection) ([]Date, error) {
	if c.Credential == nil || c.Lifecycle == connection.Deleting {
		return nil, nil
	}
	found, err := s.Catalog.Find(ctx, c.Connector)
	if fault.Has(err, fault.CodeNotFound) {
		return nil, nil
	}
	return sunsetDates(c.Tenant, found, c.Scheme), err
}

func nextLook(dates []Date, settings tenant.Settings, again, now time.Time) time.Time {
	for _, d := range dates {
		again = sooner(again, d.nextLook(settings, now))
	}
	return again
}

// notYet reports whether nothing is due: the index or the message is late, or the
// message came twice.
func notYet(planned, now time.Time) bool { return planned.IsZero() || planned.After(now) }

func sameDates(a, b []Date) bool {
	return slices.EqualFunc(a, b, func(a, b Date) bool { return a.Kind == b.Kind && a.At.Equal(b.At) && a.SetAt.Equal(b.SetAt) })
}
