package health

import (
	"context"
	"log/slog"

	"github.com/tenonhq/tenon/shared/auth"
)

// stale looks whether anybody uses the connection, however its check went. What
// fails is looked at with the next check.
func (s *Service) stale(ctx context.Context, caller auth.Caller, connectionID string) {
	if s.Staleness == nil {
		return
	}
	if err := s.Staleness.Look(ctx, caller, connectionID); err != nil {
		slog.WarnContext(ctx, "look at use", "tenant", caller.Tenant, "connection", connectionID, "error", err)
	}
}
