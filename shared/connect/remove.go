package connect

import (
	"context"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
)

// Remove disconnects on behalf of the removal of a tenant, whatever the record
// says. The receipt is empty for a connection that is gone, and RevokePending for
// one that Resume goes on with.
func (s *Service) Remove(ctx context.Context, caller auth.Caller, connectionID string) (method.Revocation, error) {
	return s.disconnectIf(ctx, caller, connectionID, func(*connection.Connection) error { return nil })
}
