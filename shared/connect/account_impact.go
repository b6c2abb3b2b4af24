package connect

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// mostUses is how many uses of a connection an impact shows.
const mostUses = 100

// switchRefused says that another account is pinned, and which active flows a
// switch would take along.
func (s *Service) switchRefused(ctx context.Context, c connection.Connection) error {
	refused := *errPinned
	if s.Uses != nil {
		err := connection.InUse(ctx, s.Uses, c, "")
		if !fault.Has(err, fault.CodeConnectionInUse) {
			return err
		}
		refused.Flows = fault.From(err).Flows
	}
	return &refused
}

// impact is what a dry run of a change shows, which would end with this error. An
// error that says nothing of the change is returned.
func (s *Service) impact(ctx context.Context, c connection.Connection, err error) (*api.Impact, error) {
	out := &api.Impact{Allowed: err == nil}
	if err != nil {
		f := fault.From(err)
		switch f.Kind {
		case fault.Invalid, fault.Conflict, fault.Unprocessable, fault.Upstream:
			out.Code, out.Detail = string(f.Code), f.Detail
		default:
			return nil, err
		}
	}
	if s.Uses == nil {
		return out, nil
	}
	for start := ""; len(out.Flows) < mostUses; {
		found, next, err := s.Uses.Uses(ctx, c.Tenant, c.ID, start, mostUses-len(out.Flows))
		if err != nil {
			return nil, err
		}
		for _, u := range found {
			use := api.FlowUse{FlowID: u.Flow, Slot: u.Slot, Active: u.Active, Scopes: u.Scopes}
			if c.Tenant == auth.Organization {
				use.Tenant = u.Tenant
			}
			out.Flows = append(out.Flows, use)
		}
		if next == "" {
			break
		}
		start = next
	}
	return out, nil
}
