package tenant

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/notify"
)

// Announced are the addresses that the organization knows calls to systems come
// from: those that were there when they were first looked at, and since then
// those it was told of. Nothing has been looked at while Version is 0.
type Announced struct {
	Addresses []string       // In their order as text.
	Outbox    []notify.Event // Of which nobody was told yet, oldest first: written with the addresses.
	Version   int64          // Counts the writes.
}

// EgressStore keeps the one record of a deployment.
type EgressStore interface {
	// GetEgress returns the record, which may be a moment old; the zero value if
	// there is none.
	GetEgress(ctx context.Context) (Announced, error)
	// UpdateEgress applies change to the record as it stands, or to the zero value,
	// and stores it; change may run again, and its error ends it.
	UpdateEgress(ctx context.Context, change func(*Announced) error) (Announced, error)
}

// Announcer tells the organization when calls to systems begin to come from other
// addresses: whoever lets them in by their address must hear of it.
type Announcer struct {
	Store     EgressStore
	Events    notify.Publisher
	Addresses []string // Those of this deployment; none where they change.
	Now       func() time.Time
}

// errKnown ends a write that would change nothing.
var errKnown = errors.New("nothing to be written")

// Announce compares the addresses with those the organization knows. The event is
// a part of the write that makes it true, and is told after it (ADR 0030): what a
// crash or the bus keeps from being told is told by the next call, under the same
// id. The addresses found first are news to nobody who deploys them, nor to who
// knew them before they were recorded: they are recorded and not told.
func (a *Announcer) Announce(ctx context.Context) error {
	record, err := a.Store.GetEgress(ctx)
	if err != nil {
		return fmt.Errorf("read announced addresses: %w", err)
	}
	if stale := record; a.note(&stale) == nil {
		if record, err = a.Store.UpdateEgress(ctx, a.note); err != nil && !errors.Is(err, errKnown) {
			return fmt.Errorf("record addresses: %w", err)
		}
	}
	return a.tell(ctx, record.Outbox)
}

// note brings the record up to what is deployed, or is errKnown.
func (a *Announcer) note(r *Announced) error {
	now := slices.Compact(slices.Sorted(slices.Values(a.Addresses)))
	added, removed := without(now, r.Addresses), without(r.Addresses, now)
	if len(added)+len(removed) == 0 {
		return errKnown
	}
	if r.Version > 0 {
		at := a.Now().UTC()
		r.Outbox = append(slices.Clone(r.Outbox), notify.Event{
			ID: id.Maker{Now: a.Now}.New(id.Event), Type: notify.EgressChanged, Tenant: auth.Organization, Resource: "egress", At: at,
			Detail: map[string]string{"added": strings.Join(added, ","), "removed": strings.Join(removed, ",")},
		})
	}
	r.Addresses = now
	return nil
}

// tell publishes the events, oldest first and up to the first that the bus does
// not take, and takes what was told off the record.
func (a *Announcer) tell(ctx context.Context, events []notify.Event) error {
	var told []string
	var failed error
	for _, e := range events {
		if failed = a.Events.Publish(ctx, e); failed != nil {
			failed = fmt.Errorf("tell of addresses: %w", failed)
			break
		}
		told = append(told, e.ID)
	}
	if len(told) == 0 {
		return failed
	}
	_, err := a.Store.UpdateEgress(ctx, func(r *Announced) error {
		left := slices.DeleteFunc(slices.Clone(r.Outbox), func(e notify.Event) bool { return slices.Contains(told, e.ID) })
		if len(left) == len(r.Outbox) {
			return errKnown
		}
		r.Outbox = left
		return nil
	})
	if errors.Is(err, errKnown) {
		err = nil // Another took it off.
	}
	return errors.Join(failed, err)
}

// without returns what is in all and not in others.
func without(all, others []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(each string) bool { return slices.Contains(others, each) })
}
