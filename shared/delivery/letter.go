package delivery

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/notify/mail"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/webhook"
)

// mail sends an event to the tenant's admins, whoever they are now.
func (s *Service) mail(ctx context.Context, _ string, d Delivery) (result, error) {
	begun := s.Now()
	t, _ := notify.Find(d.Event.Type)
	settings, err := s.Settings.GetSettings(ctx, d.Tenant)
	if err != nil {
		return result{}, err
	}
	if s.Mailer == nil || !wanted(settings, t) {
		return result{state: Dropped, outcome: Unwanted}, nil
	}
	name, err := s.name(ctx, d.Event)
	if fault.Has(err, fault.CodeNotFound) {
		return result{state: Dropped, outcome: Unwanted}, nil
	}
	if err != nil {
		return result{}, err
	}
	about := mail.About{Event: d.Event, Name: name, Message: connection.Reason(d.Event.Detail["reason"]).Message(), To: settings.Admins}
	m, err := mail.Compose(about)
	if err != nil {
		return result{}, err
	}
	err = s.Mailer.Send(ctx, m)
	took := s.Now().Sub(begun)
	switch {
	case err == nil:
		return result{state: Delivered, outcome: string(webhook.Delivered), took: took}, nil
	case fault.Has(err, fault.CodeRetryLater):
		return result{state: Pending, outcome: Throttled, took: took, err: err}, nil
	}
	return result{state: Pending, outcome: Refused, took: took, err: err}, nil
}

// name is how people know what the event is about. It stands in no event, so it
// is looked up when it is needed; what is gone is the fault not_found.
func (s *Service) name(ctx context.Context, event notify.Event) (string, error) {
	switch {
	case strings.HasPrefix(event.Resource, "con_"):
		c, err := s.Connections.Get(ctx, event.Tenant, event.Resource)
		if err == nil && c.Lifecycle == connection.Deleting {
			err = connection.ErrNotFound
		}
		return c.Name, err
	case strings.HasPrefix(event.Resource, "tpl_"):
		t, err := s.Templates.Get(ctx, event.Tenant, event.Resource)
		if err == nil && t.Deleting {
			err = template.ErrNotFound
		}
		return t.Name, err
	case strings.HasPrefix(event.Resource, "sgk_"):
		k, err := s.SigningKeys.Get(ctx, event.Tenant, event.Resource)
		if err == nil && k.State != signing.Active {
			err = signing.ErrNotFound
		}
		return k.Algorithm, err // Nobody gives it a name.
	case event.Detail["kind"] == "sunset":
		c, err := s.Connectors.Find(ctx, event.Resource)
		return c.Name, err
	case strings.HasPrefix(event.Resource, "whe_"):
		e, err := s.Endpoints.Get(ctx, event.Tenant, event.Resource)
		if err != nil {
			return "", err
		}
		u, err := url.Parse(e.URL)
		if err != nil {
			return "", errors.New("the URL of the endpoint is none") // The error would hold it.
		}
		return u.Hostname(), nil // The path may hold a token of the receiver.
	}
	return event.Resource, nil
}
