package connect

import (
	"context"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/tenant"
)

// Standing refuses requests by the standing of tenants: *tenant.Gate.
type Standing interface {
	// Admit is the fault tenant_removed for a caller of a tenant that is removed, or
	// being removed, and key_unavailable for one of a tenant that is suspended.
	Admit(ctx context.Context, caller auth.Caller, access tenant.Access) error
}

// Stand refuses the caller of a public page by the standing of its tenant. Nobody
// has admitted a request that comes without a token.
func (s *Service) Stand(ctx context.Context, caller auth.Caller) error {
	if s.Standing == nil {
		return nil
	}
	return s.Standing.Admit(ctx, caller, tenant.Change)
}
