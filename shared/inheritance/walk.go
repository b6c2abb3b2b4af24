// Package inheritance takes a change of a template to the connections that were
// made from it, of all tenants, one after the other and however often the walk is
// cut short. It depends on packages audit, auth, connection, due, fault, id, lease,
// method, notify, template and vault.
//
// The template says which revision its connections are to have and how far the walk
// has come; every connection says which one it has. A connection that was refreshed
// or replaced meanwhile has it already.
package inheritance

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

// Walker walks.
type Walker struct {
	Store       template.Store
	Connections connection.Store
	Templates   Resolver
	Sealer      *vault.Sealer
	Secrets     vault.Secrets
	Events      notify.Publisher
	Audit       *audit.Log
	IDs         id.Maker
	Now         func() time.Time
}

// Resolver finds what a connection inherits: *template.Service.
type Resolver interface {
	Resolve(ctx context.Context, c connection.Connection) (method.Target, error)
	Address(ctx context.Context, c connection.Connection) (method.Target, error)
}

const (
	pageSize = 100
	atOnce   = 16
	// claimTime is how long a run may take; longer than the function may.
	claimTime = 4 * time.Minute
	// margin is the time one page may need.
	margin = time.Minute
	// firstPause is until the pass after one that left something; doubled for each
	// further one, at most longestPause. After mostPasses what is left keeps what it
	// has until it is refreshed or connected again.
	firstPause   = time.Minute
	longestPause = time.Hour
	mostPasses   = 12
)

// errTaken says that another run walks, or that there is nothing to walk for.
var errTaken = errors.New("the walk is not this run's")

// Due goes on with the walk of one template until it is done, has to wait, or the
// time of the run is over. The record decides: the index may be late.
func (w *Walker) Due(ctx context.Context, requestID string, item due.Item) error {
	r := run{Walker: w, requestID: requestID, owner: w.IDs.New(id.Lease)}
	if err := r.claim(ctx, item.Tenant, item.ID); err != nil {
		if errors.Is(err, errTaken) || errors.Is(err, template.ErrNotFound) {
			return nil
		}
		return err
	}
	for r.record.Inheritance.Owner == r.owner {
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
			return r.release(ctx, nil)
		}
		if err := r.page(ctx); err != nil {
			return r.release(ctx, err)
		}
	}
	return nil
}

// run is one run of the walk of one template.
type run struct {
	*Walker
	requestID, owner string
	record           template.Template
	own              bool // It is the connection's own inputs that were changed.
}

// claim makes the walk this run's, or errTaken.
func (r *run) claim(ctx context.Context, owner, templateID string) error {
	taken := false
	record, err := r.Store.Update(ctx, owner, templateID, func(t *template.Template) error {
		walk, now := &t.Inheritance, r.Now().UTC()
		if walk.Due.IsZero() || walk.Due.After(now) {
			return errTaken
		}
		if taken = walk.Until.After(now); taken {
			walk.Due = walk.Until // Look again when whoever walks should be done.
			return nil
		}
		r.hold(walk)
		return nil
	})
	if err == nil && taken {
		return errTaken
	}
	r.record = record
	return err
}

// hold makes the walk this run's for a time, after which it is due again.
func (r *run) hold(walk *template.Inheritance) {
	walk.Owner, walk.Until = r.owner, r.Now().UTC().Add(claimTime)
	walk.Due = walk.Until
}

// release gives the walk back so that it goes on soon.
func (r *run) release(ctx context.Context, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := r.note(ctx, func(walk *template.Inheritance) {
		walk.Owner, walk.Until, walk.Due = "", time.Time{}, r.Now().UTC().Add(due.Soon)
	})
	if err != nil && !errors.Is(err, errTaken) {
		return errors.Join(cause, err)
	}
	return due.Planned(cause)
}

// note changes the walk while it is this run's. A change of the template begins
// another.
func (r *run) note(ctx context.Context, change func(*template.Inheritance)) (err error) {
	r.record, err = r.Store.Update(ctx, r.record.Owner, r.record.ID, func(t *template.Template) error {
		if t.Inheritance.Owner != r.owner {
			return errTaken
		}
		change(&t.Inheritance)
		return nil
	})
	return err
}

// page deals with the next connections and notes how far that goes. What was not
// noted is dealt with again.
func (r *run) page(ctx context.Context) error {
	t := r.record
	found, cursor, err := r.Store.UsedBy(ctx, t.Owner, t.ID, t.Inheritance.Cursor, pageSize)
	if err != nil {
		return err
	}
	left := r.deal(ctx, found)
	if err := ctx.Err(); err != nil {
		return err
	}
	err = r.note(ctx, func(walk *template.Inheritance) {
		r.hold(walk)
		walk.Cursor, walk.Left = cursor, walk.Left+left
		if cursor == "" {
			endPass(walk, r.Now().UTC())
		}
	})
	if errors.Is(err, errTaken) || errors.Is(err, template.ErrNotFound) {
		r.record.Inheritance.Owner = ""
		return nil
	}
	return err
}

// endPass says how the walk goes on: it is over once a whole pass left nothing.
func endPass(walk *template.Inheritance, now time.Time) {
	if walk.Left == 0 || walk.Passes+1 >= mostPasses {
		*walk = template.Inheritance{}
		return
	}
	pause := min(firstPause<<walk.Passes, longestPause)
	*walk = template.Inheritance{Revision: walk.Revision, Passes: walk.Passes + 1, Due: now.Add(max(pause, due.Soon))}
}

// deal takes the change to connections, several at once, and returns how many could
// not take it over.
func (r *run) deal(ctx context.Context, found []connection.Ref) (left int) {
	var group sync.WaitGroup
	places, failed := make(chan struct{}, atOnce), make(chan struct{}, len(found))
	for _, ref := range found {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			if err := r.take(ctx, ref); err != nil {
				slog.WarnContext(ctx, "inherit from template", "template", r.record.ID, "connection", ref.ID, "error", err)
				failed <- struct{}{}
			}
		})
	}
	group.Wait()
	return len(failed)
}
