package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/metric"
)

// Due attempts a delivery whose next attempt is due. The index may be late or
// doubled, so the record decides.
func (s *Service) Due(ctx context.Context, requestID string, item due.Item) error {
	return s.attempt(ctx, requestID, item.Tenant, item.ID, false)
}

// errIdle ends an update that has nothing to do.
var errIdle = errors.New("nothing to do")

// result is what came of an attempt. state is Pending for what is to be tried
// again.
type result struct {
	state   State
	outcome string
	status  int
	took    time.Duration
	wait    time.Duration
	err     error // For the log.
}

// attempt claims the delivery, sends and records what came of it. now attempts
// one that was just made, which is due only later. A claim is the planning of
// the next attempt for the time when this one counts as dead.
func (s *Service) attempt(ctx context.Context, requestID, tenant, id string, now bool) error {
	at := s.Now().UTC()
	over := false
	d, err := s.Store.Update(ctx, tenant, id, func(d *Delivery) error {
		ready := now && d.Attempts == 0 || !d.Due.After(at.Add(early))
		if d.State != Pending || !ready {
			return errIdle
		}
		if over = d.overdue(); over {
			d.ended(Failed, d.Outcome)
			return nil
		}
		d.claimed(at)
		return nil
	})
	if errors.Is(err, errIdle) || errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("claim delivery %s: %w", id, err)
	}
	if over {
		measure(ctx, d)
		slog.WarnContext(ctx, "delivery", "tenant", d.Tenant, "target", d.Target, "event", d.Event.ID, "type", d.Event.Type, "state", d.State, "attempts", d.Attempts)
		return nil
	}
	send := s.post
	if d.Target == Mail {
		send = s.mail
	}
	r, err := send(ctx, requestID, d)
	if err != nil {
		return fmt.Errorf("attempt delivery %s: %w", id, err) // The claim ends, and it is attempted again.
	}
	return s.record(ctx, d, r)
}

// record notes the result. A claim that was overtaken notes only that it was
// delivered.
func (s *Service) record(ctx context.Context, mine Delivery, r result) error {
	random := s.Random()
	d, err := s.Store.Update(context.WithoutCancel(ctx), mine.Tenant, mine.ID(), func(d *Delivery) error {
		if d.State != Pending || d.Attempts != mine.Attempts && r.state != Delivered {
			return errIdle
		}
		d.Status, d.Took = r.status, r.took
		d.ended(r.state, r.outcome)
		if r.state != Pending {
			return nil
		}
		if d.Due = d.next(s.Now().UTC(), r.wait, random); d.Due.IsZero() {
			d.State = Failed
		}
		return nil
	})
	if errors.Is(err, errIdle) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("record delivery %s: %w", mine.ID(), err)
	}
	measure(ctx, d)
	slog.InfoContext(ctx, "delivery", "tenant", d.Tenant, "target", d.Target, "event", d.Event.ID, "type", d.Event.Type, "state", d.State,
		"outcome", d.Outcome, "status", d.Status, "attempts", d.Attempts, "ms", d.Took.Milliseconds(), "next", d.Due)
	if r.state == Pending {
		return due.Planned(fmt.Errorf("%s: %w", r.outcome, r.err))
	}
	return nil
}

// measure counts an attempt by what came of it. What nobody wants is none.
func measure(ctx context.Context, d Delivery) {
	name, outcome := metric.Deliveries, map[State]string{Delivered: "delivered", Pending: "failed", Failed: "given_up"}[d.State]
	if d.Target == Mail {
		name, outcome = metric.Mails, map[State]string{Delivered: "sent", Pending: "failed", Failed: "failed"}[d.State]
	}
	if outcome != "" {
		metric.Count(ctx, name, 1, metric.Outcome(outcome))
	}
}
