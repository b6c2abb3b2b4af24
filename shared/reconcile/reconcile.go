// Package reconcile finishes what was begun in two stores and cut short between
// them, or had to wait: disconnections, cutoffs, creations that left no credential,
// kill switches, changes of templates, refresh tokens that are newer in the record than in the secret store, and
// versions of a credential whose time is over. Secrets that no record names it
// removes, in steps that can be taken back. It depends on packages auth,
// connection, due, id, method, template and vault.
package reconcile

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
)

// Service does the work of the queue.
type Service struct {
	Store    connection.Store
	Events   notify.Publisher
	Connects Connects
	Promoter Promoter
	Switches Switches
	Heirs    Heirs
	Now      func() time.Time
	Sleep    func(context.Context, time.Duration) error

	mu   sync.Mutex
	next time.Time // When the next promotion may begin.
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
	// ResumeCutoff goes on with taking a credential away that is due.
	ResumeCutoff(ctx context.Context, caller auth.Caller, connectionID string) (method.Revocation, error)
}

// Promoter moves a rotated refresh token that is due to the secret store:
// *lease.Refresher.
type Promoter interface {
	Promote(ctx context.Context, caller auth.Caller, connectionID string) error
}

// Switches goes on with a kill switch: *killswitch.Walker.
type Switches interface {
	Due(ctx context.Context, requestID string, item due.Item) error
}

// Heirs takes a change of a template to its connections: *inheritance.Walker.
type Heirs interface {
	Due(ctx context.Context, requestID string, item due.Item) error
	// Reapply makes the hot copy of a connection anew whose own inputs were changed.
	Reapply(ctx context.Context, caller auth.Caller, connectionID string) error
}

// promotionPace is between two promotions of one process: each writes a version
// and moves two labels, and Secrets Manager takes fifty of these together a second
// from the whole account, which the three consumers of the queue share.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
const promotionPace = 200 * time.Millisecond

var errPending = errors.New("the provider could not be told")

// Due finishes what one record needs most; what else it needs is due again. A
// provider that still cannot be told is a failure that is planned again, as is
// all that the record says itself when to try.
func (s *Service) Due(ctx context.Context, requestID string, item due.Item) error {
	switch item.Kind {
	case due.KillSwitch:
		return s.Switches.Due(ctx, requestID, item)
	case due.Template:
		return s.Heirs.Due(ctx, requestID, item)
	}
	r := run{Service: s, requestID: requestID}
	err := r.finish(ctx, connection.Ref{Tenant: item.Tenant, ID: item.ID})
	if errors.Is(err, errPending) {
		return due.Planned(err)
	}
	return err
}

// run is the work on one record.
type run struct {
	*Service
	requestID string
}

// finish does what the record needs. The index may be late: then it is nothing.
func (r *run) finish(ctx context.Context, ref connection.Ref) error {
	c, err := r.Store.Get(ctx, ref.Tenant, ref.ID)
	if errors.Is(err, connection.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if !r.due(c.Due.Reconcile) {
		return nil
	}
	c, untold := r.tell(ctx, c)
	if err := r.step(ctx, c); err != nil {
		return err
	}
	return untold
}

// step does what the record needs most.
func (r *run) step(ctx context.Context, c connection.Connection) error {
	ref := connection.Ref{Tenant: c.Tenant, ID: c.ID}
	caller := auth.Job("queue-reconcile", ref.Tenant, r.requestID)
	switch {
	case c.Lifecycle == connection.Deleting:
		return r.told(ctx, caller, ref.ID, r.Connects.Resume)
	case c.Cutoff != nil && r.due(c.Cutoff.Next):
		return r.told(ctx, caller, ref.ID, r.Connects.ResumeCutoff)
	case r.due(c.Provisioning):
		return r.Connects.Abandon(ctx, caller, ref.ID)
	case r.due(c.Refresh.PromoteAt):
		return r.promote(ctx, caller, ref.ID)
	case r.due(c.RetireAt), c.GraceOver(r.Now()):
		return r.Connects.EndGrace(ctx, caller, ref.ID)
	case r.due(c.ReapplyAt):
		return r.Heirs.Reapply(ctx, caller, ref.ID)
	default:
		return r.plan(ctx, ref)
	}
}

func (r *run) due(at time.Time) bool { return !at.IsZero() && !at.After(r.Now()) }

// told goes on with what the provider is to be told.
func (r *run) told(ctx context.Context, caller auth.Caller, connectionID string, resume func(context.Context, auth.Caller, string) (method.Revocation, error)) error {
	revocation, err := resume(ctx, caller, connectionID)
	if err == nil && revocation == method.RevokePending {
		return errPending
	}
	if revocation == method.RevokeFailed {
		slog.WarnContext(ctx, "token could not be revoked", "tenant", caller.Tenant, "connection", connectionID)
	}
	return err
}

func (r *run) promote(ctx context.Context, caller auth.Caller, connectionID string) error {
	if err := r.Sleep(ctx, r.turn()); err != nil {
		return err
	}
	return r.Promoter.Promote(ctx, caller, connectionID)
}

// turn takes the next place in the line of promotions and returns how long it is
// until then.
func (s *Service) turn() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	if s.next.Before(now) {
		s.next = now
	}
	wait := s.next.Sub(now)
	s.next = s.next.Add(promotionPace)
	return wait
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
