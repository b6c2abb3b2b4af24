package expiry

import (
	"context"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/tenant"
)

// Marker is the memory of one step that is told once: of a date of a resource,
// or, of a rotation, of the day on which the key was set. It holds the event, so
// that whoever finishes what was cut short publishes the same.
type Marker struct {
	Tenant   string
	Kind     Kind
	Resource string
	Date     time.Time
	Step     int // In days before the date; zero for a rotation.
	Event    notify.Event
	Told     bool
}

// MarkerMemory is how long a marker is kept after its event: longer than any
// step lies before its date, with the days in which it is still told. Of a key
// that is as old then a tenant is reminded again.
const MarkerMemory = 400 * day

// claimTime is how long whoever claimed a step has to tell of it. Then somebody
// else does.
const claimTime = 2 * time.Minute

// newMarker returns the step of a date that is to be told now, if one is.
func newMarker(d Date, settings tenant.Settings, now time.Time) (Marker, bool) {
	m := Marker{Tenant: d.Tenant, Kind: d.Kind, Resource: d.Resource, Date: d.At}
	if d.Kind == Rotation {
		m.Date = d.SetAt
		m.Event = notify.Event{Type: notify.RotationDue, Detail: map[string]string{
			"setAt": d.SetAt.UTC().Format(time.RFC3339), "ageDays": strconv.Itoa(int(now.Sub(d.SetAt) / day)),
		}}
		m.complete(d, now)
		return m, !now.Before(d.At)
	}
	step, ok := crossed(d.At, settings.Days(), now)
	m.Step = step
	m.Event = notify.Event{Type: notify.ExpirationDue, Detail: map[string]string{
		"kind": string(d.Kind), "renewal": d.renewal(), "lapsesAt": d.At.UTC().Format(time.RFC3339), "daysBefore": strconv.Itoa(step),
	}}
	m.complete(d, now)
	return m, ok
}

func (m *Marker) complete(d Date, now time.Time) {
	m.Event.Tenant, m.Event.Resource, m.Event.At = d.Tenant, d.Resource, now
	if d.Connector != "" {
		m.Event.Detail["connector"] = d.Connector
	}
}

// tell publishes the event of a step unless that was done. While somebody else
// is about to, it returns when to look whether that happened; zero otherwise.
func (s *Service) tell(ctx context.Context, m Marker) (again time.Time, err error) {
	m.Event.ID = s.IDs.New(id.Event)
	stands, claimed, err := s.Store.Claim(ctx, m)
	if err != nil || stands.Told {
		return time.Time{}, err
	}
	if until := stands.Event.At.Add(claimTime); !claimed && m.Event.At.Before(until) {
		return until, nil
	}
	if err := s.Events.Publish(ctx, stands.Event); err != nil {
		metric.Count(ctx, metric.Reminders, 1, metric.Outcome("failed"))
		return time.Time{}, err
	}
	metric.Count(ctx, metric.Reminders, 1, metric.Outcome("sent"))
	return time.Time{}, s.Store.Told(ctx, stands)
}
