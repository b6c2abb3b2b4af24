package connect

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// switchRefused says that another account is pinned, and which active flows a
// switch would take along.
func (s *Service) switchRefused(ctx context.Context, c connection.Connection) error {
	err := connection.InUse(ctx, s.Uses, c, "")
	if !fault.Has(err, fault.CodeConnectionInUse) {
		return err
	}
	refused := *errPinned
	refused.Flows = fault.From(err).Flows
	return &refused
}

// impact is what a dry run of a choice shows, which would end with this error. An
// error that says nothing of the choice is returned.
func (s *Service) impact(ctx context.Context, c connection.Connection, refused error) (*api.Impact, error) {
	if refused != nil {
		switch fault.From(refused).Kind {
		case fault.Invalid, fault.Conflict, fault.Unprocessable, fault.Upstream:
		default:
			return nil, refused
		}
	}
	return connection.Impact(ctx, s.Uses, c, refused)
}
