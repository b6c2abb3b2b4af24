package tenant

import (
	"context"
	"slices"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
)

// Egress returns the addresses that calls to systems come from, the same for all
// tenants; none where they change.
func (s *Service) Egress(ctx context.Context, caller auth.Caller) ([]string, error) {
	if err := s.Audit.Check(ctx, caller, audit.EgressRead, ""); err != nil {
		return nil, err
	}
	return slices.Clone(s.Addresses), nil
}
