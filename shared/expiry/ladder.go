package expiry

import (
	"time"

	"github.com/tenonhq/tenon/shared/tenant"
)

// How often a record is looked at. Nothing is rewritten when a tenant changes its
// settings: what a new ladder may concern is looked at every day, everything else
// every week, which is when a change of the catalog or of the rotation is seen.
const (
	horizon = 366 * day // From when before a date a step may lie; the longest is of 365 days.
	cadence = day
	idle    = 7 * day
	// late is until when after a date the last step is told that nobody was told
	// of, because the service, or the reminding, was off.
	late = 7 * day
)

// crossed returns the newest step of the ladder that has come, in days before the
// date; none before the first and long after the date.
func crossed(at time.Time, ladder []int, now time.Time) (days int, ok bool) {
	for _, step := range ladder {
		if !now.Before(stepTime(at, step)) && (!ok || step < days) {
			days, ok = step, true
		}
	}
	return days, ok && now.Before(at.Add(late))
}

// nextStep returns when the next step of the ladder comes; zero when none does.
func nextStep(at time.Time, ladder []int, now time.Time) time.Time {
	var next time.Time
	for _, step := range ladder {
		if t := stepTime(at, step); now.Before(t) {
			next = sooner(next, t)
		}
	}
	return next
}

func stepTime(at time.Time, days int) time.Time { return at.Add(-time.Duration(days) * day) }

// nextLook returns when a date is looked at again; zero is never. It depends on
// the time alone at which the record was read, so that a step that comes during
// the run is still ahead.
func (d Date) nextLook(settings tenant.Settings, now time.Time) time.Time {
	switch {
	case d.Renews:
		return now.Add(min(idle, max(cadence, d.At.Sub(now)/2)))
	case d.Kind == Rotation && now.Before(d.At):
		return d.At
	case d.Kind == Rotation, !now.Before(d.At.Add(late)):
		return time.Time{}
	case d.Kind == Sunset:
		return nextStep(d.At, settings.Days(), now)
	}
	again := now.Add(cadence)
	if begins := d.At.Add(-horizon); again.Before(begins) {
		again = begins
	}
	return sooner(again, nextStep(d.At, settings.Days(), now))
}

// reminder returns when somebody is reminded next; zero when nobody is.
func (d Date) reminder(settings tenant.Settings, now time.Time) time.Time {
	switch {
	case d.Renews || !settings.Reminders:
		return time.Time{}
	case d.Kind != Rotation:
		return nextStep(d.At, settings.Days(), now)
	case now.Before(d.At):
		return d.At
	}
	return time.Time{}
}

// sooner returns the earlier of two times that may be zero for never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
