package expiry

import (
	"context"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/id"
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
func (s *Service) newMarker(d Date, settings tenant.Settings, now time.Time) (Marker, bool) {
	m := Marker{Tenant: d.Tenant, Kind: d.Kind, Resource: d.Resource, Date: d.At}
	m.Event = notify.Event{Tenant: d.Tenant, Resource: d.Resource, At: now, Detail: map[string]string{}}
	if d.Connector != "" {
		m.Event.Detail["connector"] = d.Connector
	}
	if d.Kind == Rotation {
		m.Date, m.Event.Type = d.SetAt, notify.RotationDue
		m.Event.Detail["setAt"] = d.SetAt.UTC().Format(time.RFC3339)
		m.Event.Detail["ageDays"] = strconv.Itoa(int(now.Sub(d.SetAt) / day))
		return m, !now.Before(d.At)
	}
	step, ok := crossed(d.At, settings.Days(), now)
	m.Step, m.Event.Type = step, notify.ExpirationDue
	m.Event.Detail["kind"], m.Event.Detail["renewal"] = string(d.Kind), d.renewal()
	m.Event.Detail["lapsesAt"] = d.At.UTC().Format(time.RFC3339)
	m.Event.Detail["daysBefore"] = strconv.Itoa(step)
	return m, ok
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
		return time.Time{}, err
	}
	return time.Time{}, s.Store.Told(ctx, stands)
}
