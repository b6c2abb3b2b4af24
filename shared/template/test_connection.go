package template

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
)

// Own returns a template that the caller's tenant made. One that the caller may
// only use is forbidden. It is for other domain packages, which check and record
// what their caller does.
func (s *Service) Own(ctx context.Context, caller auth.Caller, templateID string) (Template, error) {
	t, err := s.own(ctx, caller, templateID)
	if err == nil && t.Deleting {
		err = ErrNotFound
	}
	return t, err
}

// errUnwanted ends an update that has nothing to change.
var errUnwanted = errors.New("the template is as it should be")

// ReserveTest returns the id of the connection that serves the test runs of the
// template: the one that it names already, unless that is gone, else the one given,
// which it names from then on. It is named before it is made, so that whoever dies
// in between, and whoever comes at the same time, leaves one and not two.
func (s *Service) ReserveTest(ctx context.Context, t Template, connectionID, gone string) (string, error) {
	reserved := ""
	_, err := s.Store.Update(ctx, t.Owner, t.ID, func(t *Template) error {
		if t.Deleting {
			return ErrNotFound
		}
		reserved = t.TestConnection
		if reserved != "" && reserved != gone {
			return errUnwanted
		}
		reserved, t.TestConnection = connectionID, connectionID
		return nil
	})
	if errors.Is(err, errUnwanted) {
		err = nil
	}
	return reserved, err
}

// ForgetTest ends the use of a connection by test runs; it is about to be deleted.
func (s *Service) ForgetTest(ctx context.Context, c connection.Connection) error {
	_, err := s.Store.Update(ctx, c.TemplateOwner, c.TemplateID, func(t *Template) error {
		if t.TestConnection != c.ID {
			return errUnwanted
		}
		t.TestConnection = ""
		return nil
	})
	if errors.Is(err, errUnwanted) || errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// testCredential is what the owner sees of the test connection; nil for none. An id
// that no connection has is none.
func (s *Service) testCredential(ctx context.Context, t Template) (*api.TestCredential, error) {
	if t.TestConnection == "" {
		return nil, nil
	}
	c, err := s.Connections.Get(ctx, t.Owner, t.TestConnection)
	if errors.Is(err, connection.ErrNotFound) || err == nil && c.Lifecycle == connection.Deleting {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &api.TestCredential{ConnectionID: c.ID, Status: connection.StatusOf(&c, s.Now()).Name}, nil
}
