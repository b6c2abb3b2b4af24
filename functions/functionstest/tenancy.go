package functionstest

import (
	"context"

	"github.com/tenonhq/tenon/shared/offboarding"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

// Offboarding returns the removal of tenants, to be started.
func (w *World) Offboarding() *offboarding.Service {
	return &offboarding.Service{Property: w.property(), Store: w.tenants, Audit: w.Audit, Now: w.Now}
}

// Offboarder returns what carries it out.
func (w *World) Offboarder() *offboarding.Walker {
	return &offboarding.Walker{
		Property: w.property(), Store: w.tenants, Switches: w.KillSwitches(), Connects: w.Connect(), Remover: w.Templates(),
		Flows: offboarding.StoredFlows{Store: w.flows, Audit: w.Audit}, Requests: w.idempotency.Store,
		Suspended: &tenant.Checker{Store: w.tenants, Keys: w.keys, Events: w.Bus, Audit: w.Audit, Now: w.Now},
		Keys:      w.keys, Events: w.Bus, Audit: w.Audit, Now: w.Now,
	}
}

func (w *World) property() offboarding.Property {
	return offboarding.Property{Connections: w.connections, Templates: w.templates, Endpoints: w.endpoints, SigningKeys: w.signing}
}

// Tenant returns a stored tenant.
func (w *World) Tenant(id string) tenant.Tenant {
	w.t.Helper()
	t, err := w.tenants.Get(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return t
}

// LoseKey disables the KMS key of a tenant, as an administrator would, and lets
// the process forget data keys.
func (w *World) LoseKey(id string) {
	w.t.Helper()
	w.keys.Disable(w.Tenant(id).Key.KeyARN)
	w.restart()
}

// ShareKey makes the KMS key that tenants share from now on.
func (w *World) ShareKey() {
	w.t.Helper()
	var err error
	if w.sharedKey, err = w.keys.CreateTenantKey(w.t.Context(), "#shared"); err != nil {
		w.t.Fatal(err)
	}
}

// EnableKey undoes LoseKey.
func (w *World) EnableKey(id string) {
	w.t.Helper()
	w.keys.Enable(w.Tenant(id).Key.KeyARN)
	w.restart()
}

// KeysEnded reports how many keys are scheduled for deletion.
func (w *World) KeysEnded() int { return len(w.keys.Ended()) }

// restart forgets the data keys that were opened.
func (w *World) restart() {
	suspend := func(ctx context.Context, id string) { w.Tenancy().Suspend(ctx, id) }
	w.sealer = &vault.Sealer{Keys: w.keys, DataKeys: w.tenants, Now: w.Now, Unusable: suspend}
}

// Announcer returns what tells of the addresses calls come from.
func (w *World) Announcer(addresses ...string) *tenant.Announcer {
	return &tenant.Announcer{Store: w.tenants, Events: w.Bus, Addresses: addresses, Now: w.Now}
}
