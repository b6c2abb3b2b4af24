// Package credentials composes everything that reads, writes or uses a
// credential. It depends on packages egress, secretsmanager, sts,
// app/keys, app/changes and the domain.
package credentials

import (
	"context"
	"crypto/rand"
	"time"

	awssecretsmanager "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/changes"
	"github.com/tenonhq/tenon/shared/app/keys"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/inheritance"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/reconcile"
	"github.com/tenonhq/tenon/shared/secretsmanager"
	"github.com/tenonhq/tenon/shared/stale"
	"github.com/tenonhq/tenon/shared/sts"
	"github.com/tenonhq/tenon/shared/template"
)

// Credentials is the keys with the secret store, the bus and the way out to
// providers.
type Credentials struct {
	keys.Keys
	Secrets secretsmanager.Secrets
	Events  notify.Publisher
	HTTP    method.Doer
	Servers method.Prober // Nil in a function that verifies nothing.
}

// New opens everything.
func New(e *app.Env) Credentials {
	k := keys.New(e)
	return Credentials{
		Keys:    k,
		Secrets: secretsmanager.Secrets{Client: awssecretsmanager.NewFromConfig(k.AWS), Stage: e.Config.Stage},
		Events:  changes.Bus(e),
		HTTP:    egress.New(egress.Config{InsecureLoopback: e.Config.Local()}),
	}
}

// Reach returns the ways to other systems.
func (c Credentials) Reach() method.Reach {
	roles := sts.Roles{Config: c.Env.AWS, Account: c.Env.Config.Account()}
	return method.Reach{HTTP: c.HTTP, Keys: c.Signer, Roles: roles, Servers: c.Servers, Now: time.Now, Random: rand.Reader}
}

// Templates returns the templates with their client secrets and signing keys.
func (c Credentials) Templates() *template.Service {
	s := c.Templater()
	s.SigningKeys, s.Connections = c.SigningKeys(), c.Connections
	s.Secrets, s.HTTP, s.Events = c.Secrets, c.HTTP, c.Events
	return s
}

// Connect returns the establishing, replacing and ending of credentials.
func (c Credentials) Connect() *connect.Service {
	s := c.Handoff(c.Events)
	s.Templates, s.Secrets, s.Reach, s.Sleep = c.Templates(), c.Secrets, c.Reach(), sleep
	return s
}

// Refreshing is Connect for what refreshes first: an import and the choice of an
// account.
func (c Credentials) Refreshing() *connect.Service {
	s := c.Connect()
	s.Refresher = c.Refresher()
	return s
}

// Refresher returns the refresh protocol.
func (c Credentials) Refresher() *lease.Refresher {
	return &lease.Refresher{
		Store: c.Connections, Templates: c.Templates(), Sealer: c.Sealer, Secrets: c.Secrets,
		Reach: c.Reach(), Events: c.Events, Audit: c.Audit, Gate: c.Gate, Now: time.Now, Sleep: sleep,
		Outages: c.Monitor(),
	}
}

// Monitor returns the watch over providers.
func (c Credentials) Monitor() *outage.Monitor {
	return &outage.Monitor{Store: c.Outages, Events: c.Events, Now: time.Now, Sleep: sleep}
}

// Lease returns the handing out of credentials.
func (c Credentials) Lease() *lease.Service {
	return &lease.Service{
		Store: c.Connections, Flows: c.Flows, Templates: c.Keys.Templates,
		Sealer: c.Sealer, Refresher: c.Refresher(), Audit: c.Audit, Gate: c.Gate, Now: time.Now,
	}
}

// Health returns the probing of connections.
func (c Credentials) Health() *health.Service {
	return &health.Service{
		Store: c.Connections, Histories: c.Histories, Connectors: c.Catalog(), Outages: c.Monitor(),
		Templates: c.Templates(), Refresher: c.Refresher(), Sealer: c.Sealer,
		Reach: c.Reach(), Events: c.Events, Audit: c.Audit, Gate: c.Gate, Now: time.Now,
		Staleness: &stale.Service{Store: c.Connections, Settings: c.Tenants, Connects: c.Connect(), Events: c.Events, Now: time.Now},
	}
}

// Reconciler returns the finishing of what was cut short or had to wait.
func (c Credentials) Reconciler() *reconcile.Service {
	connects := c.Connect()
	return &reconcile.Service{
		Store: c.Connections, Events: c.Events, Connects: connects, Promoter: c.Refresher(), Now: time.Now, Sleep: sleep,
		Switches: &killswitch.Walker{
			Store: c.Switches, Tenants: c.Tenants, Connections: c.Connections, Connects: connects, Events: c.Events, Audit: c.Audit, Now: time.Now,
		},
		Heirs: &inheritance.Walker{
			Store: c.Keys.Templates, Connections: c.Connections, Templates: c.Templates(), Sealer: c.Sealer, Secrets: c.Secrets,
			Events: c.Events, Audit: c.Audit, Now: time.Now,
		},
	}
}

// Orphans returns the removal of secrets that no record names.
func (c Credentials) Orphans() *reconcile.Orphans {
	return &reconcile.Orphans{Secrets: c.Secrets, Connections: c.Connections, Templates: c.Keys.Templates, Now: time.Now}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
