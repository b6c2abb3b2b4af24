package session

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// New is what a new session says.
type New struct {
	Key          string // Idempotency-Key; empty for none.
	Fingerprint  string // Of the request.
	EndUser      string
	Templates    []string
	Connectors   []string
	ConnectionID string
	Environment  string
	Labels       map[string]string
	ReturnURL    string
	Completion   Completion
}

// Link is a session with the link that opens it, once.
type Link struct {
	Session Session
	URL     secret.Bytes // Holds the one-time ticket.
}

// Create mints a session for one end user. A request repeated with its key
// returns the session of the first with another link, which takes the place of
// the first one's; once that was opened it is a conflict.
func (s *Service) Create(ctx context.Context, caller auth.Caller, n New) (Link, error) {
	request := idempotency.Request{Route: "connect-session-create", Key: n.Key, Fingerprint: n.Fingerprint, Prefix: id.ConnectSession}
	return idempotency.Do(ctx, s.Connects.Idempotency, caller, request,
		func(sessionID string) (Link, error) { return s.create(ctx, caller, sessionID, n) },
		func(sessionID string) (Link, error) { return s.relink(ctx, caller, sessionID) })
}

func (s *Service) create(ctx context.Context, caller auth.Caller, sessionID string, n New) (Link, error) {
	if err := s.Connects.Audit.CheckFor(ctx, caller, audit.ConnectSessionCreate, sessionID, "", map[string]string{"endUser": n.EndUser}); err != nil {
		return Link{}, err
	}
	if err := s.check(ctx, caller, n); err != nil {
		return Link{}, s.Connects.Audit.Refuse(ctx, caller, audit.ConnectSessionCreate, sessionID, err)
	}
	ticket, err := s.random()
	if err != nil {
		return Link{}, err
	}
	hash, now := ticket.Hash(), s.Connects.Now().UTC()
	v := Session{
		ID: sessionID, Tenant: caller.Tenant, Home: caller.Home, Subject: caller.Subject, EndUser: n.EndUser,
		Templates: n.Templates, Connectors: n.Connectors, ConnectionID: n.ConnectionID, Environment: n.Environment,
		Labels: n.Labels, ReturnURL: n.ReturnURL, Completion: n.Completion,
		State: Open, TicketHash: hash[:], CreatedAt: now, ExpiresAt: now.Add(life),
	}
	if err := s.Store.Create(ctx, v); err != nil {
		return Link{}, err
	}
	return s.link(v, ticket), nil
}

// relink gives a session that was not opened another ticket.
func (s *Service) relink(ctx context.Context, caller auth.Caller, sessionID string) (Link, error) {
	if err := s.Connects.Audit.Permit(ctx, caller, audit.ConnectSessionCreate); err != nil {
		return Link{}, err
	}
	ticket, err := s.random()
	if err != nil {
		return Link{}, err
	}
	hash := ticket.Hash()
	v, err := s.Store.Update(ctx, sessionID, func(v *Session) error {
		if v.Tenant != caller.Tenant {
			return ErrNotFound
		}
		if v.State != Open {
			return fault.New(fault.Conflict, fault.CodeConflict, "The connect session was opened already.")
		}
		v.TicketHash = hash[:]
		return nil
	})
	return s.link(v, ticket), err
}

func (s *Service) link(v Session, ticket secret.Bytes) Link {
	return Link{Session: v, URL: secret.FromString(s.Connects.PublicURL + path(v.ID) + "?ticket=" + ticket.Reveal())}
}

// path is that of the session's page.
func path(sessionID string) string { return "/connect/" + sessionID }

// check refuses a session that could never be used, or that names what is not
// the tenant's.
func (s *Service) check(ctx context.Context, caller auth.Caller, n New) error {
	if err := s.checkReturn(ctx, caller.Tenant, n); err != nil {
		return err
	}
	for i, connector := range n.Connectors {
		if _, err := s.Connects.Templates.Catalog.Find(ctx, connector); fault.Has(err, fault.CodeNotFound) {
			return wrong(fmt.Sprintf("/connectors/%d", i), "Is not a system of the catalogue.")
		} else if err != nil {
			return err
		}
	}
	for i, templateID := range n.Templates {
		t, err := s.Connects.Templates.Find(ctx, caller.Tenant, templateID)
		if err != nil {
			return err
		}
		if len(n.Connectors) > 0 && !slices.Contains(n.Connectors, t.Connector) {
			return wrong(fmt.Sprintf("/templates/%d", i), "Is of a system that connectors leaves out.")
		}
	}
	v := Session{Tenant: caller.Tenant, ConnectionID: n.ConnectionID, Templates: n.Templates, Connectors: n.Connectors, Completion: n.Completion}
	if n.ConnectionID != "" {
		if len(n.Templates)+len(n.Connectors)+len(n.Labels) > 0 || n.Environment != "" {
			return wrong("/connectionId", "Says everything about the connection; leave out templates, connectors, environment and labels.")
		}
		c, err := s.Connects.Connections.Get(ctx, caller.Tenant, n.ConnectionID)
		if err == nil && c.Lifecycle == connection.Deleting {
			err = connection.ErrNotFound
		}
		if err != nil {
			return err
		}
	}
	offers, err := s.offers(ctx, v, v.caller(caller))
	if err == nil && len(offers) == 0 {
		return fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "There is nothing that the end user could connect this way.").WithRemedy("fix_input")
	}
	return err
}

func (s *Service) checkReturn(ctx context.Context, tenantID string, n New) error {
	if n.ReturnURL == "" {
		if n.Completion == Backend {
			return wrong("/returnUrl", "Is needed where the backend completes the session.")
		}
		return nil
	}
	allowed, err := s.returns(ctx, tenantID, n.ReturnURL)
	if err == nil && !allowed {
		return wrong("/returnUrl", "Is not listed in the tenant's settings.")
	}
	return err
}

// returns reports whether the tenant lists the page to return to.
func (s *Service) returns(ctx context.Context, tenantID, returnURL string) (bool, error) {
	settings, err := s.Connects.Settings.GetSettings(ctx, tenantID)
	return err == nil && settings.AllowsReturn(returnURL), err
}

// missing reports whether an error says that a template is gone by now.
func missing(err error) bool { return errors.Is(err, template.ErrNotFound) }

func wrong(pointer, detail string) error {
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The request is not valid.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: pointer, Detail: detail}},
	}
}
