// Package reconcile finishes what was begun in two stores and cut short between
// them, or had to wait: disconnections, creations that left no credential,
// refresh tokens that are newer in the record than in the secret store, and
// versions of a credential whose time is over. Secrets that no record names it
// removes, in steps that can be taken back. It depends on packages auth,
// connection, id, method, template and vault.
package reconcile

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
)

// Service runs the job.
type Service struct {
	Store    connection.Store
	Connects Connects
	Promoter Promoter
	Now      func() time.Time
	Sleep    func(context.Context, time.Duration) error
}

// Connects ends connections and credentials: *connect.Service. All do nothing for
// one of which the record says otherwise.
type Connects interface {
	// Resume goes on with a disconnection that is due.
	Resume(ctx context.Context, caller auth.Caller, connectionID string) (method.Revocation, error)
	// Abandon removes what a creation left that was cut short.
	Abandon(ctx context.Context, caller auth.Caller, connectionID string) error
	// EndGrace destroys the versions of a credential whose time is over.
	EndGrace(ctx context.Context, caller auth.Caller, connectionID string) error
}

// Promoter moves a rotated refresh token that is due to the secret store:
// *lease.Refresher.
type Promoter interface {
	Promote(ctx context.Context, caller auth.Caller, connectionID string) error
}

// sweepLimit bounds one run; what is left is due in the next. margin is how much
// of the run's time one connection may need. Promotions are no closer than
// promotionPace: each writes a version and moves up to two labels, and Secrets
// Manager takes fifty writes of a kind a second from the whole account.
const (
	sweepLimit    = 1000
	margin        = 30 * time.Second
	promotionPace = 50 * time.Millisecond
)

var errPending = errors.New("the provider could not be told")

// Sweep finishes what is due until the time of the run is used up. A provider
// that still cannot be told counts as failed.
func (s *Service) Sweep(ctx context.Context, requestID string) (due, done, failed int, err error) {
	refs, err := s.Store.Due(ctx, connection.ReconcileDue, s.Now(), sweepLimit)
	if err != nil {
		return 0, 0, 0, err
	}
	r := run{Service: s, requestID: requestID}
	for _, ref := range refs {
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
			break
		}
		if err := r.finish(ctx, ref); err != nil {
			failed++
			slog.WarnContext(ctx, "reconcile", "tenant", ref.Tenant, "connection", ref.ID, "error", err)
			continue
		}
		done++
	}
	return len(refs), done, failed, nil
}

// run is one run of the job.
type run struct {
	*Service
	requestID string
	promoted  time.Time // When the last promotion was begun.
}

// finish does what the record needs most. What else it needs is due in the next
// run. The index may be late: then nothing is.
func (r *run) finish(ctx context.Context, ref connection.Ref) error {
	c, err := r.Store.Get(ctx, ref.Tenant, ref.ID)
	if errors.Is(err, connection.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	caller := auth.Job("job-reconcile", ref.Tenant, r.requestID)
	switch {
	case !r.due(c.Due.Reconcile):
		return nil
	case c.Lifecycle == connection.Deleting:
		return r.disconnect(ctx, caller, ref.ID)
	case r.due(c.Provisioning):
		return r.Connects.Abandon(ctx, caller, ref.ID)
	case r.due(c.Refresh.PromoteAt):
		return r.promote(ctx, caller, ref.ID)
	case r.due(c.RetireAt), c.GraceOver(r.Now()):
		return r.Connects.EndGrace(ctx, caller, ref.ID)
	default:
		return r.plan(ctx, ref)
	}
}

func (r *run) due(at time.Time) bool { return !at.IsZero() && !at.After(r.Now()) }

func (r *run) disconnect(ctx context.Context, caller auth.Caller, connectionID string) error {
	revocation, err := r.Connects.Resume(ctx, caller, connectionID)
	if err == nil && revocation == method.RevokePending {
		return errPending
	}
	if revocation == method.RevokeFailed {
		slog.WarnContext(ctx, "token could not be revoked", "tenant", caller.Tenant, "connection", connectionID)
	}
	return err
}

func (r *run) promote(ctx context.Context, caller auth.Caller, connectionID string) error {
	if wait := r.promoted.Add(promotionPace).Sub(r.Now()); wait > 0 {
		if err := r.Sleep(ctx, wait); err != nil {
			return err
		}
	}
	r.promoted = r.Now()
	return r.Promoter.Promote(ctx, caller, connectionID)
}

// plan takes a record out of the index that needs nothing.
func (r *run) plan(ctx context.Context, ref connection.Ref) error {
	_, err := r.Store.Update(ctx, ref.Tenant, ref.ID, func(c *connection.Connection) error {
		c.PlanReconcile()
		return nil
	})
	if errors.Is(err, connection.ErrNotFound) {
		return nil
	}
	return err
}
