package flow

import (
	"context"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
)

// Delete removes a flow, and with it what it does to the deletion of connections.
func (s *Service) Delete(ctx context.Context, caller auth.Caller, id, ifMatch string) error {
	if err := s.Audit.Check(ctx, caller, audit.FlowDelete, id); err != nil {
		return err
	}
	if !idForm().MatchString(id) {
		return s.Audit.Refuse(ctx, caller, audit.FlowDelete, id, ErrNotFound)
	}
	err := s.Store.Delete(ctx, caller.Tenant, id, func(f Flow) error { return connection.MatchIfGiven(ifMatch, f.Revision) })
	return s.Audit.Refuse(ctx, caller, audit.FlowDelete, id, err)
}
