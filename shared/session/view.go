package session

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
)

// View is a session as it is now, with its connection; zero while there is none.
type View struct {
	Session    Session
	Connection connection.Connection
}

// Get returns a session of the caller's tenant.
func (s *Service) Get(ctx context.Context, caller auth.Caller, sessionID string) (View, error) {
	if err := s.Connects.Audit.Check(ctx, caller, audit.ConnectSessionRead, sessionID); err != nil {
		return View{}, err
	}
	v, err := s.own(ctx, caller, sessionID)
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, v)
}

// own returns a session of the caller's tenant; that of another is not there.
func (s *Service) own(ctx context.Context, caller auth.Caller, sessionID string) (Session, error) {
	v, err := s.Store.Get(ctx, sessionID)
	if err == nil && v.Tenant != caller.Tenant {
		return Session{}, ErrNotFound
	}
	return v, err
}

// view adds to a session what happened that it could not be told of: the record
// of the connection names the session that its credential came by, so that a run
// that died after that loses nothing.
func (s *Service) view(ctx context.Context, v Session) (View, error) {
	out := View{Session: v}
	if v.connectionID() != "" {
		c, err := s.Connects.Connections.Get(ctx, v.Tenant, v.connectionID())
		if err != nil && !errors.Is(err, connection.ErrNotFound) {
			return View{}, err
		}
		out.Connection = c
	}
	if k := out.Connection.Credential; k != nil && k.SetBy == v.caller(auth.Caller{}).Actor() {
		out.Session.State, out.Session.Problem = Completed, ""
		if v.Completion == Browser && out.Connection.AccountRequired {
			out.Session.State = AccountRequired
		}
	}
	if err := out.Session.over(s.Connects.Now()); errors.Is(err, errExpired) {
		out.Session.State = Expired
	}
	return out, nil
}
