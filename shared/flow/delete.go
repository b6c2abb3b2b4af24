package flow

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
)

// Delete removes a flow, and with it what it does to the deletion of connections.
func (s *Service) Delete(ctx context.Context, caller auth.Caller, id, ifMatch string) error {
	if err := s.Audit.Check(ctx, caller, audit.FlowDelete, id); err != nil {
		return err
	}
	if !idForm.MatchString(id) {
		return s.Audit.Refuse(ctx, caller, audit.FlowDelete, id, ErrNotFound)
	}
	err := s.Store.Delete(ctx, caller.Tenant, id, func(f Flow) error { return connection.MatchIfGiven(ifMatch, f.Revision) })
	return s.Audit.Refuse(ctx, caller, audit.FlowDelete, id, err)
}

// removal is how many flows Remove deletes at once.
const removal = 25

// Remove deletes some of the flows of a tenant that goes, and reports whether
// any are left.
func (s *Service) Remove(ctx context.Context, tenant string) (left bool, err error) {
	found, next, err := s.Store.List(ctx, tenant, "", removal)
	if err != nil {
		return false, err
	}
	for _, f := range found {
		if err := s.Delete(ctx, auth.Job("offboarding", tenant, ""), f.ID, ""); err != nil && !errors.Is(err, ErrNotFound) {
			return false, err
		}
	}
	return next != "", nil
}
