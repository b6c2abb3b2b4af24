package connection

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
)

// Use is the use of a connection by a binding of a flow.
type Use struct {
	Tenant string // Whose flow it is: for a connection of the organization, any.
	Flow   string
	Slot   string
	Active bool     // The flow is active.
	Scopes []string // That the binding needs.
}

// Uses reads who uses a connection, consistently: dynamo.Flows does.
type Uses interface {
	// Uses returns the uses of a connection of the owner, in order, beginning after
	// start, and what to go on from, empty at the end.
	Uses(ctx context.Context, owner, connectionID, start string, limit int) ([]Use, string, error)
}

// mostFlows is how many flows a refusal names.
const mostFlows = 100

// InUse is the fault connection_in_use with the active flows of the connection,
// for what may not be done to a connection while there are any.
func InUse(ctx context.Context, uses Uses, c Connection, detail string) error {
	refused := fault.New(fault.Conflict, fault.CodeConnectionInUse, detail)
	for start := ""; len(refused.Flows) < mostFlows; {
		found, next, err := uses.Uses(ctx, c.Tenant, c.ID, start, mostFlows)
		if err != nil {
			return err
		}
		for _, u := range found {
			if name := u.name(c.Tenant); u.Active && len(refused.Flows) < mostFlows && (len(refused.Flows) == 0 || refused.Flows[len(refused.Flows)-1] != name) {
				refused.Flows = append(refused.Flows, name)
			}
		}
		if next == "" {
			break
		}
		start = next
	}
	return refused
}

// name is the flow's id; of another tenant than the owner, with that.
func (u Use) name(owner string) string {
	if u.Tenant == owner && owner != auth.Organization {
		return u.Flow
	}
	return u.Tenant + "/" + u.Flow
}

// ErrInUse keeps a connection that active flows need. Whoever is refused by it
// tells which: see InUse.
var ErrInUse = fault.New(fault.Conflict, fault.CodeConnectionInUse, "Active flows use the connection. Switch them to another or pause them first.")

// Deletable is ErrInUse for a connection that active flows need.
func (c *Connection) Deletable() error {
	if c.Bindings > 0 {
		return ErrInUse
	}
	return nil
}

// Impact is what a dry run says of a change that concerns whoever uses the
// connection; refused is why it would not be made, nil if it would.
func Impact(ctx context.Context, uses Uses, c Connection, refused error) (*api.Impact, error) {
	found, _, err := uses.Uses(ctx, c.Tenant, c.ID, "", mostFlows)
	if err != nil {
		return nil, err
	}
	out := &api.Impact{Allowed: refused == nil}
	for _, u := range found {
		out.Flows = append(out.Flows, u.API(c.Tenant))
	}
	if refused != nil {
		f := fault.From(refused)
		out.Code, out.Detail = string(f.Code), f.Detail
	}
	return out, nil
}

// API returns what the API shows of the use to the owner of the connection.
func (u Use) API(owner string) api.FlowUse {
	out := api.FlowUse{FlowID: u.Flow, Slot: u.Slot, Active: u.Active, Scopes: u.Scopes}
	if owner == auth.Organization {
		out.Tenant = u.Tenant
	}
	return out
}

// Dependents returns who uses a connection of the caller's tenant.
func (s *Service) Dependents(ctx context.Context, caller auth.Caller, id, start string, limit int) ([]Use, string, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionRead, id); err != nil {
		return nil, "", err
	}
	if _, err := s.Store.Get(ctx, caller.Tenant, id); err != nil {
		return nil, "", err
	}
	return s.Uses.Uses(ctx, caller.Tenant, id, start, limit)
}

// TryDisable is what Disable would do, and to whom.
func (s *Service) TryDisable(ctx context.Context, caller auth.Caller, id, ifMatch string) (Connection, *api.Impact, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionDisable, id); err != nil {
		return Connection{}, nil, err
	}
	c, err := s.Store.Get(ctx, caller.Tenant, id)
	if err == nil && c.Lifecycle == Deleting {
		err = ErrNotFound
	}
	if err != nil {
		return Connection{}, nil, s.Audit.Refuse(ctx, caller, audit.ConnectionDisable, id, err)
	}
	impact, err := Impact(ctx, s.Uses, c, MatchIfGiven(ifMatch, c.Revision))
	return c, impact, err
}
