package outage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
)

const (
	paceKey    = "pace:"
	slotTime   = time.Minute           // Longer than a call, its refresh and its repetition take.
	patience   = 2 * time.Second       // How long a caller waits for its turn in place.
	turnLead   = 20 * time.Millisecond // How far ahead a turn is at least: writing it down takes time.
	paceSpread = time.Minute           // Over what time those come back that had no place.
)

// errFull says that nothing was taken.
var errFull = errors.New("no place is free")

// Enter takes a place at a provider that is to be called at a pace, as API names
// it, and waits for its turn where that comes soon. Else it is fault retry_later
// with the time after which to try again. It costs nothing where there is no pace.
// must is for a caller that does not wait: it takes a place and a turn even if
// none is free, which those that wait then lack. leave, which is never nil, gives
// the place back; it frees itself after a minute. A turn is never given back.
func (m *Monitor) Enter(ctx context.Context, provider string, pace catalog.Pace, must bool) (leave func(), err error) {
	if provider == "" || pace == (catalog.Pace{}) {
		return func() {}, nil
	}
	var now, turn, end time.Time
	var refused time.Duration
	_, err = m.Store.Update(ctx, paceKey+provider, func(r *Record) error {
		now = m.Now().UTC()
		r.Slots = slices.DeleteFunc(slices.Clone(r.Slots), func(until time.Time) bool { return !now.Before(until) })
		if turn = later(m.soonest(now, pace, must), r.TurnAt); !must {
			if refused = m.refuses(turn.Sub(now), len(r.Slots), pace); refused > 0 {
				return errFull
			}
		}
		r.TurnAt, end = turn.Add(pace.Interval()), later(now, turn).Add(slotTime)
		if pace.Concurrency > 0 {
			r.Slots = append(r.Slots, end)
		}
		return nil
	})
	switch {
	case errors.Is(err, errFull):
		return func() {}, fault.New(fault.Unavailable, fault.CodeRetryLater, "The system is called slowly, and it is not the turn of this connection yet.").
			WithRemedy("retry").Retry(refused)
	case err != nil: // Our own trouble holds nobody up.
		slog.WarnContext(ctx, "enter provider", "provider", provider, "error", err)
		return func() {}, nil
	}
	leave = func() {}
	if pace.Concurrency > 0 {
		leave = func() { m.leave(context.WithoutCancel(ctx), provider, end) }
	}
	if wait := turn.Sub(m.Now()); wait > 0 && !must {
		if err := m.Sleep(ctx, wait); err != nil {
			leave()
			return func() {}, fmt.Errorf("wait for a turn: %w", err)
		}
	}
	return leave, nil
}

// soonest is when a turn may be at the soonest. One of a caller that waits for it
// is a little ahead, so that none begins late and the next too close behind it.
func (m *Monitor) soonest(now time.Time, pace catalog.Pace, must bool) time.Time {
	if must || m.Sleep == nil || pace.Interval() == 0 {
		return now
	}
	return now.Add(turnLead)
}

// refuses returns after what time a caller that may wait is to come back, zero
// when it gets a turn after wait: those that are far behind are spread over as
// long again, and those without a place over a minute.
func (m *Monitor) refuses(wait time.Duration, taken int, pace catalog.Pace) time.Duration {
	longest := patience
	if m.Sleep == nil {
		longest = 0
	}
	switch {
	case pace.Concurrency > 0 && taken >= pace.Concurrency:
		return max(wait, time.Second, pace.Interval()) + rand.N(paceSpread)
	case wait > longest:
		return wait + rand.N(min(wait, paceSpread))
	default:
		return 0
	}
}

// leave gives a place back.
func (m *Monitor) leave(ctx context.Context, provider string, end time.Time) {
	m.update(ctx, Pass{Provider: paceKey + provider}, func(r *Record) {
		if i := slices.IndexFunc(r.Slots, end.Equal); i >= 0 {
			r.Slots = slices.Delete(slices.Clone(r.Slots), i, i+1)
		}
	})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
