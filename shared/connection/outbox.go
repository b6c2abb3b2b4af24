package connection

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/notify"
)

// mostUntold bounds the outbox: some 300 bytes an event, in an item that is read
// with every lease.
const mostUntold = 20

// Tell puts an event on the record, in the write that makes it true. Whoever
// writes drains the outbox after it, as Transition does; what a crash or the bus
// keeps from that is left to the reconciler. detail is of ids, statuses, reason
// codes and dates; the connector is added to it.
func (c *Connection) Tell(eventType string, at time.Time, detail map[string]string) {
	flat := map[string]string{"connector": c.Connector}
	maps.Copy(flat, detail)
	clock := func() time.Time { return at }
	c.put(notify.Event{
		ID: id.Maker{Now: clock}.New(id.Event), Type: eventType, Tenant: c.Tenant, Resource: c.ID, At: at, Detail: flat,
	})
}

// TellDeleted tells that the deletion is settled, and not that it was begun
// where nobody was told of that yet: a deletion that goes through at once is one
// event.
func (c *Connection) TellDeleted(at time.Time) {
	c.Outbox = slices.DeleteFunc(slices.Clone(c.Outbox), func(e notify.Event) bool {
		return e.Type == notify.ConnectionStatus && e.Detail["reason"] == string(ReasonDeleting)
	})
	c.Tell(notify.ConnectionDeleted, at, map[string]string{"revocation": c.Deletion.Revocation})
}

func (c *Connection) put(e notify.Event) {
	if len(c.Outbox) == 0 {
		c.OutboxAt = e.At.Add(due.Soon)
	}
	c.Outbox = append(slices.Clone(c.Outbox), e)
	if len(c.Outbox) > mostUntold {
		c.Outbox = condense(c.Outbox)
	}
	c.PlanReconcile()
}

// condense leaves out the oldest event that a later one of its type stands for:
// of two changes of the status the later is told, with what was before the
// first. There are fewer types than an outbox holds, so there always is one.
func condense(events []notify.Event) []notify.Event {
	for i, e := range events {
		for j := range events[i+1:] {
			later := &events[i+1+j]
			if later.Type != e.Type {
				continue
			}
			if previous, ok := e.Detail["previous"]; ok {
				later.Detail = maps.Clone(later.Detail)
				later.Detail["previous"] = previous
			}
			slog.Warn("outbox is full", "connection", e.Resource, "leftOut", e.ID, "toldBy", later.ID)
			return slices.Delete(events, i, i+1)
		}
	}
	return events
}

// Change applies a change to the record, keeps Since in step with the derived
// status and tells of the status when it is another. It is for use within
// Store.Update, by who drains the outbox later; all others use Transition.
func (c *Connection) Change(now time.Time, apply func(*Connection) error) error {
	before, untold := StatusOf(c, now), c.Outbox
	c.Outbox = nil
	if err := apply(c); err != nil {
		return err
	}
	news := c.Outbox
	c.Outbox, c.UpdatedAt = untold, now
	if after := StatusOf(c, now); after != before {
		c.Since = now
		c.Tell(notify.ConnectionStatus, now, map[string]string{"status": after.Name, "reason": string(after.Reason), "previous": before.Name})
	}
	for _, e := range news { // After the status: "it is active", then "it was connected".
		c.put(e)
	}
	return nil
}

// Publish tells what the record has told nobody yet, oldest first and up to the
// first that the bus does not take, and returns the ids of what was told. The
// record keeps all of it.
func Publish(ctx context.Context, events notify.Publisher, c Connection) (told []string, err error) {
	for _, e := range c.Outbox {
		if err := events.Publish(ctx, e); err != nil {
			return told, err
		}
		told = append(told, e.ID)
	}
	return told, nil
}

// Drain publishes what the record has told nobody yet, and then takes what was
// told off the stored record, in one write that leaves alone what others did
// meanwhile. Who dies in between has told it, and it is told again with the same
// ids. It returns the record as that write left it; or c, if others wrote too.
func Drain(ctx context.Context, store Store, events notify.Publisher, c Connection) (Connection, error) {
	told, failed := Publish(ctx, events, c)
	metric.Count(ctx, metric.Untold, len(c.Outbox)-len(told))
	if len(told) == 0 {
		return c, failed
	}
	stored, err := store.Update(ctx, c.Tenant, c.ID, func(c *Connection) error { return c.forget(told) })
	switch {
	case errors.Is(err, errForgotten), errors.Is(err, ErrNotFound):
		return c, failed
	case err != nil:
		return c, errors.Join(failed, err)
	case stored.Version == c.Version+1:
		return stored, failed
	}
	return c, failed
}

// errForgotten ends a write that would change nothing.
var errForgotten = errors.New("another took it off")

// forget takes events off the record that were told.
func (c *Connection) forget(told []string) error {
	left := slices.DeleteFunc(slices.Clone(c.Outbox), func(e notify.Event) bool { return slices.Contains(told, e.ID) })
	if len(left) == len(c.Outbox) {
		return errForgotten
	}
	c.Outbox = left
	if len(left) == 0 {
		c.Outbox, c.OutboxAt = nil, time.Time{}
	}
	c.PlanReconcile()
	return nil
}

// newest is the id of the event told last; empty for none.
func (c *Connection) newest() string {
	if len(c.Outbox) == 0 {
		return ""
	}
	return c.Outbox[len(c.Outbox)-1].ID
}
