package killswitch

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/tenant"
)

// Service starts, shows and lifts kill switches.
type Service struct {
	Store      Store
	Tenants    Tenants
	Connectors Connectors
	Audit      *audit.Log
	IDs        id.Maker
	Stage      string
	Now        func() time.Time
}

// Tenants finds tenants: tenant.Store.
type Tenants interface {
	Get(ctx context.Context, id string) (tenant.Tenant, error)
	List(ctx context.Context, start string, limit int) ([]tenant.Tenant, string, error)
}

// Connectors finds connectors, those that are retired included.
type Connectors interface {
	Find(ctx context.Context, id string) (catalog.Connector, error)
}

// New is what whoever starts a switch says.
type New struct {
	Target
	Reason  string
	Confirm string // The tenant, the connector or the name of the stage once more.
}

// Create starts a kill switch: from five seconds later at most everything in its
// scope is refused, and the walk begins about a minute later. One that cuts off
// the same and is not lifted is returned instead. The organization may cut off
// anything, a tenant's own administrator only that tenant.
func (s *Service) Create(ctx context.Context, caller auth.Caller, n New) (Record, error) {
	if err := s.Audit.CheckFor(ctx, caller, audit.KillSwitchCreate, s.name(n.Target), n.Reason, map[string]string{"scope": string(n.Scope)}); err != nil {
		return Record{}, err
	}
	if !caller.IsOrganization() && (n.Scope != ScopeTenant || n.Tenant != caller.Tenant) {
		denied := fault.New(fault.Denied, fault.CodeForbidden, "Only the organization may cut off more than its own tenant.")
		return Record{}, s.Audit.Refuse(ctx, caller, audit.KillSwitchCreate, s.name(n.Target), denied)
	}
	if err := s.check(ctx, n); err != nil {
		return Record{}, err
	}
	active, err := s.Store.Active(ctx)
	if err != nil {
		return Record{}, err
	}
	for _, a := range active {
		if a.Target != n.Target {
			continue
		}
		if r, err := s.adopt(ctx, caller, a.ID); !errors.Is(err, errLifted) {
			return r, err
		}
	}
	now := s.Now().UTC()
	r := Record{
		ID: s.IDs.New(id.KillSwitch), Target: n.Target, Reason: n.Reason, StartedAt: now, StartedBy: caller.Actor(), Home: caller.Home,
		Phase: Cutting, Walk: Walk{Pass: 1}, Due: now.Add(due.Soon), Version: 1,
	}
	return r, s.Store.Create(ctx, r)
}

// errLifted says that a switch that was active is so no more.
var errLifted = errors.New("lifted meanwhile")

// adopt returns the switch that cuts off already what the caller asks for. One
// that the organization asks for is the organization's from then on: nobody may
// start a switch to be the one who lifts it.
func (s *Service) adopt(ctx context.Context, caller auth.Caller, switchID string) (Record, error) {
	r, err := s.Store.Get(ctx, switchID)
	switch {
	case err != nil:
		return Record{}, err
	case !r.LiftedAt.IsZero():
		return Record{}, errLifted
	case !caller.IsOrganization() || r.Home == caller.Home:
		return r, nil
	}
	return s.Store.Update(ctx, switchID, func(r *Record) error {
		if !r.LiftedAt.IsZero() {
			return errLifted
		}
		r.Home = caller.Home
		return nil
	})
}

// name is what confirms a target.
func (s *Service) name(t Target) string {
	switch t.Scope {
	case ScopeTenant:
		return t.Tenant
	case ScopeConnector:
		return t.Connector
	default:
		return s.Stage
	}
}

// check validates what is asked for: a name that is not there would cut off
// nothing, and nobody would notice.
func (s *Service) check(ctx context.Context, n New) error {
	switch {
	case n.Scope != ScopeTenant && n.Tenant != "":
		return wrong("/tenant", "Belongs to scope tenant only.")
	case n.Scope != ScopeConnector && n.Connector != "":
		return wrong("/connector", "Belongs to scope connector only.")
	case n.Scope == ScopeTenant && n.Tenant == "":
		return wrong("/tenant", "Is required.")
	case n.Scope == ScopeConnector && n.Connector == "":
		return wrong("/connector", "Is required.")
	case n.Confirm != s.name(n.Target):
		return wrong("/confirm", "Must repeat the tenant, the connector or the name of the stage.")
	}
	var err error
	switch n.Scope {
	case ScopeTenant:
		if _, err = s.Tenants.Get(ctx, n.Tenant); errors.Is(err, tenant.ErrUnknown) {
			return tenant.ErrNotFound
		}
	case ScopeConnector:
		_, err = s.Connectors.Find(ctx, n.Connector)
	}
	return err
}

// Get returns a switch: any to the organization, to a tenant those that cut off
// that tenant alone.
func (s *Service) Get(ctx context.Context, caller auth.Caller, switchID string) (Record, error) {
	if err := s.Audit.Check(ctx, caller, audit.KillSwitchRead, switchID); err != nil {
		return Record{}, err
	}
	return s.visible(ctx, caller, switchID)
}

// List returns the switches that Get does.
func (s *Service) List(ctx context.Context, caller auth.Caller, start string, limit int) ([]Record, string, error) {
	if err := s.Audit.Check(ctx, caller, audit.KillSwitchRead, ""); err != nil {
		return nil, "", err
	}
	if caller.IsOrganization() {
		return s.Store.List(ctx, "", start, limit)
	}
	return s.Store.List(ctx, caller.Tenant, start, limit)
}

// Lift ends a switch: what it cut off may be reconnected, and is released for that
// by another walk. No credential comes back. A tenant may lift what its own people
// started. Lifting again changes nothing.
func (s *Service) Lift(ctx context.Context, caller auth.Caller, switchID string) (Record, error) {
	if err := s.Audit.Check(ctx, caller, audit.KillSwitchLift, switchID); err != nil {
		return Record{}, err
	}
	r, err := s.visible(ctx, caller, switchID)
	if err == nil && !caller.IsOrganization() && r.Home != caller.Home {
		err = fault.New(fault.Denied, fault.CodeForbidden, "Only the organization may lift what it cut off.")
	}
	if err != nil {
		return Record{}, s.Audit.Refuse(ctx, caller, audit.KillSwitchLift, switchID, err)
	}
	now := s.Now().UTC()
	return s.Store.Update(ctx, switchID, func(r *Record) error {
		if r.LiftedAt.IsZero() {
			r.lift(caller.Actor(), now)
		}
		return nil
	})
}

// lift ends the switch. The counts stay what the walk came to.
func (r *Record) lift(by string, now time.Time) {
	whole := r.Progress()
	r.LiftedAt, r.LiftedBy, r.Phase, r.Due = now, by, Lifting, now.Add(due.Soon)
	r.Walk = Walk{Pass: r.Walk.Pass + 1, Whole: whole, Owner: r.Walk.Owner, Until: r.Walk.Until}
}

func (s *Service) visible(ctx context.Context, caller auth.Caller, switchID string) (Record, error) {
	if !id.Valid(id.KillSwitch, switchID) {
		return Record{}, ErrNotFound
	}
	r, err := s.Store.Get(ctx, switchID)
	if err == nil && !caller.IsOrganization() && (r.Scope != ScopeTenant || r.Tenant != caller.Tenant) {
		return Record{}, ErrNotFound
	}
	return r, err
}

func wrong(pointer, detail string) error {
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The kill switch is not valid.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: pointer, Detail: detail}},
	}
}
