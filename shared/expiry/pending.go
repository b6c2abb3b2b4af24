package expiry

import (
	"context"
	"log/slog"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

const sweepLimit = 500

// ExpirePending ends the handoffs whose time has passed.
func (s *Service) ExpirePending(ctx context.Context) (due, done, failed int, err error) {
	refs, err := s.Connections.Due(ctx, connection.PendingDue, s.Now(), sweepLimit)
	if err != nil {
		return 0, 0, 0, err
	}
	for _, ref := range refs {
		err := s.expirePending(ctx, ref)
		if err != nil && !fault.Has(err, fault.CodeNotFound) {
			failed++
			slog.WarnContext(ctx, "end handoff", "connection", ref.ID, "error", err)
			continue
		}
		done++
	}
	return len(refs), done, failed, nil
}

func (s *Service) expirePending(ctx context.Context, ref connection.Ref) error {
	_, err := connection.Transition(ctx, s.Connections, s.Events, s.Now, ref.Tenant, ref.ID, func(c *connection.Connection) error {
		if c.Due.Pending.IsZero() || c.Due.Pending.After(s.Now()) {
			return nil
		}
		c.ExpireHandoff()
		return nil
	})
	return err
}
