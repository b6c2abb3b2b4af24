package killswitch

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/notify"
)

// Walker carries kill switches out.
type Walker struct {
	Store       Store
	Tenants     Tenants
	Connections connection.Store
	Connects    Connects
	Events      notify.Publisher
	Audit       *audit.Log
	IDs         id.Maker
	Now         func() time.Time
}

// Connects takes credentials away: *connect.Service.
type Connects interface {
	CutOff(ctx context.Context, caller auth.Caller, connectionID string, reason connection.Reason, wanted func(*connection.Connection) bool) (method.Revocation, error)
}

const (
	// claimTime is how long a run may take; longer than the function may.
	claimTime = 4 * time.Minute
	// margin is the time one page may need: its connections, sixteen at once, wait
	// fifteen seconds each for a provider that hangs.
	margin = time.Minute
	// firstPause is until the pass after one that left something; doubled for each
	// further one, at most longestPause.
	firstPause   = time.Minute
	longestPause = time.Hour
)

// errTaken says that another run walks, or that there is nothing to walk for.
var errTaken = errors.New("the walk is not this run's")

// Due goes on with the walk of one switch until it is done, has to wait, or the
// time of the run is over. The record decides: the index may be late.
func (w *Walker) Due(ctx context.Context, requestID string, item due.Item) error {
	r := run{Walker: w, requestID: requestID, owner: w.IDs.New(id.Lease)}
	if err := r.claim(ctx, item.ID); err != nil {
		if errors.Is(err, errTaken) || errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	}
	for r.record.Walk.Owner == r.owner {
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
			return r.release(ctx, nil)
		}
		if err := r.page(ctx); err != nil {
			return r.release(ctx, err)
		}
	}
	return nil
}

// run is one run of the walk of one switch.
type run struct {
	*Walker
	requestID, owner string
	record           Record
}

// claim makes the walk this run's, or errTaken.
func (r *run) claim(ctx context.Context, switchID string) error {
	taken := false
	record, err := r.Store.Update(ctx, switchID, func(x *Record) error {
		now := r.Now().UTC()
		if x.Due.IsZero() || x.Due.After(now) {
			return errTaken
		}
		if taken = x.Walk.Until.After(now); taken {
			x.Due = x.Walk.Until // Look again when whoever walks should be done.
			return nil
		}
		x.hold(r.owner, now)
		return nil
	})
	if err == nil && taken {
		return errTaken
	}
	r.record = record
	return err
}

// hold makes the walk the owner's for a time, after which it is due again.
func (r *Record) hold(owner string, now time.Time) {
	r.Walk.Owner, r.Walk.Until = owner, now.Add(claimTime)
	r.Due = r.Walk.Until
}

// park gives the walk back until it goes on.
func (r *Record) park(at time.Time) { r.Walk.Owner, r.Walk.Until, r.Due = "", time.Time{}, at }

// release gives the walk back so that it goes on soon.
func (r *run) release(ctx context.Context, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, err := r.Store.Update(ctx, r.record.ID, func(x *Record) error {
		if x.Walk.Owner != r.owner {
			return errTaken
		}
		x.park(r.Now().UTC().Add(due.Soon))
		return nil
	})
	if err != nil && !errors.Is(err, errTaken) {
		return errors.Join(cause, err)
	}
	return due.Planned(cause)
}

// page deals with the next connections and notes how far that goes. What was not
// noted is dealt with again.
func (r *run) page(ctx context.Context) error {
	found, cursor, end, err := r.read(ctx)
	if err != nil {
		return err
	}
	active, err := r.Store.Active(ctx)
	if err != nil {
		return err
	}
	counts, changed := r.deal(ctx, found, active)
	if err := ctx.Err(); err != nil {
		return err
	}
	advance := func(x *Record) {
		x.Walk.Cursor, x.Walk.Changed = cursor, x.Walk.Changed+changed
		x.Walk.Counts = x.Walk.Counts.plus(counts)
		if end {
			x.endPass(r.Now().UTC())
		}
	}
	left := r.record.Walk.Counts.plus(counts)
	if r.record.Phase == Cutting {
		metric.Gauge(ctx, metric.KillLeft, left.Pending+left.Failed)
	}
	ahead := r.record
	if advance(&ahead); ahead.Phase == Done {
		if err := r.finished(ctx, ahead); err != nil { // Told first: what dies in between is told twice, not never.
			return err
		}
	}
	r.record, err = r.Store.Update(ctx, r.record.ID, func(x *Record) error {
		if x.Walk.Owner != r.owner {
			return errTaken
		}
		x.hold(r.owner, r.Now().UTC())
		if x.Walk.Pass == r.record.Walk.Pass { // Else it was lifted meanwhile, and the page is of no account.
			advance(x)
		}
		return nil
	})
	return err
}

// endPass says how the walk goes on: it is over once a whole pass found nothing to
// do and left nothing for later.
func (r *Record) endPass(now time.Time) {
	left := r.Walk.Counts.Pending + r.Walk.Counts.Failed
	if r.Phase == Cutting {
		r.Walk.Whole = r.Walk.Counts
	}
	if left == 0 && r.Walk.Changed == 0 {
		if r.Phase == Cutting {
			r.Phase, r.FinishedAt = Done, now
		} else {
			r.Phase = Lifted
		}
		r.Walk = Walk{Pass: r.Walk.Pass + 1, Whole: r.Walk.Whole}
		r.park(time.Time{})
		return
	}
	pause := min(firstPause<<min(r.Walk.Unended, 10), longestPause)
	r.Walk = Walk{Pass: r.Walk.Pass + 1, Whole: r.Walk.Whole, Unended: r.Walk.Unended, Owner: r.Walk.Owner, Until: r.Walk.Until}
	if left > 0 {
		r.Walk.Unended++
		r.park(now.Add(max(pause, due.Soon)))
	}
}

// finished tells that nothing of the scope has a credential any more. Told again,
// the event has the same id.
func (r *run) finished(ctx context.Context, x Record) error {
	tenant := auth.Organization
	if x.Scope == ScopeTenant {
		tenant = x.Tenant
	}
	n := x.Progress()
	event := notify.Event{ID: id.Derived(id.Event, x.StartedAt, notify.KillSwitchFinished, x.ID), Type: notify.KillSwitchFinished, Tenant: tenant, Resource: x.ID, At: x.FinishedAt, Detail: map[string]string{
		"scope": string(x.Scope), "total": strconv.Itoa(n.Total), "disabled": strconv.Itoa(n.Disabled),
		"revoked": strconv.Itoa(n.Revoked), "irrevocable": strconv.Itoa(n.Irrevocable),
	}}
	if x.Connector != "" {
		event.Detail["connector"] = x.Connector
	}
	if err := r.Events.Publish(ctx, event); err != nil {
		return fmt.Errorf("tell that %s is done: %w", x.ID, err)
	}
	return nil
}
