package tenant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Checker looks after suspended tenants.
type Checker struct {
	Store  Store
	Keys   Unwrapper
	Events notify.Publisher
	Audit  *audit.Log
	Now    func() time.Time
}

// Unwrapper opens data keys: vault.Keys.
type Unwrapper interface {
	Unwrap(ctx context.Context, keyARN string, wrapped []byte, binding map[string]string) (secret.Bytes, error)
}

// checkEvery is how often the key of a suspended tenant is tried.
const checkEvery = 5 * time.Minute

// Check tells of a suspension, once, and ends it when the key can be used again;
// else it is looked at again in five minutes. What is told before a write that
// fails is told again as the same event.
func (c *Checker) Check(ctx context.Context, requestID string, t Tenant) error {
	caller := auth.Job("queue-tenancy", t.ID, requestID)
	since := t.Suspension.Since
	if !t.Suspension.Told {
		if err := c.tell(ctx, caller, audit.TenantSuspend, notify.TenantSuspended, since, map[string]string{"reason": t.Suspension.Reason}); err != nil {
			return err
		}
	}
	_, failure := c.Keys.Unwrap(ctx, t.Key.KeyARN, t.Key.Blob, vault.Binding(t.ID))
	if failure == nil {
		if err := c.tell(ctx, caller, audit.TenantResume, notify.TenantResumed, since, map[string]string{"since": since.UTC().Format(time.RFC3339)}); err != nil {
			return err
		}
	}
	_, err := c.Store.Update(ctx, t.ID, func(t *Tenant) error {
		if t.State != Suspended || !t.Suspension.Since.Equal(since) {
			return errSettled
		}
		t.Suspension.Told, t.Due = true, c.Now().UTC().Add(checkEvery)
		if failure == nil {
			t.State, t.Suspension, t.Due = Ready, nil, time.Time{}
		}
		return nil
	})
	if errors.Is(err, errSettled) {
		return nil
	}
	if err == nil && !errors.Is(failure, vault.ErrKeyUnusable) {
		return due.Planned(failure) // KMS is in trouble; the key may be as well.
	}
	return err
}

// tell records what happened to the tenant and publishes it, to the tenant and to
// the organization, whose key it is.
func (c *Checker) tell(ctx context.Context, caller auth.Caller, action audit.Action, kind string, since time.Time, detail map[string]string) error {
	if err := c.Audit.Check(ctx, caller, action, caller.Tenant); err != nil {
		return err
	}
	told := []string{caller.Tenant, auth.Organization}
	if caller.Tenant == auth.Organization {
		told = told[:1]
	}
	for _, to := range told {
		event := notify.Event{
			ID: id.Derived(id.Event, since, kind, caller.Tenant, to), Type: kind, Tenant: to, Resource: caller.Tenant, At: c.Now().UTC(), Detail: detail,
		}
		if err := c.Events.Publish(ctx, event); err != nil {
			return fmt.Errorf("publish %s: %w", kind, err)
		}
	}
	return nil
}
