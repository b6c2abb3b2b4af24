package webhook

import (
	"context"
	"slices"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/secret"
)

// Change is what Update changes; nil members stay.
type Change struct {
	URL         *string
	Description *string
	Events      *[]string
	Enabled     *bool
}

// Update changes the version of the endpoint named by ifMatch. Where it is
// enabled, or gets another URL, its failures are forgotten.
func (s *Service) Update(ctx context.Context, caller auth.Caller, endpointID, ifMatch string, change Change) (Endpoint, error) {
	if err := s.Audit.Check(ctx, caller, audit.WebhookEndpointUpdate, endpointID); err != nil {
		return Endpoint{}, err
	}
	var events []string
	if change.Events != nil {
		events = *change.Events
	}
	if err := s.check(caller, change.URL, events); err != nil {
		return Endpoint{}, err
	}
	e, err := s.Store.Update(ctx, caller.Tenant, endpointID, func(e *Endpoint) error {
		if err := matching(ifMatch, e); err != nil {
			return err
		}
		s.apply(e, change)
		return nil
	})
	return e, s.Audit.Refuse(ctx, caller, audit.WebhookEndpointUpdate, endpointID, err)
}

func (s *Service) apply(e *Endpoint, change Change) {
	now := s.Now().UTC()
	if change.URL != nil && *change.URL != e.URL {
		e.URL = *change.URL
		e.Took()
	}
	if change.Description != nil {
		e.Description = *change.Description
	}
	if change.Events != nil {
		e.Events = sorted(*change.Events)
	}
	if change.Enabled != nil && *change.Enabled && !e.Enabled {
		e.enable()
	}
	if change.Enabled != nil && !*change.Enabled && e.Enabled {
		e.Enabled, e.DisabledAt = false, now
	}
	e.UpdatedAt = now
	e.Revision++
}

// Delete removes the endpoint; what is still to be sent to it is dropped. A
// deleted one is gone for whoever deletes it again.
func (s *Service) Delete(ctx context.Context, caller auth.Caller, endpointID, ifMatch string) error {
	if err := s.Audit.Check(ctx, caller, audit.WebhookEndpointDelete, endpointID); err != nil {
		return err
	}
	e, err := s.Store.Get(ctx, caller.Tenant, endpointID)
	if err != nil {
		return s.Audit.Refuse(ctx, caller, audit.WebhookEndpointDelete, endpointID, err)
	}
	if err := connection.MatchIfGiven(ifMatch, e.Revision); err != nil {
		return err
	}
	return s.Store.Delete(ctx, caller.Tenant, endpointID, e.Version)
}

// Rotate gives the endpoint a new secret and returns it. Those before sign too
// for a day, so that receivers can change in their own time; nobody needs to
// have seen the one that is replaced.
func (s *Service) Rotate(ctx context.Context, caller auth.Caller, endpointID, ifMatch string) (Endpoint, secret.Bytes, error) {
	var none secret.Bytes
	if err := s.Audit.Check(ctx, caller, audit.WebhookEndpointRotate, endpointID); err != nil {
		return Endpoint{}, none, err
	}
	seen, err := s.Store.Get(ctx, caller.Tenant, endpointID)
	if err != nil {
		return Endpoint{}, none, s.Audit.Refuse(ctx, caller, audit.WebhookEndpointRotate, endpointID, err)
	}
	plain, fresh, err := s.draw(ctx, caller.Tenant, endpointID, seen.Secrets[0].Version+1)
	if err != nil {
		return Endpoint{}, none, err
	}
	e, err := s.Store.Update(ctx, caller.Tenant, endpointID, func(e *Endpoint) error {
		if err := connection.MatchIfGiven(ifMatch, e.Revision); err != nil {
			return err
		}
		if e.Secrets[0].Version >= fresh.Version {
			return ErrChanged
		}
		return s.replace(e, fresh)
	})
	if err != nil {
		return Endpoint{}, none, err
	}
	return e, shown(plain), nil
}

func (s *Service) replace(e *Endpoint, fresh Secret) error {
	now := s.Now().UTC()
	kept := slices.DeleteFunc(slices.Clone(e.Secrets), func(old Secret) bool { return !old.signs(now) })
	if len(kept) >= maxSecrets {
		return errSecrets
	}
	kept[0].Until = now.Add(grace)
	e.Secrets, e.UpdatedAt = append([]Secret{fresh}, kept...), now
	e.Revision++
	return nil
}
