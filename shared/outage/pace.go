package outage

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
)

const (
	paceKey    = "pace:"
	slotTime   = time.Minute // Longer than a call, its refresh and its repetition take.
	paceSpread = time.Minute // Over what time those come back that had no turn.
)

// errFull says that nothing was taken.
var errFull = errors.New("no place is free")

// Enter takes a place at a provider that is to be called at a pace, as API names
// it, or is fault retry_later with the time after which to try again. It costs
// nothing where there is no pace. must is for a caller that does not wait: it
// takes a place even if none is free, which those that wait then lack. leave,
// which is never nil, gives the place back; it frees itself after a minute.
func (m *Monitor) Enter(ctx context.Context, provider string, pace catalog.Pace, must bool) (leave func(), err error) {
	if provider == "" || pace == (catalog.Pace{}) {
		return func() {}, nil
	}
	now, wait := m.Now().UTC(), time.Duration(0)
	end := now.Add(slotTime)
	_, err = m.Store.Update(ctx, paceKey+provider, func(r *Record) error {
		r.Slots = slices.DeleteFunc(slices.Clone(r.Slots), func(until time.Time) bool { return !now.Before(until) })
		if wait = r.full(now, pace); wait > 0 && !must {
			return errFull
		}
		r.TurnAt = later(now, r.TurnAt).Add(pace.Interval())
		if pace.Concurrency > 0 {
			r.Slots = append(r.Slots, end)
		}
		return nil
	})
	switch {
	case errors.Is(err, errFull):
		return func() {}, fault.New(fault.Unavailable, fault.CodeRetryLater, "The system is called slowly, and it is not the turn of this connection yet.").
			WithRemedy("retry").Retry(wait + rand.N(paceSpread))
	case err != nil: // Our own trouble holds nobody up.
		slog.WarnContext(ctx, "enter provider", "provider", provider, "error", err)
		return func() {}, nil
	case pace.Concurrency == 0:
		return func() {}, nil
	}
	return func() { m.leave(context.WithoutCancel(ctx), provider, end) }, nil
}

// leave gives a place back.
func (m *Monitor) leave(ctx context.Context, provider string, end time.Time) {
	m.update(ctx, Pass{Provider: paceKey + provider}, func(r *Record) {
		if i := slices.IndexFunc(r.Slots, end.Equal); i >= 0 {
			r.Slots = slices.Delete(slices.Clone(r.Slots), i, i+1)
		}
	})
}

// full returns how long there is no place yet; zero when there is one.
func (r *Record) full(now time.Time, pace catalog.Pace) time.Duration {
	wait := max(0, r.TurnAt.Sub(now))
	if pace.Concurrency > 0 && len(r.Slots) >= pace.Concurrency {
		wait = max(wait, time.Second, pace.Interval())
	}
	return wait
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
