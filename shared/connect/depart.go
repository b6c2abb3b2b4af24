package connect

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/secret"
)

// Departed is a handoff on its way to the provider, in the browser that is given
// the cookie. Of a device there is a user code instead.
type Departed struct {
	HandoffID string
	Address   secret.Bytes // The provider's authorization URL; zero for a device.
	Cookie    string       // Set-Cookie value; empty for a device.
	Device    Started      // Its user code and where that is entered.
}

// Depart starts a handoff and takes it to the provider in one step, for a page of
// ours that has told the person who asks for which access and was posted by the
// browser it is shown in. It is Authorize, Open and Confirm: cookie, state and
// PKCE are those of every handoff.
func (s *Service) Depart(ctx context.Context, caller auth.Caller, ask Ask) (Departed, error) {
	started, err := s.Authorize(ctx, caller, ask)
	if err != nil {
		return Departed{}, err
	}
	handoffID := started.Handoff.ID
	if started.ticket.IsZero() {
		return Departed{HandoffID: handoffID, Device: started}, nil
	}
	opened, err := s.Open(ctx, handoffID, started.ticket.Reveal())
	if err != nil {
		return Departed{}, err
	}
	address, err := s.Confirm(ctx, handoffID, opened.Cookie.Reveal(), opened.Form.Reveal())
	if err != nil {
		return Departed{}, err
	}
	return Departed{HandoffID: handoffID, Address: address, Cookie: cookie(handoffID, opened.Cookie.Reveal(), cookieTime)}, nil
}

// SignsIn reports whether a person connects by the scheme in a browser that comes
// back to us.
func SignsIn(scheme catalog.Scheme) bool {
	_, ok := authorizer(scheme)
	return ok
}

// CreateAs is Create under an identifier that the caller has reserved and noted,
// so that a run that died is found again: it then finishes what is missing, and
// returns the connection that is there.
func (s *Service) CreateAs(ctx context.Context, caller auth.Caller, connectionID string, n New) (connection.Connection, error) {
	n.Key = connectionID
	c, err := s.create(ctx, caller, connectionID, n)
	if errors.Is(err, connection.ErrExists) {
		return s.Connections.Get(ctx, caller.Tenant, connectionID)
	}
	return c, err
}

// Withdraw disconnects a connection that has no credential and that no active flow
// names. Of another, or of none, nothing becomes.
func (s *Service) Withdraw(ctx context.Context, caller auth.Caller, connectionID string) error {
	_, err := s.disconnectIf(ctx, caller, connectionID, func(c *connection.Connection) error {
		if c.Credential != nil || c.Lifecycle != connection.Pending || c.Deletable() != nil {
			return connection.ErrNotFound
		}
		return nil
	})
	return err
}
