package offboarding

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
)

// deletionDays is how long KMS keeps a key that is to be deleted: the longest
// there is.
const deletionDays = 30

func (r *run) flows(ctx context.Context, _ *tenant.Offboarding) (map[string]int, error) {
	if r.Flows == nil {
		return nil, nil
	}
	left, err := r.Flows.Remove(ctx, r.tenant())
	if err == nil && left {
		err = errWaits
	}
	return nil, err
}

// revoke starts a kill switch on the tenant and waits until it has told every
// provider and destroyed every credential, which may take hours where one is down.
func (r *run) revoke(ctx context.Context, found *tenant.Offboarding) (map[string]int, error) {
	id := r.record.ID
	active, err := r.Switches.Create(ctx, r.organization(), killswitch.New{
		Target: killswitch.Target{Scope: killswitch.ScopeTenant, Tenant: id}, Reason: "offboarding", Confirm: id,
	})
	if err != nil {
		return nil, err
	}
	if active.Phase != killswitch.Done {
		return nil, errWaits
	}
	counts, irrevocable, err := r.tally(ctx, id)
	found.Switch, found.Irrevocable = active.ID, irrevocable
	return counts, err
}

// connections removes the records. One that the switch did not meet is revoked by
// who reconciles, and waited for: a try of ours would only use up one of those that
// can reach the provider.
func (r *run) connections(ctx context.Context, _ *tenant.Offboarding) (map[string]int, error) {
	for start := ""; ; {
		page, next, err := r.Connections.List(ctx, r.record.ID, connection.Filter{}, start, pageSize)
		if err != nil {
			return nil, err
		}
		for _, c := range page {
			if c.Lifecycle == connection.Deleting && c.Deletion.Revocation == "" {
				continue
			}
			if _, err := r.Connects.Remove(ctx, r.tenant(), c.ID); err != nil {
				return nil, err
			}
			if pressed(ctx) {
				return nil, errWaits
			}
		}
		if start = next; next == "" {
			break
		}
	}
	page, _, err := r.Connections.List(ctx, r.record.ID, connection.Filter{}, "", 1)
	if err == nil && len(page) > 0 {
		err = errWaits
	}
	return nil, err
}

func (r *run) templates(ctx context.Context, _ *tenant.Offboarding) (map[string]int, error) {
	removed := 0
	for start := ""; ; {
		page, next, err := r.Templates.List(ctx, r.record.ID, start, pageSize)
		if err != nil {
			return nil, err
		}
		for _, t := range page {
			if err := r.Remover.Delete(ctx, r.tenant(), t.ID, ""); err != nil && !errors.Is(err, template.ErrNotFound) {
				return nil, err
			}
			removed++
			if pressed(ctx) {
				return nil, errWaits
			}
		}
		if start = next; next == "" {
			return map[string]int{Templates: removed}, nil
		}
	}
}

func (r *run) webhooks(ctx context.Context, _ *tenant.Offboarding) (map[string]int, error) {
	all, err := r.Endpoints.List(ctx, r.record.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		if err := r.Audit.Check(ctx, r.tenant(), audit.WebhookEndpointDelete, e.ID); err != nil {
			return nil, err
		}
		if err := r.Endpoints.Delete(ctx, r.record.ID, e.ID, e.Version); err != nil {
			return nil, err
		}
	}
	return map[string]int{Webhooks: len(all)}, nil
}

// settings removes them, and the keys of requests: those of imports would stay for
// years.
func (r *run) settings(ctx context.Context, _ *tenant.Offboarding) (map[string]int, error) {
	if err := r.Store.DeleteSettings(ctx, r.record.ID); err != nil {
		return nil, err
	}
	for {
		left, err := r.Requests.Clear(ctx, r.record.ID, pageSize)
		if err != nil || !left {
			return nil, err
		}
		if pressed(ctx) {
			return nil, errWaits
		}
	}
}

// signingKeys retires the keys and ends them at the key service, those included
// whose creation was cut short. The record of one that is ended names no ARN, and
// so it stands in no key set.
func (r *run) signingKeys(ctx context.Context, _ *tenant.Offboarding) (map[string]int, error) {
	all, err := r.SigningKeys.List(ctx, r.record.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range all {
		if k.State == signing.Retired && k.ARN == "" {
			continue
		}
		if err := r.Audit.Check(ctx, r.tenant(), audit.SigningKeyRetire, k.ID); err != nil {
			return nil, err
		}
		if err := r.endSigningKey(ctx, k); err != nil {
			return nil, err
		}
	}
	return map[string]int{SigningKeys: len(all)}, nil
}

func (r *run) endSigningKey(ctx context.Context, k signing.Key) error {
	arn, err := k.ARN, error(nil)
	if arn == "" {
		arn, err = r.Keys.FindKey(ctx, k.Tenant+"/"+k.ID)
	}
	if err == nil && arn != "" {
		if err = r.Keys.DisableKey(ctx, arn); err == nil {
			_, err = r.Keys.ScheduleKeyDeletion(ctx, arn, deletionDays)
		}
	}
	if err != nil {
		return err
	}
	_, err = r.SigningKeys.Update(ctx, k.Tenant, k.ID, func(k *signing.Key) error {
		if k.State != signing.Retired {
			k.State, k.RetiredAt, k.ExpiryDue = signing.Retired, r.Now().UTC(), time.Time{}
		}
		k.ARN = ""
		return nil
	})
	return err
}

// disableKey makes everything unreadable that is encrypted under the tenant's key.
// A tenant whose onboarding was cut short may have a key that its record does not
// name.
func (r *run) disableKey(ctx context.Context, _ *tenant.Offboarding) (map[string]int, error) {
	if err := r.Audit.CheckFor(ctx, r.tenant(), audit.TenantKeyEnd, r.record.ID, "offboarding", nil); err != nil {
		return nil, err
	}
	arn, err := r.key(ctx)
	if err != nil || arn == "" {
		return nil, err
	}
	return nil, r.Keys.DisableKey(ctx, arn)
}

func (r *run) deleteKey(ctx context.Context, found *tenant.Offboarding) (map[string]int, error) {
	arn, err := r.key(ctx)
	if err != nil || arn == "" {
		return nil, err
	}
	found.KeyDeletionAt, err = r.Keys.ScheduleKeyDeletion(ctx, arn, deletionDays)
	return nil, err
}

// dataKey ends the data key of a tenant whose KMS key is not its own: the write
// that notes the step removes the only copy that is in use.
func (r *run) dataKey(ctx context.Context, _ *tenant.Offboarding) (map[string]int, error) {
	return nil, r.Audit.CheckFor(ctx, r.tenant(), audit.TenantKeyEnd, r.record.ID, "offboarding", nil)
}

func (r *run) key(ctx context.Context) (string, error) {
	if arn := r.record.Key.KeyARN; arn != "" {
		return arn, nil
	}
	return r.Keys.FindKey(ctx, r.record.ID)
}
