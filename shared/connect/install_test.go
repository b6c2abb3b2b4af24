package connect

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

// A credential names the tenant's key that signed when it was made.
func TestInstallPinsTheSigningKey(t *testing.T) {
	t.Parallel()
	keys := new(vaulttest.Keys)
	s := &Service{Sealer: &vault.Sealer{Keys: keys, DataKeys: vaulttest.NewDataKeys(t, keys, "acme")}}
	c := connection.Connection{Tenant: "acme", ID: "con_1"}
	target := method.Target{Tenant: "acme", SigningKey: method.SigningKey{ID: "sgk_1"}}
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	if err := s.install(t.Context(), &c, target, connection.Credential{SetAt: now}, established{}, now); err != nil {
		t.Fatal(err)
	}
	if c.Credential == nil || c.Credential.SigningKey != "sgk_1" {
		t.Errorf("got credential %+v, want it to name sgk_1", c.Credential)
	}
}
