package template

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
)

// codeClientRefused is the code of the one incident a template can have.
const codeClientRefused = "client_refused"

// errAsNoted ends an update that would change nothing.
var errAsNoted = errors.New("as it was noted")

// noted reports whether a refusal of one of the clients stands.
func (t *Template) noted() bool {
	return !t.RefusedAt.IsZero() || t.Previous != nil && !t.Previous.RefusedAt.IsZero()
}

// Heard takes note of how a token endpoint answered one of the template's
// clients, told by its key; key zero is a client of the connection's own. A
// refused client is an incident of the template, told once; an accepted one
// ends it. Any other refusal says nothing about the client. What cannot be
// noted is logged: the answer counts all the same.
func (s *Service) Heard(ctx context.Context, c connection.Connection, clientKey int, refused error) {
	if clientKey == 0 {
		return
	}
	var err error
	switch {
	case refused == nil:
		err = s.note(ctx, c, clientKey, func(client *Client) bool {
			standing := !client.RefusedAt.IsZero()
			client.RefusedAt, client.RefusedLast, client.Untold = time.Time{}, time.Time{}, ""
			return standing
		})
	case errors.Is(refused, method.ClientRefused) && !s.showsTenantKey(ctx, c):
		err = s.noteRefusal(ctx, c, clientKey)
	}
	if err != nil && !errors.Is(err, errAsNoted) {
		slog.WarnContext(ctx, "note answer to OAuth client", "template", c.TemplateID, "client", clientKey, "error", err)
	}
}

// showsTenantKey reports whether the client authenticates with the tenant's key: a
// refusal may speak of that key, and not of the client that tenants share.
func (s *Service) showsTenantKey(ctx context.Context, c connection.Connection) bool {
	connector, err := s.Catalog.Find(ctx, c.Connector)
	if err != nil {
		return false
	}
	scheme, _ := connector.Scheme(c.Scheme)
	return scheme.OAuth != nil && scheme.OAuth.ClientAuth == "private_key_jwt"
}

// noteRefusal notes a refusal and tells of the first. Its event stays on the
// record until it is out: a later refusal that is noted tells it again.
func (s *Service) noteRefusal(ctx context.Context, c connection.Connection, clientKey int) error {
	now, untold, since := s.Now().UTC(), "", time.Time{}
	err := s.note(ctx, c, clientKey, func(client *Client) bool {
		switch {
		case client.RefusedAt.IsZero():
			client.RefusedAt, client.Untold = now, s.IDs.New(id.Event)
		case now.Sub(client.RefusedLast) < retryPause:
			return false
		}
		client.RefusedLast = now
		untold, since = client.Untold, client.RefusedAt
		return true
	})
	if err != nil || untold == "" {
		return err
	}
	err = s.Events.Publish(ctx, notify.Event{
		ID: untold, Type: notify.TemplateClientRefused, Tenant: c.TemplateOwner, Resource: c.TemplateID, At: since,
		Detail: map[string]string{"connector": c.Connector, "reason": codeClientRefused},
	})
	if err != nil {
		return err
	}
	return s.note(ctx, c, clientKey, func(client *Client) bool {
		standing := client.Untold == untold
		if standing {
			client.Untold = ""
		}
		return standing
	})
}

// note changes what is noted of a client, if it is still there. Revision stays:
// it counts what people change.
func (s *Service) note(ctx context.Context, c connection.Connection, clientKey int, change func(*Client) bool) error {
	_, err := s.Store.Update(ctx, c.TemplateOwner, c.TemplateID, func(t *Template) error {
		if client := t.client(clientKey); client == nil || !change(client) {
			return errAsNoted
		}
		return nil
	})
	return err
}
