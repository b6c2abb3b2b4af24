// Package offboarding removes tenants: it refuses them at once, has their
// credentials revoked and destroyed, and in the end has KMS delete their keys. It
// depends on packages api, audit, auth, connection, due, fault, flow, id, killswitch,
// method, notify, signing, template, tenant and webhook.
//
// The record of the tenant says which steps are done. The Walker takes one after
// the other, notes each in one write, and may be killed anywhere: every step may
// be repeated, and none begins before the one in front of it is noted. What the
// providers are told is the work of a kill switch, which another consumer carries
// out: the one that may end keys talks to nobody.
package offboarding

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/webhook"
)

// Property is what tenants have.
type Property struct {
	Connections connection.Store
	Templates   template.Store
	Endpoints   webhook.Store
	SigningKeys signing.Store
}

// Service starts removals.
type Service struct {
	Property
	Store tenant.Store
	Audit *audit.Log
	Now   func() time.Time
}

// Remove starts the removal of a tenant: from this write on its requests are
// refused, and the Walker does the rest. Of one that was started before it is one
// more try, and of one that is done the receipt. Only the organization may, and it
// cannot remove itself.
func (s *Service) Remove(ctx context.Context, caller auth.Caller, id string) (tenant.Tenant, error) {
	if err := s.permit(ctx, caller, id); err != nil {
		return tenant.Tenant{}, err
	}
	counts, err := s.count(ctx, id)
	if err != nil {
		return tenant.Tenant{}, err
	}
	now := s.Now().UTC()
	t, err := s.Store.Update(ctx, id, func(t *tenant.Tenant) error {
		if t.State == tenant.Removed {
			return nil
		}
		if t.State != tenant.Leaving {
			t.State, t.Suspension = tenant.Leaving, nil
			t.Offboarding = &tenant.Offboarding{StartedAt: now, StartedBy: caller.Actor()}
			t.Offboarding.Add(tenant.StepBlocked, now, counts)
		}
		t.Due = now.Add(due.Soon)
		return nil
	})
	return t, s.refuse(ctx, caller, id, err)
}

// Preview says what Remove would do, and does nothing. The steps of the answer
// have counts and no times.
func (s *Service) Preview(ctx context.Context, caller auth.Caller, id string) (tenant.Tenant, api.Impact, error) {
	if err := s.permit(ctx, caller, id); err != nil {
		return tenant.Tenant{}, api.Impact{}, err
	}
	t, err := s.Store.Get(ctx, id)
	if err != nil {
		return tenant.Tenant{}, api.Impact{}, s.refuse(ctx, caller, id, err)
	}
	counts, err := s.count(ctx, id)
	if err != nil {
		return tenant.Tenant{}, api.Impact{}, err
	}
	if t.Offboarding == nil {
		t.Offboarding = new(tenant.Offboarding)
		t.Offboarding.Add(tenant.StepBlocked, time.Time{}, counts)
	}
	return t, api.Impact{Allowed: true, Total: counts[Connections]}, nil
}

func (s *Service) permit(ctx context.Context, caller auth.Caller, id string) error {
	if err := s.Audit.Check(ctx, caller, audit.TenantDelete, id); err != nil {
		return err
	}
	detail := ""
	switch {
	case !caller.IsOrganization():
		detail = "Only the organization may remove tenants."
	case id == auth.Organization:
		detail = "The organization itself cannot be removed."
	default:
		return nil
	}
	return s.Audit.Refuse(ctx, caller, audit.TenantDelete, id, fault.New(fault.Denied, fault.CodeForbidden, detail))
}

func (s *Service) refuse(ctx context.Context, caller auth.Caller, id string, err error) error {
	if errors.Is(err, tenant.ErrUnknown) {
		err = tenant.ErrNotFound
	}
	return s.Audit.Refuse(ctx, caller, audit.TenantDelete, id, err)
}
