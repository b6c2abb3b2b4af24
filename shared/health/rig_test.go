package health_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/health/healthtest"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

const (
	tenant = "acme"
	con    = "con_1"
)

var ann = auth.Caller{Tenant: tenant, Home: tenant, Subject: "ann", Scopes: []string{auth.ConnectionsWrite, auth.ConnectionsLease}}

// rig is one connection to one provider, with time standing still unless
// someone sleeps.
type rig struct {
	*health.Service
	provider *methodtest.Provider
	memory   *connectiontest.Memory
	keys     *vaulttest.Keys
	dataKeys vaulttest.DataKeys
	secrets  *vaulttest.Secrets
	bus      *notifytest.Bus
	audits   *audittest.Memory
	history  *healthtest.Memory
	outages  *outagetest.Memory
	target   method.Target
	access   string
}

// run gives test a rig with a connection of the scheme.
func run(t *testing.T, scheme string, test func(t *testing.T, r *rig)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{
			provider: methodtest.New(), memory: connectiontest.NewMemory(), keys: new(vaulttest.Keys), secrets: new(vaulttest.Secrets),
			bus: new(notifytest.Bus), audits: audittest.NewMemory(), history: new(healthtest.Memory), outages: new(outagetest.Memory), target: methodtest.Target(scheme),
		}
		r.dataKeys = vaulttest.NewDataKeys(t, r.keys, tenant)
		sealer := &vault.Sealer{Keys: r.keys, DataKeys: r.dataKeys}
		r.target.Provider = "crm"
		monitor := &outage.Monitor{Store: r.outages, Events: r.bus, Now: time.Now}
		r.Service = &health.Service{
			Store: r.memory, Histories: r.history, Connectors: targets{r}, Outages: monitor, Templates: targets{r}, Sealer: sealer, Reach: method.Reach{HTTP: r.provider}, Events: r.bus,
			Audit: &audit.Log{Store: r.audits}, Now: time.Now,
			Refresher: &lease.Refresher{
				Store: r.memory, Templates: targets{r}, Sealer: sealer, Secrets: r.secrets, Reach: method.Reach{HTTP: r.provider}, Events: r.bus, Audit: &audit.Log{Store: r.audits},
				Outages: monitor, Now: time.Now, Sleep: func(_ context.Context, d time.Duration) error { time.Sleep(d); return nil },
			},
		}
		r.connect(t)
		test(t, r)
	})
}

func (r *rig) connect(t *testing.T) {
	t.Helper()
	access, refresh := r.provider.Issue()
	material := vault.Material{Tenant: tenant, Resource: con, RefreshToken: secret.FromString(refresh)}
	if r.target.Scheme.Login != nil {
		material.Fields = map[string]secret.Bytes{"username": secret.FromString(methodtest.ClientID), "password": secret.FromString(methodtest.ClientSecret)}
	}
	encoded, err := material.Encode()
	if err != nil {
		t.Fatal(err)
	}
	version, err := r.secrets.Create(t.Context(), "name", "arn", vault.Token(con), encoded)
	if err != nil {
		t.Fatal(err)
	}
	r.access = access
	k := connection.Credential{At: vault.Locator{Secret: "name", Version: version}}
	fields := map[string]secret.Bytes{"apiKey": secret.FromString("key-1")}
	if r.target.Scheme.TokenURL() != "" {
		k.Refreshable, k.ExpiresAt = true, time.Now().Add(time.Hour)
	}
	m, _ := method.For(r.target.Scheme.Type)
	l, err := m.Apply(r.target, fields, method.Token{AccessToken: secret.FromString(access), Type: "Bearer"})
	if err != nil {
		t.Fatal(err)
	}
	c := connection.Connection{Tenant: tenant, ID: con, Connector: "crm", SchemeType: m.Type(), Lifecycle: connection.Pending}
	if err := c.Install(t.Context(), r.Sealer, k, l, catalog.Refresh{}, time.Now().UTC()); err != nil {
		t.Fatal(err)
	}
	if err := r.memory.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func (r *rig) record(t *testing.T) connection.Connection {
	t.Helper()
	c, err := r.memory.Get(t.Context(), tenant, con)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (r *rig) change(t *testing.T, change func(*connection.Connection)) {
	t.Helper()
	_, err := r.memory.Update(t.Context(), tenant, con, func(c *connection.Connection) error { change(c); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

// wantStatus checks the public status.
func (r *rig) wantStatus(t *testing.T, name string, reason connection.Reason) {
	t.Helper()
	c := r.record(t)
	if s := connection.StatusOf(&c, time.Now()); s.Name != name || s.Reason != reason {
		t.Errorf("status: got %s (%s), want %s (%s)", s.Name, s.Reason, name, reason)
	}
}

// targets resolves every connection to the rig's target.
type targets struct{ r *rig }

func (t targets) Resolve(context.Context, connection.Connection) (method.Target, error) {
	return t.r.target, nil
}

func (t targets) Find(context.Context, string) (catalog.Connector, error) {
	return t.r.target.Connector, nil
}

func (targets) Heard(context.Context, connection.Connection, int, error) {}

func (t targets) Address(context.Context, connection.Connection) (method.Target, error) {
	target := t.r.target
	target.ClientSecret = secret.Bytes{}
	return target, nil
}
