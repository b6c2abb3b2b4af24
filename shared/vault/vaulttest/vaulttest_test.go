package vaulttest_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

var (
	_ vault.Keys      = (*vaulttest.Keys)(nil)
	_ tenant.Keys     = (*vaulttest.Keys)(nil)
	_ vault.Secrets   = (*vaulttest.Secrets)(nil)
	_ vault.Inventory = (*vaulttest.Secrets)(nil)
	_ vault.DataKeys  = vaulttest.DataKeys(nil)
)

func TestKeys(t *testing.T) {
	t.Parallel()
	vaulttest.RunKeys(t, func(*testing.T) vaulttest.KeyService {
		keys := new(vaulttest.Keys)
		return vaulttest.KeyService{Keys: keys, Disable: func(_ *testing.T, arn string) { keys.Disable(arn) }}
	}, nil)
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	vaulttest.RunSecrets(t, func(t *testing.T) vaulttest.SecretStore {
		s, _ := store(t)
		return s
	}, nil)
}

func TestInventory(t *testing.T) {
	t.Parallel()
	vaulttest.RunInventory(t, func(t *testing.T) vaulttest.InventoryStore {
		s, secrets := store(t)
		return vaulttest.InventoryStore{SecretStore: s, Inventory: secrets, Restore: func(t *testing.T, name string) {
			if !secrets.Restore(name) {
				t.Error("the secret cannot be restored")
			}
		}}
	}, nil)
}

func store(t *testing.T) (vaulttest.SecretStore, *vaulttest.Secrets) {
	t.Helper()
	keys := new(vaulttest.Keys)
	arn, err := keys.CreateTenantKey(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	secrets := &vaulttest.Secrets{Keys: keys, Now: time.Now}
	return vaulttest.SecretStore{
		Secrets: secrets, KeyARN: arn,
		Disable: func(*testing.T) { keys.Disable(arn) },
		Labels:  func(_ *testing.T, name string) map[string][]string { return secrets.Labels(name) },
	}, secrets
}
