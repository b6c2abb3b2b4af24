package vaulttest

import (
	"context"
	"testing"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// DataKeys is vault.DataKeys over a map by tenant.
type DataKeys map[string]vault.WrappedKey

// DataKey implements vault.DataKeys.
func (d DataKeys) DataKey(_ context.Context, tenant string) (vault.WrappedKey, error) {
	k, ok := d[tenant]
	if !ok {
		return vault.WrappedKey{}, fault.New(fault.Conflict, fault.CodeTenantUnknown, "This tenant was not onboarded yet.")
	}
	return k, nil
}

// NewDataKeys makes a key and a data key for each tenant.
func NewDataKeys(t testing.TB, keys *Keys, tenants ...string) DataKeys {
	t.Helper()
	out := DataKeys{}
	for _, tenant := range tenants {
		arn, err := keys.CreateTenantKey(t.Context(), tenant)
		if err != nil {
			t.Fatal(err)
		}
		_, wrapped, err := keys.NewDataKey(t.Context(), arn, vault.Binding(tenant))
		if err != nil {
			t.Fatal(err)
		}
		out[tenant] = vault.WrappedKey{KeyARN: arn, Version: 1, Blob: wrapped}
	}
	return out
}

// NewSealer returns a sealer over fakes that knows the tenants.
func NewSealer(t testing.TB, tenants ...string) *vault.Sealer {
	t.Helper()
	keys := new(Keys)
	return &vault.Sealer{Keys: keys, DataKeys: NewDataKeys(t, keys, tenants...)}
}
