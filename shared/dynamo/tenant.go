package dynamo

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

// Tenants is the tenant.Store and finds the tenants' data keys. A second copy of
// each record, written in the same transaction, makes the list.
type Tenants struct{ Table }

func tenantKey(id string) key { return key{PK: id + "#tenant", SK: "tenant"} }

func tenantListKey(id string) key { return key{PK: "tenants", SK: id} }

// tenantItem is a tenant as it is stored.
type tenantItem struct {
	key
	Version    int64        `dynamodbav:"v"`
	ID         string       `dynamodbav:"id"`
	Name       string       `dynamodbav:"name,omitempty"`
	State      tenant.State `dynamodbav:"state,omitempty"`
	KeyARN     string       `dynamodbav:"keyArn,omitempty"`
	KeyShared  bool         `dynamodbav:"keyShared,omitempty"`
	KeyVersion int          `dynamodbav:"keyVersion,omitempty"`
	KeyBlob    []byte       `dynamodbav:"keyBlob,omitempty"`
	CreatedAt  time.Time    `dynamodbav:"createdAt,omitempty"`

	Suspension   *suspensionItem  `dynamodbav:"suspension,omitempty"`
	Offboarding  *offboardingItem `dynamodbav:"offboarding,omitempty"`
	TenancyShard string           `dynamodbav:"tenancyShard,omitempty"`
	TenancyDue   time.Time        `dynamodbav:"tenancyDue,omitempty"`
}

// Get implements tenant.Store.
func (s Tenants) Get(ctx context.Context, id string) (tenant.Tenant, error) {
	item, err := s.item(ctx, id)
	return item.record(), err
}

// DataKey implements vault.DataKeys with the key of tenant.Tenant.DataKey.
func (s Tenants) DataKey(ctx context.Context, id string) (vault.WrappedKey, error) {
	t, err := s.Get(ctx, id)
	if err != nil {
		return vault.WrappedKey{}, err
	}
	return t.DataKey()
}

// Update implements tenant.Store.
func (s Tenants) Update(ctx context.Context, id string, change func(*tenant.Tenant) error) (tenant.Tenant, error) {
	return s.update(ctx, id, change, func(item tenantItem, seen int64) error { return s.write(ctx, item, unchanged(seen), errRefused) })
}

// Mark implements tenant.Store.
func (s Tenants) Mark(ctx context.Context, id string, change func(*tenant.Tenant) error) (tenant.Tenant, error) {
	return s.update(ctx, id, change, func(item tenantItem, seen int64) error {
		_, err := s.put(ctx, item, unchanged(seen))
		return err
	})
}

func (s Tenants) update(ctx context.Context, id string, change func(*tenant.Tenant) error, write func(tenantItem, int64) error) (tenant.Tenant, error) {
	var t tenant.Tenant
	err := again(ctx, func() (err error) {
		if t, err = s.Get(ctx, id); err != nil {
			return err
		}
		seen := t.Version
		if err := change(&t); err != nil {
			return err
		}
		t.ID, t.Version = id, seen+1
		return write(newTenantItem(t), seen)
	})
	if err != nil {
		return tenant.Tenant{}, err
	}
	return t, nil
}

// Create implements tenant.Store.
func (s Tenants) Create(ctx context.Context, t tenant.Tenant) error {
	item := newTenantItem(t)
	item.Version = 1
	return again(ctx, func() error { return s.write(ctx, item, absent(), tenant.ErrExists) })
}

// Activate implements tenant.Store.
func (s Tenants) Activate(ctx context.Context, id string, k vault.WrappedKey) (tenant.Tenant, error) {
	var item tenantItem
	err := again(ctx, func() (err error) {
		if item, err = s.item(ctx, id); err != nil || item.State != tenant.Provisioning {
			return err
		}
		seen := item.Version
		item.Version, item.State = seen+1, tenant.Ready
		item.KeyARN, item.KeyShared, item.KeyVersion, item.KeyBlob = k.KeyARN, k.Shared, k.Version, k.Blob
		return s.write(ctx, item, unchanged(seen), errRefused)
	})
	if err != nil {
		return tenant.Tenant{}, err
	}
	return item.record(), nil
}

// List implements tenant.Store.
func (s Tenants) List(ctx context.Context, start string, limit int) ([]tenant.Tenant, string, error) {
	return list(ctx, s.Table, partition(tenantListKey("").PK, start), limit, tenantItem.record)
}

func (s Tenants) item(ctx context.Context, id string) (tenantItem, error) {
	var item tenantItem
	found, err := s.get(ctx, tenantKey(id), &item)
	if err != nil {
		return tenantItem{}, err
	}
	if !found {
		return tenantItem{}, tenant.ErrUnknown
	}
	return item, nil
}

// write stores the record and its copy in the list, which may be of an older
// version, see Mark.
func (s Tenants) write(ctx context.Context, item tenantItem, condition expression.ConditionBuilder, refused error) error {
	record, err := s.putStep(item, condition, refused)
	if err != nil {
		return err
	}
	item.key, item.TenancyShard, item.TenancyDue = tenantListKey(item.ID), "", time.Time{} // The copy is not worked on.
	older := absent().Or(expression.Name("v").LessThan(expression.Value(item.Version)))
	listed, err := s.putStep(item, older, errors.New("the list of tenants is ahead of the record"))
	if err != nil {
		return err
	}
	return s.transact(ctx, record, listed)
}

func newTenantItem(t tenant.Tenant) tenantItem {
	item := tenantItem{
		key: tenantKey(t.ID), Version: t.Version, ID: t.ID, Name: t.Name, State: t.State, CreatedAt: t.CreatedAt,
		KeyARN: t.Key.KeyARN, KeyShared: t.Key.Shared, KeyVersion: t.Key.Version, KeyBlob: t.Key.Blob,
		Suspension: newSuspensionItem(t.Suspension), Offboarding: newOffboardingItem(t.Offboarding), TenancyDue: t.Due,
	}
	if !t.Due.IsZero() {
		item.TenancyShard = shard(item.SK)
	}
	return item
}

func (item tenantItem) record() tenant.Tenant {
	return tenant.Tenant{
		ID: item.ID, Name: item.Name, State: item.State, CreatedAt: item.CreatedAt,
		Key:        vault.WrappedKey{KeyARN: item.KeyARN, Shared: item.KeyShared, Version: item.KeyVersion, Blob: item.KeyBlob},
		Suspension: item.Suspension.record(), Offboarding: item.Offboarding.record(), Due: item.TenancyDue, Version: item.Version,
	}
}
