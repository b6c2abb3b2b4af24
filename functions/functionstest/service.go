package functionstest

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/app/definitions"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/inheritance"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/reconcile"
	"github.com/tenonhq/tenon/shared/scope"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/stale"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
)

const (
	stage     = "test"
	publicURL = "https://api.tenon.example"
)

// Catalog returns the connectors of a deployed stage.
func (w *World) Catalog() catalog.Catalog { return catalog.Catalog{Own: w.connectors} }

// Connector returns what shows connectors.
func (w *World) Connector() connector.Reader {
	return connector.Reader{Catalog: w.Catalog(), Store: w.connectors}
}

// Connectors returns the organization's connectors, to be changed.
func (w *World) Connectors() *connector.Service {
	return &connector.Service{
		Store: w.connectors, Audit: w.Audit, Lint: definitions.Lint, Now: w.Now,
		CheckURL: func(address string) error { return egress.CheckURL(address, false) },
	}
}

// Sunsets returns what finds the connections that a dated change hits.
func (w *World) Sunsets() *connector.Sunsets {
	return &connector.Sunsets{Catalog: w.Catalog(), Connections: w.connections, Tenants: w.tenants, Audit: w.Audit}
}

// Reader returns the connections to read.
func (w *World) Reader() *connection.Service {
	return &connection.Service{Store: w.connections, Audit: w.Audit, Gate: w.Gate(), Uses: w.flows, Now: w.Now}
}

// Scopes returns what shows the scopes of connections.
func (w *World) Scopes() *scope.Service {
	return &scope.Service{Connections: w.connections, Templates: w.Templater(), Uses: w.flows, Audit: w.Audit}
}

// Connections returns the connections to change.
func (w *World) Connections() *connection.Service {
	s := w.Reader()
	s.Events, s.Inputs = w.Bus, w.Templater()
	return s
}

// Expirations returns the ledger of what ends, to be listed.
func (w *World) Expirations() *expiry.Service {
	return &expiry.Service{
		Connections: w.connections, Templates: w.templates, SigningKeys: w.signing, Store: w.ledger,
		Catalog: w.Catalog(), Settings: w.tenants, Audit: w.Audit, Now: w.Now,
	}
}

// Expiry returns the jobs on what ends by itself.
func (w *World) Expiry() *expiry.Service {
	s := w.Expirations()
	s.Events, s.IDs = w.Bus, id.Maker{Now: w.Now}
	return s
}

// Templater returns the templates, without access to client secrets.
func (w *World) Templater() *template.Service {
	return &template.Service{
		Store: w.templates, Connections: w.connections, Catalog: w.Catalog(), Keys: w.tenants, ExternalIDs: w.ExternalIDs(), Idempotency: w.idempotency, Audit: w.Audit,
		PublicURL: publicURL, Stage: stage, Now: w.Now,
	}
}

// Templates returns the templates with their client secrets and signing keys.
func (w *World) Templates() *template.Service {
	s := w.Templater()
	s.SigningKeys, s.Connections = w.SigningKeys(), w.connections
	s.Secrets, s.HTTP, s.Events = w.Secrets, w.Provider, w.Bus
	return s
}

// Tenancy returns the tenants and their settings, without access to keys.
func (w *World) Tenancy() *tenant.Service {
	return &tenant.Service{
		Store: w.tenants, ExternalIDs: w.ExternalIDs(), Audit: w.Audit, Now: w.Now,
		Assumer: tenant.Assumer{Roles: "arn:aws:iam::123456789012:role/tenon/test/*", Region: "eu-west-1"},
	}
}

// ExternalIDs returns how roles in the tenants' AWS accounts know them: by the
// numbers in which they ask.
func (w *World) ExternalIDs() tenant.ExternalIDs {
	return tenant.ExternalIDs{Store: w.tenants, Random: w.external}
}

// Onboarding returns the tenants, able to create keys.
func (w *World) Onboarding() *tenant.Service {
	s := w.Tenancy()
	s.Keys, s.SharedKey = w.keys, w.sharedKey
	return s
}

// KillSwitches returns the kill switches, to be started and lifted.
func (w *World) KillSwitches() *killswitch.Service {
	return &killswitch.Service{Store: w.switches, Tenants: w.tenants, Connectors: w.Catalog(), Audit: w.Audit, IDs: id.Maker{Now: w.Now}, Stage: stage, Now: w.Now}
}

// Gate returns what a process knows of them, and of tenants, that has just started.
func (w *World) Gate() *tenant.Gate {
	return &tenant.Gate{Store: w.tenants, Next: &killswitch.Gate{Store: w.switches, Now: w.Now}, Now: w.Now}
}

// SigningKeys returns the signing keys, without access to the keys themselves.
func (w *World) SigningKeys() *signing.Service {
	return &signing.Service{Store: w.signing, Audit: w.Audit, PublicURL: publicURL, Stage: stage, Now: w.Now}
}

// KeyMaking returns the signing keys, able to create keys.
func (w *World) KeyMaking() *signing.Service {
	s := w.SigningKeys()
	s.Keys, s.Tenants, s.Idempotency = w.signer, w.tenants, w.idempotency
	return s
}

// Opener returns the part of the handoff before anything is sealed.
func (w *World) Opener() *connect.Service {
	gate := w.Gate()
	return &connect.Service{
		Connections: w.connections, Handoffs: w.handoffs, Templates: w.Templater(),
		Settings: w.tenants, Keys: w.tenants, Idempotency: w.idempotency, Audit: w.Audit, Gate: gate, Standing: gate, Uses: w.flows,
		Stage: stage, PublicURL: publicURL, Now: w.Now,
	}
}

// Handoff returns the handoff up to the provider's page.
func (w *World) Handoff(events notify.Publisher) *connect.Service {
	s := w.Opener()
	s.Sealer, s.Events = w.sealer, events
	return s
}

// Connect returns the establishing, replacing and ending of credentials.
func (w *World) Connect() *connect.Service {
	s := w.Handoff(w.Bus)
	s.Templates, s.Secrets, s.Reach = w.Templates(), w.Secrets, w.reach()
	return s
}

// Refreshing is Connect for what refreshes first: an import and the choice of an
// account.
func (w *World) Refreshing() *connect.Service {
	s := w.Connect()
	s.Refresher = w.Refresher()
	return s
}

func (w *World) reach() method.Reach {
	return method.Reach{HTTP: w.Provider, Keys: w.signer}
}

// Refresher returns the refresh protocol. Its pauses move the world's time.
func (w *World) Refresher() *lease.Refresher {
	return &lease.Refresher{
		Store: w.connections, Templates: w.Templates(), Sealer: w.sealer, Secrets: w.Secrets,
		Reach: w.reach(), Outages: w.Outages(), Events: w.Bus, Audit: w.Audit, Gate: w.Gate(), Now: w.Now,
		Sleep: w.sleep,
	}
}

// sleep moves the world's time.
func (w *World) sleep(_ context.Context, d time.Duration) error {
	w.At(w.now.Add(d))
	return nil
}

// Outages returns the watch over providers.
func (w *World) Outages() *outage.Monitor {
	return &outage.Monitor{Store: w.outages, Events: w.Bus, Now: w.Now, Sleep: w.sleep}
}

// Providers returns the systems in trouble.
func (w *World) Providers() *outage.Service {
	return &outage.Service{Store: w.outages, Audit: w.Audit, Now: w.Now}
}

// Lease returns the handing out of credentials.
func (w *World) Lease() *lease.Service {
	return &lease.Service{
		Store: w.connections, Flows: w.flows, Templates: w.templates,
		Sealer: w.sealer, Refresher: w.Refresher(), Audit: w.Audit, Gate: w.Gate(), Now: w.Now,
	}
}

// Health returns the probing of connections.
func (w *World) Health() *health.Service {
	return &health.Service{
		Store: w.connections, Histories: w.histories, Connectors: w.Catalog(), Outages: w.Outages(),
		Templates: w.Templates(), Refresher: w.Refresher(), Sealer: w.sealer,
		Reach: w.reach(), Events: w.Bus, Gate: w.Gate(), Audit: w.Audit, Now: w.Now,
		Staleness: &stale.Service{Store: w.connections, Settings: w.tenants, Connects: w.Connect(), Events: w.Bus, Now: w.Now},
	}
}

// Reconciler returns the finishing of what was cut short or had to wait.
func (w *World) Reconciler() *reconcile.Service {
	r := w.Refresher()
	return &reconcile.Service{
		Store: w.connections, Events: w.Bus, Connects: w.Connect(), Promoter: r, Now: w.Now, Sleep: r.Sleep,
		Switches: &killswitch.Walker{
			Store: w.switches, Tenants: w.tenants, Connections: w.connections, Connects: w.Connect(), Events: w.Bus, Audit: w.Audit, Now: w.Now,
		},
		Heirs: &inheritance.Walker{
			Store: w.templates, Connections: w.connections, Templates: w.Templates(), Sealer: w.sealer, Secrets: w.Secrets,
			Events: w.Bus, Audit: w.Audit, Now: w.Now,
		},
	}
}

// Orphans returns the removal of secrets that no record names.
func (w *World) Orphans() *reconcile.Orphans {
	return &reconcile.Orphans{Secrets: w.Secrets, Connections: w.connections, Templates: w.templates, Now: w.Now}
}
