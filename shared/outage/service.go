package outage

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
)

// Service shows the organization which providers are in trouble and takes its
// word that refusals are to be believed.
type Service struct {
	Store Store
	Audit *audit.Log
	Now   func() time.Time
}

// ErrNotFound is told of a provider that refuses nobody in particular.
var ErrNotFound = fault.New(fault.NotFound, fault.CodeNotFound, "No refusals of this provider are held.")

// List returns the providers that are in trouble now; to a tenant, which sees
// the trouble on its connections, none.
func (s *Service) List(ctx context.Context, caller auth.Caller) ([]Record, error) {
	if err := s.Audit.Check(ctx, caller, audit.ProviderRead, ""); err != nil {
		return nil, err
	}
	if !caller.IsOrganization() {
		return nil, nil
	}
	all, err := s.Store.List(ctx)
	if err != nil {
		return nil, err
	}
	troubled := all[:0]
	for _, r := range all {
		if r.State(s.Now()) != Well {
			troubled = append(troubled, r)
		}
	}
	return troubled, nil
}

// Confirm says that what a provider refuses is refused indeed: its refusals are
// believed from now on, for two days at least.
func (s *Service) Confirm(ctx context.Context, caller auth.Caller, provider string) (Record, error) {
	if err := s.Audit.Check(ctx, caller, audit.ProviderConfirm, provider); err != nil {
		return Record{}, err
	}
	if !caller.IsOrganization() {
		return Record{}, s.Audit.Refuse(ctx, caller, audit.ProviderConfirm, provider, ErrNotFound)
	}
	now := s.Now().UTC()
	return s.Store.Update(ctx, provider, func(r *Record) error {
		if !now.Before(r.HeldUntil) {
			return ErrNotFound
		}
		r.confirm(now)
		return nil
	})
}

// State is how a provider does.
type State string

// The states.
const (
	Well       State = ""
	Down       State = "down"       // Nothing is sent to it but a probe now and then.
	Incident   State = "incident"   // Connections to its API fail together, which says nothing about each of them.
	Recovering State = "recovering" // It answers; its connections come back one after the other.
	Refusing   State = "refusing"   // It answers, and refuses more credentials than can be believed.
)

// State returns how the provider does.
func (r *Record) State(now time.Time) State {
	switch {
	case r.open() && r.Endpoint() == EndpointAPI:
		return Incident
	case r.open():
		return Down
	case now.Before(r.HeldUntil):
		return Refusing
	case r.ramping(now):
		return Recovering
	}
	return Well
}

// API returns what the API shows of a provider.
func (r Record) API(now time.Time) api.Provider {
	out := api.Provider{Provider: r.Name(), Endpoint: r.Endpoint(), State: string(r.State(now))}
	switch r.State(now) {
	case Down, Incident:
		out.Since, out.Until = &r.OpenedAt, nil
	case Refusing:
		out.Since, out.Until = &r.HeldSince, &r.HeldUntil
	case Recovering:
		until := r.RecoveredAt.Add(rampTime)
		out.Since, out.Until = &r.RecoveredAt, &until
	}
	return out
}
