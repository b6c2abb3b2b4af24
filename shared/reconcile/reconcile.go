// Package reconcile finishes what was begun in two stores and cut short between
// them: disconnections whose process died, or whose provider could not be told,
// and versions of a credential whose time is over. What no record names any more it reports. It depends on packages auth,
// connection, id, method, template and vault.
package reconcile

import (
	"context"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
)

// Service runs the job.
type Service struct {
	Store    connection.Store
	Connects Resumer
	Now      func() time.Time
}

// Resumer goes on with a disconnection that is due, and destroys what the end of
// a grace or an unfinished rotation left: *connect.Service.
type Resumer interface {
	EndGrace(ctx context.Context, caller auth.Caller, connectionID string) error
	Resume(ctx context.Context, caller auth.Caller, connectionID string) (method.Revocation, error)
}

// sweepLimit bounds one run; what is left is due in the next. margin is how much
// of the run's time one disconnection may need.
const (
	sweepLimit = 200
	margin     = 30 * time.Second
)

// Sweep finishes what is due until the time of the run is used up. A provider
// that still cannot be told counts as failed.
func (s *Service) Sweep(ctx context.Context, requestID string) (due, done, failed int, err error) {
	refs, err := s.Store.Due(ctx, connection.ReconcileDue, s.Now(), sweepLimit)
	if err != nil {
		return 0, 0, 0, err
	}
	for _, ref := range refs {
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
			break
		}
		job := auth.Job("job-reconcile", ref.Tenant, requestID)
		if err := s.Connects.EndGrace(ctx, job, ref.ID); err != nil {
			failed++
			slog.WarnContext(ctx, "end grace", "connection", ref.ID, "error", err)
			continue
		}
		revocation, err := s.Connects.Resume(ctx, job, ref.ID)
		if err != nil || revocation == method.RevokePending {
			failed++
			slog.WarnContext(ctx, "disconnect", "connection", ref.ID, "revocation", string(revocation), "error", err)
			continue
		}
		if revocation == method.RevokeFailed {
			slog.WarnContext(ctx, "token could not be revoked", "tenant", ref.Tenant, "connection", ref.ID)
		}
		done++
	}
	return len(refs), done, failed, nil
}
