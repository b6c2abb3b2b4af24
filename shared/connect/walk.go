package connect

import (
	"context"
	"errors"

	"golang.org/x/oauth2"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// Opened is what the start page shows and sets.
type Opened struct {
	Handoff   Handoff
	Connector string // Name of the system.
	Mark      string // Of the system, as SVG.
	Scheme    catalog.Scheme
	Requester string // Who asked.
	Name      string // Name of the connection.
	Scopes    []string
	Cookie    secret.Bytes // To be set in this browser.
	Form      secret.Bytes // Anti-forgery value of the page's form.
}

// Open takes the one-time ticket of a start link and binds the handoff to the
// browser it is opened in. Opening it again, in whatever browser, is refused.
func (s *Service) Open(ctx context.Context, handoffID, ticket string) (Opened, error) {
	cookie, err := s.random()
	if err != nil {
		return Opened{}, err
	}
	form, err := s.random()
	if err != nil {
		return Opened{}, err
	}
	cookieHash, formHash := cookie.Hash(), form.Hash()
	h, err := s.Handoffs.Update(ctx, handoffID, func(h *Handoff) error {
		switch {
		case !matches(ticket, h.TicketHash):
			return errInvalid
		case s.Now().After(h.ExpiresAt):
			return errExpired
		case h.Step != StepCreated:
			return errUsed
		}
		h.Step, h.CookieHash, h.FormHash = StepOpened, cookieHash[:], formHash[:]
		return nil
	})
	if err != nil {
		return Opened{}, err
	}
	if err := s.Stand(ctx, h.caller("", "")); err != nil {
		return Opened{}, err
	}
	c, target, err := s.subject(ctx, h)
	if err != nil {
		return Opened{}, err
	}
	return Opened{
		Handoff: h, Connector: target.Connector.Name, Mark: target.Connector.Logo.SVG(target.Connector.Name), Scheme: target.Scheme, Requester: h.Home + "/" + h.Subject, Name: c.Name,
		Scopes: target.Scopes, Cookie: cookie, Form: form,
	}, nil
}

// Confirm returns the provider's authorization URL after the person agreed, in
// the browser the handoff was opened in.
func (s *Service) Confirm(ctx context.Context, handoffID, cookie, form string) (secret.Bytes, error) {
	random, err := s.random()
	if err != nil {
		return secret.Bytes{}, err
	}
	state := secret.FromString(handoffID + "." + random.Reveal())
	stateHash := state.Hash()
	h, err := s.Handoffs.Update(ctx, handoffID, func(h *Handoff) error {
		switch {
		case !matches(cookie, h.CookieHash), !matches(form, h.FormHash):
			return errSession
		case s.Now().After(h.ExpiresAt):
			return errExpired
		case h.Step != StepOpened:
			return errUsed
		}
		h.Step, h.StateHash = StepSent, stateHash[:]
		return nil
	})
	if err != nil {
		return secret.Bytes{}, err
	}
	if err := s.Stand(ctx, h.caller("", "")); err != nil {
		return secret.Bytes{}, err
	}
	c, target, err := s.subject(ctx, h)
	if err != nil {
		return secret.Bytes{}, err
	}
	w, err := s.openVerifier(ctx, h)
	if err != nil {
		return secret.Bytes{}, err
	}
	authorization := method.Authorization{State: state, Nonce: w.Nonce}
	if method.PKCE(target.Scheme.OAuth) {
		authorization.Challenge = oauth2.S256ChallengeFromVerifier(w.Verifier)
	}
	var address string
	switch m, _ := method.For(target.Scheme.Type); m := m.(type) {
	case method.Redirector:
		address, err = m.AuthorizeURL(target, authorization)
	case method.Preparer:
		address, err = s.prepare(ctx, h, c, m, w, authorization)
	default:
		err = errInvalid
	}
	if err != nil {
		return secret.Bytes{}, err
	}
	return secret.FromString(address), nil
}

// prepare asks the system for what the browser goes there with, and keeps what
// its answer will be compared with before the browser is told. The system is
// asked once: a handoff that comes no further than this is begun again.
func (s *Service) prepare(ctx context.Context, h Handoff, c connection.Connection, m method.Preparer, w walk, a method.Authorization) (string, error) {
	target, err := s.Templates.ResolveGrant(ctx, c)
	if err != nil {
		return "", err
	}
	address, kept, err := m.Prepare(ctx, s.Reach, target, a)
	if err != nil || target.ClientNoted {
		s.Templates.Heard(ctx, c, target.ClientKey, err)
	}
	if err != nil {
		return "", err
	}
	w.Kept = kept.Reveal()
	sealed, err := s.sealWalk(ctx, h, w)
	if err != nil {
		return "", err
	}
	_, err = s.Handoffs.Update(ctx, h.ID, func(stored *Handoff) error {
		if stored.Step != StepSent {
			return errUsed
		}
		stored.Verifier = sealed
		return nil
	})
	return address, err
}

// subject returns the connection of a handoff with its target, scopes asked
// for in this handoff included. A handoff that the connection no longer names
// was superseded.
func (s *Service) subject(ctx context.Context, h Handoff) (connection.Connection, method.Target, error) {
	c, err := s.Connections.Get(ctx, h.Tenant, h.ConnectionID)
	if errors.Is(err, connection.ErrNotFound) {
		return c, method.Target{}, errInvalid
	}
	if err != nil {
		return c, method.Target{}, err
	}
	if c.Handoff == nil || c.Handoff.ID != h.ID || c.Lifecycle == connection.Deleting || c.Lifecycle == connection.Disabled {
		return c, method.Target{}, errUsed
	}
	if err := s.Templates.Admit(ctx, h.caller("", ""), c); err != nil {
		return c, method.Target{}, err // Whoever began it may have lost the right to.
	}
	target, err := s.Templates.Address(ctx, c)
	target.Scopes = h.Requested
	return c, target, err
}

// caller is who a handoff acts for once it is in the browser.
func (h Handoff) caller(requestID, sourceIP string) auth.Caller {
	return auth.Caller{
		Tenant: h.Tenant, Home: h.Home, Subject: h.Subject, Session: h.Session, Scopes: []string{auth.ConnectionsWrite},
		RequestID: requestID, SourceIP: sourceIP,
	}
}
