package health

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
)

// Call is one call a runtime made with a leased credential.
type Call struct {
	At      time.Time
	Outcome catalog.Outcome
}

// Report records calls, in the order they were made, in the history of the
// connection and nowhere else. It returns the connection as it will be once that
// is derived.
func (s *Service) Report(ctx context.Context, caller auth.Caller, connectionID string, calls []Call) (connection.Connection, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionReport, connectionID); err != nil {
		return connection.Connection{}, err
	}
	c, err := s.Store.Get(ctx, caller.Tenant, connectionID)
	if err != nil {
		return connection.Connection{}, err
	}
	if c.Lifecycle == connection.Deleting {
		return connection.Connection{}, connection.ErrNotFound
	}
	if len(calls) == 0 {
		return c, nil
	}
	outcomes := make([]catalog.Outcome, len(calls))
	for i, call := range calls {
		outcomes[i] = call.Outcome
	}
	now := s.Now().UTC()
	h, err := s.Histories.Update(ctx, caller.Tenant, connectionID, func(h *History) error { return h.report(&c, outcomes, now) })
	if errors.Is(err, errKnown) {
		return c, nil
	}
	if err != nil {
		return connection.Connection{}, err
	}
	if h.DeriveAt.IsZero() {
		return c, nil
	}
	if look := s.look(ctx, s.visit(ctx, c)); !look.Stopped() {
		h.fold(&c, now, look.RecoveredAt())
	}
	return c, nil
}
