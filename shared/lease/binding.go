package lease

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/template"
)

// Flows reads flows, consistently; flow.Store does.
type Flows interface {
	Get(ctx context.Context, tenant, id string) (flow.Flow, error)
}

// Why a binding hands nothing out.
var (
	errPaused   = fault.New(fault.Conflict, fault.CodeFlowPaused, "The flow is paused. It gets no lease but for test runs.")
	errUnbound  = fault.New(fault.Conflict, fault.CodeBindingRefused, "Nothing is bound.")
	errGone     = fault.New(fault.Conflict, fault.CodeBindingRefused, "The connection that is bound is not there any more.")
	errTest     = fault.New(fault.Conflict, fault.CodeBindingRefused, "The connection serves test runs only.")
	errElse     = fault.New(fault.Conflict, fault.CodeBindingRefused, "The binding does not allow the environment of the connection.")
	errUnshared = fault.New(fault.Conflict, fault.CodeBindingRefused, "The organization does not share the connection any more.").WithRemedy("contact_admin")
)

// LeaseBound returns a usable credential of the connection that a binding of the
// caller's flow names; for a test run, that of the template. What was checked when
// it was bound is checked again with what is read anyway. A connection of the
// organization costs one read more, of its template, so that what is not shared any
// more is not leased any more.
//
// The audit record is written before anything leaves: to the tenant's audit and,
// of a connection of the organization, to the organization's. Faults beside those
// of Lease: flow_paused, binding_refused and test_credential_missing.
func (s *Service) LeaseBound(ctx context.Context, caller auth.Caller, r Request) (Lease, error) {
	if err := s.Audit.Permit(ctx, caller, audit.ConnectionLease); err != nil {
		return Lease{}, err
	}
	c, err := s.bound(ctx, caller.Tenant, r)
	if err != nil {
		return Lease{}, s.Audit.Refuse(ctx, caller, audit.ConnectionLease, r.FlowID, err)
	}
	l, err := s.lend(ctx, caller, c, r)
	if errors.Is(err, connection.ErrNotFound) {
		return Lease{}, errGone
	}
	return l, err
}

// bound returns the connection that is to be leased.
func (s *Service) bound(ctx context.Context, tenant string, r Request) (connection.Connection, error) {
	f, err := s.Flows.Get(ctx, tenant, r.FlowID)
	if err != nil {
		return connection.Connection{}, err
	}
	b, ok := f.Binding(r.Slot)
	switch {
	case !ok:
		return connection.Connection{}, flow.ErrNoSlot
	case r.Environment == Test:
		return s.testOf(ctx, tenant, *b)
	case f.State != flow.Active:
		return connection.Connection{}, errPaused
	}
	c, err := s.named(ctx, tenant, *b)
	if errors.Is(err, connection.ErrNotFound) {
		err = errGone
	}
	if err != nil {
		return c, err
	}
	return c, s.fits(ctx, tenant, *b, c)
}

// named reads the connection that a binding of the tenant names.
func (s *Service) named(ctx context.Context, tenant string, b flow.Binding) (connection.Connection, error) {
	switch {
	case b.ConnectionID == "":
		return connection.Connection{}, errUnbound
	case b.Owner != tenant && b.Owner != auth.Organization:
		return connection.Connection{}, connection.ErrNotFound
	}
	return s.Store.Get(ctx, b.Owner, b.ConnectionID)
}

// fits refuses a connection that the binding would not accept now.
func (s *Service) fits(ctx context.Context, tenant string, b flow.Binding, c connection.Connection) error {
	switch {
	case c.TestCredential:
		return errTest
	case !slices.Contains(b.Environments, c.Environment):
		return errElse
	case c.Tenant == tenant:
		return nil
	}
	t, err := s.Templates.Get(ctx, c.TemplateOwner, c.TemplateID)
	if err == nil && !t.Shared() || errors.Is(err, template.ErrNotFound) {
		return errUnshared
	}
	return err
}

// lend records a lease by a binding, or for a test run, with whoever owns the
// connection too, and hands the credential out.
func (s *Service) lend(ctx context.Context, caller auth.Caller, c connection.Connection, r Request) (Lease, error) {
	leaseID := s.IDs.New(id.Lease)
	facts := map[string]string{"lease": leaseID}
	for name, value := range map[string]string{"flow": r.FlowID, "slot": r.Slot, "for": r.ConnectionID} {
		if value != "" {
			facts[name] = value
		}
	}
	if r.Environment == Test {
		facts["environment"] = Test
	}
	if err := s.Audit.CheckFor(ctx, caller, audit.ConnectionLease, c.ID, r.Purpose, facts); err != nil {
		return Lease{}, err
	}
	if c.Tenant == caller.Tenant {
		l, err := s.handOut(ctx, leaseID, c, r)
		return l.by(r), err
	}
	owner, lent := caller, maps.Clone(facts)
	owner.Tenant, lent["tenant"] = c.Tenant, caller.Tenant
	if err := s.Audit.CheckFor(ctx, owner, audit.ConnectionLease, c.ID, r.Purpose, lent); err != nil {
		return Lease{}, err
	}
	if err := s.passes(ctx, caller.Tenant, c); err != nil {
		return Lease{}, err
	}
	l, err := s.handOut(ctx, leaseID, c, r)
	if err == nil {
		err = s.passes(ctx, caller.Tenant, c) // A switch may have come while it waited for a refresh.
	}
	if err != nil {
		return Lease{}, foreign(err)
	}
	return l.by(r), nil
}

// passes asks the gate about the tenant that leases another's connection.
func (s *Service) passes(ctx context.Context, tenant string, c connection.Connection) error {
	c.Tenant = tenant
	return connection.Pass(ctx, s.Gate, &c)
}

// foreign is a fault of somebody else's connection: the remedy is the owner's.
func foreign(err error) error {
	f := *fault.From(err)
	if f.Remedy != "reconnect" && f.Remedy != "fix_input" {
		return err
	}
	f.Remedy = "contact_admin"
	return &f
}

// by notes through which binding it was leased.
func (l Lease) by(r Request) Lease {
	l.FlowID, l.Slot = r.FlowID, r.Slot
	return l
}
