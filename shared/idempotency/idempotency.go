// Package idempotency makes creating requests safe to repeat (the
// Idempotency-Key header). It depends on packages auth, fault and id.
//
// The first request with a key reserves the identifier of what it will create.
// A repetition finds the reservation: while the first runs it is told to wait,
// after it ended it gets the same thing, and when the first died it takes the
// reservation over and creates the same identifier, so nothing exists twice.
package idempotency

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
)

// Record is one reserved key of a tenant.
type Record struct {
	Tenant      string
	Key         string // Route and the caller's key.
	Fingerprint string // Of what was asked, without secrets.
	ResourceID  string
	Done        bool
	Until       time.Time // A reservation not done by then may be taken over.
	Expires     time.Time // The record is forgotten.
}

// Store keeps records.
type Store interface {
	// Reserve stores r if there is no record of the key, or if the one there is
	// neither done nor younger than now; it returns the record that stands, and
	// whether it was reserved by this call. A record taken over keeps its
	// ResourceID.
	Reserve(ctx context.Context, r Record, now time.Time) (Record, bool, error)
	Finish(ctx context.Context, tenant, key string) error
	Release(ctx context.Context, tenant, key string) error
	// Forget removes the record of the key, finished or not, if it is that of the
	// resource.
	Forget(ctx context.Context, tenant, key, resourceID string) error
}

// Keys runs creating requests once per key.
type Keys struct {
	Store Store
	IDs   id.Maker
	Now   func() time.Time
}

// The times of a reservation.
const (
	runTime  = time.Minute
	keepTime = 24 * time.Hour
)

// ErrLeft is joined to the error of a request that could not remove what it had
// begun.
var ErrLeft = errors.New("something is left")

// Request is a creating request.
type Request struct {
	Route       string
	Key         string // The header; empty runs the request unconditionally.
	Fingerprint string
	Prefix      id.Prefix // Of the identifier to allocate.
	// Keep is how long the key is remembered; zero is a day.
	Keep time.Duration
	// Gone reports whether what an earlier request made is there no more: its key
	// is free then, whatever the request was. Nil keeps every key for its time.
	Gone func(resourceID string) (bool, error)
}

// Do runs create with an allocated identifier, or replay with the identifier of
// the request before. A request that fails releases its key: it may be
// corrected and sent again. One that took over, or that could not remove what it
// had begun, keeps it, and the next takes over after the time of a run.
func Do[T any](ctx context.Context, k *Keys, caller auth.Caller, r Request, create, replay func(resourceID string) (T, error)) (T, error) {
	var none T
	if r.Key == "" {
		return create(k.IDs.New(r.Prefix))
	}
	now, resourceID := k.Now().UTC(), k.IDs.New(r.Prefix)
	keep := cmp.Or(r.Keep, keepTime)
	record, reserved, err := k.reserve(ctx, r, Record{
		Tenant: caller.Tenant, Key: r.Route + "#" + r.Key, Fingerprint: r.Fingerprint, ResourceID: resourceID,
		Until: now.Add(runTime), Expires: now.Add(keep),
	}, now)
	switch {
	case err != nil:
		return none, err
	case record.Fingerprint != r.Fingerprint:
		return none, fault.New(fault.Conflict, fault.CodeIdempotencyMismatch, "This Idempotency-Key was used for another request.")
	case record.Done:
		return replay(record.ResourceID)
	case !reserved:
		return none, fault.New(fault.Conflict, fault.CodeIdempotencyPending, "The request with this Idempotency-Key is still running.").Retry(time.Second)
	}
	out, err := create(record.ResourceID)
	if fault.Has(err, fault.CodeConflict) {
		out, err = replay(record.ResourceID) // An earlier run got this far before it died.
	}
	if err != nil && (record.ResourceID != resourceID || errors.Is(err, ErrLeft)) {
		return none, err // What is left is still to be finished, under its identifier.
	}
	if err != nil {
		return none, errors.Join(err, k.Store.Release(context.WithoutCancel(ctx), caller.Tenant, record.Key))
	}
	return out, k.Store.Finish(ctx, caller.Tenant, record.Key)
}

// reserve is Store.Reserve, once more where the key is that of something that is
// gone. A request that may still be running keeps its key.
func (k *Keys) reserve(ctx context.Context, r Request, wanted Record, now time.Time) (Record, bool, error) {
	record, reserved, err := k.Store.Reserve(ctx, wanted, now)
	if err != nil || reserved || r.Gone == nil || !record.Done && now.Before(record.Until) {
		return record, reserved, err
	}
	gone, err := r.Gone(record.ResourceID)
	if err != nil || !gone {
		return record, false, err
	}
	if err := k.Store.Forget(ctx, record.Tenant, record.Key, record.ResourceID); err != nil {
		return record, false, err
	}
	return k.Store.Reserve(ctx, wanted, now)
}
