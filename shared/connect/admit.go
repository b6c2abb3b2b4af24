package connect

import (
	"context"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
)

// admit refuses a caller who may not bring the connection a credential by the
// rules of its template, and records the attempt.
func (s *Service) admit(ctx context.Context, caller auth.Caller, action audit.Action, c connection.Connection) error {
	return s.Audit.Refuse(ctx, caller, action, c.ID, s.Templates.Admit(ctx, caller, c))
}
