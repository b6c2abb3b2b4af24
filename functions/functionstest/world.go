// Package functionstest composes the domain on in-memory fakes, with the
// records that the sample events name, so that a function's test replays its
// event and looks at what became of it. It depends on the domain packages and
// their fakes, and is for tests.
package functionstest

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect/connecttest"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/connector/connectortest"
	"github.com/tenonhq/tenon/shared/console/consoletest"
	"github.com/tenonhq/tenon/shared/delivery/deliverytest"
	"github.com/tenonhq/tenon/shared/expiry/expirytest"
	"github.com/tenonhq/tenon/shared/flow/flowtest"
	"github.com/tenonhq/tenon/shared/health/healthtest"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/killswitch/killswitchtest"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/page/pagetest"
	"github.com/tenonhq/tenon/shared/session/sessiontest"
	"github.com/tenonhq/tenon/shared/signing/signingtest"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
	"github.com/tenonhq/tenon/shared/webhook/webhooktest"
)

// World is a stage in memory at a fixed time. Its services are those that
// package app composes, with the same parts left out.
type World struct {
	Provider *Provider
	Bus      *notifytest.Bus
	Mailer   *notifytest.Mailer
	Receiver *webhooktest.Receiver
	Secrets  *vaulttest.Secrets
	Audit    *audit.Log
	Cursors  page.Cursors

	t           testing.TB
	now         time.Time
	connections *connectiontest.Memory
	connectors  *connectortest.Memory
	templates   *templatetest.Memory
	flows       *flowtest.Memory
	tenants     *tenanttest.Memory
	handoffs    *connecttest.Memory
	outages     *outagetest.Memory
	histories   *healthtest.Memory
	entries     *audittest.Memory
	signing     *signingtest.Memory
	ledger      *expirytest.Memory
	switches    *killswitchtest.Memory
	signer      *signingtest.Keys
	endpoints   *webhooktest.Memory
	deliveries  *deliverytest.Memory
	idempotency *idempotency.Keys
	keys        *vaulttest.Keys
	sharedKey   string // ARN; empty where each tenant has a key of its own.
	sealer      *vault.Sealer
	external    *counter
	sessions    *sessiontest.Memory
	signIns     consoletest.Memory
}

// New returns the world the sample events are about.
func New(t testing.TB) *World { return newWorld(t, false) }

// NewShared returns the same world, whose tenants share one KMS key.
func NewShared(t testing.TB) *World { return newWorld(t, true) }

func newWorld(t testing.TB, shared bool) *World {
	t.Helper()
	w := &World{
		Provider: newProvider(), Bus: new(notifytest.Bus), Mailer: new(notifytest.Mailer),
		Cursors: page.Cursors{MAC: pagetest.MAC{Key: []byte("the cursor key of a test")}},
		t:       t, now: Seeded, connections: connectiontest.NewMemory(), connectors: new(connectortest.Memory), templates: templatetest.NewMemory(),
		tenants: tenanttest.NewMemory(), handoffs: connecttest.NewMemory(), outages: new(outagetest.Memory), histories: new(healthtest.Memory), entries: audittest.NewMemory(),
		keys: new(vaulttest.Keys), signing: signingtest.NewMemory(), signer: new(signingtest.Keys), switches: new(killswitchtest.Memory), external: new(counter),
		Receiver: new(webhooktest.Receiver), endpoints: new(webhooktest.Memory), deliveries: new(deliverytest.Memory),
	}
	w.sessions = sessiontest.NewMemory()
	w.connections.Templates = w.templates
	w.flows = flowtest.NewMemory(w.connections)
	w.ledger = &expirytest.Memory{Connections: w.connections, Templates: w.templates, SigningKeys: w.signing}
	w.Secrets = &vaulttest.Secrets{Keys: w.keys}
	w.restart()
	w.Audit = &audit.Log{Store: w.entries, IDs: id.Maker{Now: w.Now, Random: new(counter)}, Now: w.Now}
	w.idempotency = &idempotency.Keys{Store: idempotencytest.NewMemory(), IDs: id.Maker{Now: w.Now}, Now: w.Now}
	if shared {
		w.ShareKey()
	}
	w.seed()
	w.At(Now)
	return w
}

// Now returns the time of the world.
func (w *World) Now() time.Time { return w.now }

// At moves the world to a time.
func (w *World) At(now time.Time) { w.now = now }

// Person returns an administrator of the tenant.
func Person(tenant string) auth.Caller {
	return auth.Caller{Tenant: tenant, Home: tenant, Subject: "ann", Scopes: auth.Scopes()}
}
