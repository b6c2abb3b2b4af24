package offboarding

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/tenant"
)

// Walker carries removals out, and has suspended tenants looked after, which are
// in the same index.
type Walker struct {
	Property
	Store     tenant.Store
	Suspended Suspended
	Flows     Flows // May be nil where there are no flows.
	Requests  Requests
	Switches  Switches
	Connects  Connects
	Remover   TemplateRemover
	Keys      Keys
	Events    notify.Publisher
	Audit     *audit.Log
	Now       func() time.Time
}

// Suspended looks after a suspended tenant: *tenant.Checker.
type Suspended interface {
	Check(ctx context.Context, requestID string, t tenant.Tenant) error
}

// Flows removes the flows of the tenant the caller acts for.
type Flows interface {
	// Remove removes what it has time for and reports whether any are left.
	Remove(ctx context.Context, caller auth.Caller) (left bool, err error)
}

// Requests are what is remembered of requests: idempotency.Store.
type Requests interface {
	// Clear forgets so many keys of a tenant and reports whether any are left.
	Clear(ctx context.Context, tenant string, limit int) (left bool, err error)
}

// Switches are the kill switches: *killswitch.Service.
type Switches interface {
	// Create returns the switch that is active on the target already, if there is one.
	Create(ctx context.Context, caller auth.Caller, n killswitch.New) (killswitch.Record, error)
	Lift(ctx context.Context, caller auth.Caller, switchID string) (killswitch.Record, error)
}

// Connects removes connections: *connect.Service.
type Connects interface {
	Remove(ctx context.Context, caller auth.Caller, connectionID string) (method.Revocation, error)
}

// TemplateRemover removes templates with their client secrets: *template.Service.
type TemplateRemover interface {
	Delete(ctx context.Context, caller auth.Caller, templateID, ifMatch string) error
}

// Keys ends keys at the key service. A key that is gone is no error.
type Keys interface {
	// FindKey returns the ARN of the key made for a tenant, "acme", or of a signing
	// key, "acme/sgk_…"; nothing when there is none.
	FindKey(ctx context.Context, name string) (keyARN string, err error)
	// DisableKey makes the key unusable.
	DisableKey(ctx context.Context, keyARN string) error
	// ScheduleKeyDeletion has a key deleted after so many days, and returns when:
	// the date of a deletion that is scheduled stands.
	ScheduleKeyDeletion(ctx context.Context, keyARN string, days int) (time.Time, error)
}

// longest is how long a removal may wait before somebody is called: the tries of a
// revocation take about six hours.
const longest = 24 * time.Hour

// margin is the time one page of a step may need.
const margin = 30 * time.Second

// errWaits says that a step is not done and goes on later.
var errWaits = errors.New("the step is not done")

// Due goes on with what is due of one tenant. The record decides: the index may be
// late. The next try is planned before the first step, so that a message that
// comes twice finds nothing due.
func (w *Walker) Due(ctx context.Context, requestID string, item due.Item) error {
	t, err := w.Store.Get(ctx, item.Tenant)
	if errors.Is(err, tenant.ErrUnknown) {
		return nil
	}
	if err != nil || t.Due.IsZero() || t.Due.After(w.Now()) {
		return err
	}
	if t.State == tenant.Suspended {
		return w.Suspended.Check(ctx, requestID, t)
	}
	t, err = w.Store.Update(ctx, t.ID, func(t *tenant.Tenant) error {
		switch {
		case t.State == tenant.Suspended:
		case t.State != tenant.Leaving:
			t.Due = time.Time{}
		default:
			t.Due = w.Now().UTC().Add(due.Soon)
		}
		return nil
	})
	if err != nil || t.State != tenant.Leaving {
		return err
	}
	r := run{Walker: w, requestID: requestID, record: t}
	err = r.walk(ctx)
	waits := errors.Is(err, errWaits)
	if err != nil && (!waits || w.Now().Sub(t.Offboarding.StartedAt) > longest) {
		metric.Count(ctx, metric.StuckOffboardings, 1)
	}
	if waits {
		return nil
	}
	return due.Planned(err)
}

// run is one run of one removal.
type run struct {
	*Walker
	requestID string
	record    tenant.Tenant
}

// walk takes the steps that are not noted, in their order.
func (r *run) walk(ctx context.Context) error {
	do := map[tenant.StepName]func(context.Context, *tenant.Offboarding) (map[string]int, error){
		tenant.StepFlows: r.flows, tenant.StepRevoked: r.revoke, tenant.StepConnections: r.connections, tenant.StepTemplates: r.templates,
		tenant.StepWebhooks: r.webhooks, tenant.StepSettings: r.settings, tenant.StepSigningKeys: r.signingKeys,
		tenant.StepKeyDisabled: r.disableKey, tenant.StepKeyDeletion: r.deleteKey, tenant.StepDataKey: r.dataKey,
	}
	for _, name := range tenant.StepNames(r.record.Key.Shared) {
		if r.record.Offboarding.Step(name) != nil {
			continue
		}
		found := new(tenant.Offboarding)
		counts, err := do[name](ctx, found)
		if err != nil {
			return fmt.Errorf("offboard %s: step %s: %w", r.record.ID, name, err)
		}
		r.record, err = r.Store.Update(ctx, r.record.ID, func(t *tenant.Tenant) error {
			if t.State != tenant.Leaving || t.Offboarding.Step(name) != nil {
				return nil
			}
			t.Offboarding.Add(name, r.Now().UTC(), counts)
			if name == tenant.StepDataKey {
				t.Key.Blob = nil
			}
			return merge(t, found)
		})
		if err != nil {
			return err
		}
	}
	return r.finish(ctx)
}

// merge adds what a step found to the record.
func merge(t *tenant.Tenant, found *tenant.Offboarding) error {
	o := t.Offboarding
	if found.Switch != "" {
		o.Switch, o.Irrevocable = found.Switch, found.Irrevocable
	}
	if !found.KeyDeletionAt.IsZero() {
		o.KeyDeletionAt = found.KeyDeletionAt
	}
	return nil
}

// finish tells that the tenant is removed and drops the wrapped data key, so that
// not even a deletion of the KMS key that is cancelled would open anything.
func (r *run) finish(ctx context.Context) error {
	if r.record.State != tenant.Leaving {
		return nil
	}
	o := r.record.Offboarding
	if _, err := r.Switches.Lift(ctx, r.organization(), o.Switch); err != nil && !errors.Is(err, killswitch.ErrNotFound) {
		return err
	}
	if err := r.tell(ctx, o); err != nil {
		return err
	}
	_, err := r.Store.Update(ctx, r.record.ID, func(t *tenant.Tenant) error {
		t.State, t.Due, t.Key.Blob = tenant.Removed, time.Time{}, nil
		t.Offboarding.FinishedAt = r.Now().UTC()
		return nil
	})
	return err
}

func (r *run) tell(ctx context.Context, o *tenant.Offboarding) error {
	counts := o.Step(tenant.StepRevoked).Counts
	event := notify.Event{
		ID: id.Derived(id.Event, o.StartedAt, notify.TenantOffboarded, r.record.ID), Type: notify.TenantOffboarded,
		Tenant: auth.Organization, Resource: r.record.ID, At: r.Now().UTC(), Detail: map[string]string{
			"connections": strconv.Itoa(counts[Connections]), "revoked": strconv.Itoa(counts[Revoked]), "irrevocable": strconv.Itoa(counts[Irrevocable]),
		},
	}
	if !o.KeyDeletionAt.IsZero() {
		event.Detail["keyDeletionAt"] = o.KeyDeletionAt.UTC().Format(time.RFC3339)
	}
	return r.Events.Publish(ctx, event)
}

// tenant and organization are who the run acts as.
func (r *run) tenant() auth.Caller { return auth.Job("queue-tenancy", r.record.ID, r.requestID) }

func (r *run) organization() auth.Caller {
	return auth.Job("queue-tenancy", auth.Organization, r.requestID)
}

// pressed reports whether the time of the run is too short for another page.
func pressed(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < margin
}
