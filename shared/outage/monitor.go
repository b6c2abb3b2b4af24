package outage

import (
	"context"
	"errors"
	"hash/fnv"
	"log/slog"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/notify"
)

// Monitor decides which calls are made and notes how they end.
type Monitor struct {
	Store  Store
	Events notify.Publisher
	Now    func() time.Time
	// Sleep waits for a turn at a provider with a pace. Without it whoever would
	// have to wait is refused.
	Sleep func(context.Context, time.Duration) error
}

// Pass is the permission for one call. The zero value but for its Provider is
// that of a call whose permission nobody remembers.
type Pass struct {
	// Provider names who is called: a connector that has hosts of its own, or the
	// host, with the tenant that named it, of one that has none.
	Provider string

	seen  Record
	probe bool
}

// Admit permits a call for a connection, or is fault provider_unavailable with
// the time of the next try. While a provider recovers, each connection has its
// own turn.
func (m *Monitor) Admit(ctx context.Context, provider, connectionID string) (Pass, error) {
	pass, now := m.Look(ctx, provider), m.Now().UTC()
	r, err := &pass.seen, error(nil)
	switch {
	case r.open():
		pass.probe, err = m.claim(ctx, provider, now)
		if !pass.probe {
			return pass, errors.Join(err, unavailable(max(r.ProbeAt.Sub(now), time.Second)))
		}
	case r.ramping(now):
		if wait := turn(connectionID, r.RecoveredAt).Sub(now); wait > 0 {
			return pass, unavailable(wait)
		}
	}
	return pass, nil
}

// errTaken says that another caller probes, or did.
var errTaken = errors.New("another caller probes")

// claim wins the one probe of its time.
func (m *Monitor) claim(ctx context.Context, provider string, now time.Time) (bool, error) {
	_, err := m.Store.Update(ctx, provider, func(r *Record) error {
		if !r.open() || now.Before(r.ProbeAt) {
			return errTaken
		}
		r.ProbeAt = now.Add(probePause)
		return nil
	})
	if errors.Is(err, errTaken) {
		return false, nil
	}
	return err == nil, err
}

// turn is when a connection may call a provider that recovered: its place among
// all others is fixed by its id, and another after the next outage.
func turn(connectionID string, recovered time.Time) time.Time {
	h := fnv.New64a()
	_, _ = h.Write([]byte(connectionID + recovered.Format(time.RFC3339Nano))) // Never fails.
	place := float64(h.Sum64()>>11) / (1 << 53)
	if place < rampStart {
		return recovered
	}
	return recovered.Add(time.Duration(float64(rampTime) * (place - rampStart) / (1 - rampStart)))
}

func unavailable(after time.Duration) error {
	return fault.New(fault.Unavailable, fault.CodeProviderUnavailable, "The system has a problem at the moment.").
		WithRemedy("retry").Retry(after).Because(ErrStopped)
}

// Failed notes a call that the provider did not serve: no connection, no answer
// in time, a server error, a rate limit.
func (m *Monitor) Failed(ctx context.Context, p Pass) {
	now, stopped := m.Now().UTC(), false
	m.update(ctx, p, func(r *Record) { stopped = r.count(now, true) })
	if stopped {
		m.publish(ctx, notify.ProviderOutage, p.Provider, "began", now)
	}
}

// Answered notes a call that the provider served, whatever it said.
func (m *Monitor) Answered(ctx context.Context, p Pass) {
	now, over := m.Now().UTC(), false
	if !p.probe && !p.seen.counting(now) && !p.seen.storming(now) {
		return
	}
	m.update(ctx, p, func(r *Record) {
		if over = p.probe && r.open(); over {
			r.close(now)
		}
		if r.counting(now) {
			r.count(now, false)
		}
		if r.storming(now) {
			r.Answered++
		}
	})
	if over {
		m.publish(ctx, notify.ProviderOutage, p.Provider, "ended", now)
	}
}

// Refused notes a call that the provider served by refusing the credential for
// good. held reports that it refuses so many at once that none of it is to be
// believed.
func (m *Monitor) Refused(ctx context.Context, p Pass) (held bool) {
	now, began, over := m.Now().UTC(), false, false
	m.update(ctx, p, func(r *Record) {
		if over = p.probe && r.open(); over {
			r.close(now)
		}
		held, began = r.refuse(now)
	})
	if over {
		m.publish(ctx, notify.ProviderOutage, p.Provider, "ended", now)
	}
	if began {
		m.publish(ctx, notify.ProviderRefusals, p.Provider, "began", now)
	}
	return held
}

// update writes what is only a count: a failure is logged.
func (m *Monitor) update(ctx context.Context, p Pass, change func(*Record)) {
	_, err := m.Store.Update(ctx, p.Provider, func(r *Record) error { change(r); return nil })
	if err != nil {
		slog.WarnContext(ctx, "note provider", "provider", p.Provider, "error", err)
	}
}

// publish tells of a provider as well as it can: there is no job that would tell
// it later, and the record says the same to who looks.
func (m *Monitor) publish(ctx context.Context, kind, provider, phase string, at time.Time) {
	if phase == "began" {
		metric.Count(ctx, metric.ProviderTrouble, 1, metric.Outcome(strings.TrimPrefix(kind, "provider.")))
	}
	r := Record{Provider: provider}
	slog.WarnContext(ctx, kind, "provider", provider, "phase", phase)
	event := notify.Event{
		ID: id.Maker{Now: m.Now}.New(id.Event), Type: kind, Tenant: auth.Organization, Resource: r.Name(), At: at, Detail: map[string]string{"phase": phase, "endpoint": r.Endpoint()},
	}
	if err := m.Events.Publish(ctx, event); err != nil {
		slog.WarnContext(ctx, "publish event", "type", kind, "provider", provider, "error", err)
	}
}
