package lease

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/template"
)

// Test is the environment of a test run. It leases the test credential of a
// template, whatever the environment of the connection that stands for it.
const Test = "test"

// Templates reads templates, consistently; template.Store does.
type Templates interface {
	Get(ctx context.Context, owner, id string) (template.Template, error)
	Named(ctx context.Context, owner, stableKey string) (template.Template, error)
}

var (
	errTestOnly    = fault.New(fault.Conflict, fault.CodeConflict, "The connection serves test runs only. Ask for a lease with the environment test.")
	errTestMissing = fault.New(fault.Conflict, fault.CodeTestCredentialMissing, "The template has no test credential.").WithRemedy("contact_admin")
)

// leaseTest returns the test credential of the template that a connection of the
// caller is made from. One of the organization's template is the organization's.
func (s *Service) leaseTest(ctx context.Context, caller auth.Caller, r Request) (Lease, error) {
	if err := s.Audit.Permit(ctx, caller, audit.ConnectionLease); err != nil {
		return Lease{}, err
	}
	c, err := s.Store.Get(ctx, caller.Tenant, r.ConnectionID)
	if err == nil && c.Lifecycle == connection.Deleting {
		err = connection.ErrNotFound
	}
	if err != nil {
		return Lease{}, s.Audit.Refuse(ctx, caller, audit.ConnectionLease, r.ConnectionID, err)
	}
	tested, err := s.testFor(ctx, caller.Tenant, c)
	if err != nil {
		return Lease{}, err
	}
	l, err := s.lend(ctx, caller, tested, r)
	if errors.Is(err, connection.ErrNotFound) {
		return Lease{}, errTestMissing
	}
	return l, err
}

// testOf returns the test connection for a binding: that of the template of what is
// bound or, when nothing is, of the template that the binding names.
func (s *Service) testOf(ctx context.Context, tenant string, b flow.Binding) (connection.Connection, error) {
	c, err := s.named(ctx, tenant, b)
	if err == nil {
		return s.testFor(ctx, tenant, c)
	}
	if !errors.Is(err, errUnbound) && !errors.Is(err, connection.ErrNotFound) {
		return connection.Connection{}, err
	}
	if b.Template == "" {
		return connection.Connection{}, errTestMissing
	}
	for _, owner := range []string{tenant, auth.Organization} {
		t, err := s.Templates.Named(ctx, owner, b.Template)
		if err == nil && t.Connector == b.Connector && t.Usable(tenant) {
			return s.testConnection(ctx, tenant, t)
		}
		if err != nil && !errors.Is(err, template.ErrNotFound) {
			return connection.Connection{}, err
		}
	}
	return connection.Connection{}, errTestMissing
}

// testFor returns the test connection of the template that c is made from.
func (s *Service) testFor(ctx context.Context, tenant string, c connection.Connection) (connection.Connection, error) {
	t, err := s.Templates.Get(ctx, c.TemplateOwner, c.TemplateID)
	if errors.Is(err, template.ErrNotFound) {
		return connection.Connection{}, errTestMissing
	}
	if err != nil {
		return connection.Connection{}, err
	}
	return s.testConnection(ctx, tenant, t)
}

// testConnection returns the connection that serves the test runs of a template. An
// id that no such connection has is none.
func (s *Service) testConnection(ctx context.Context, tenant string, t template.Template) (connection.Connection, error) {
	if t.TestConnection == "" || !t.Usable(tenant) {
		return connection.Connection{}, errTestMissing
	}
	c, err := s.Store.Get(ctx, t.Owner, t.TestConnection)
	if errors.Is(err, connection.ErrNotFound) || err == nil && (!c.TestCredential || c.TemplateID != t.ID || c.Lifecycle == connection.Deleting) {
		return connection.Connection{}, errTestMissing
	}
	return c, err
}
