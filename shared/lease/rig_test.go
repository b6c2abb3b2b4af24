package lease_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
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
	tenant     = "acme"
	con        = "con_1"
	secretName = "tenon/test/acme/con_1/sec_1"
)

// rig is one tenant's connection to one provider, with time standing still
// unless someone sleeps. Every process of it is a service of its own.
type rig struct {
	provider *methodtest.Provider
	memory   *connectiontest.Memory
	secrets  *vaulttest.Secrets
	keys     *vaulttest.Keys
	dataKeys vaulttest.DataKeys
	audits   *audittest.Memory
	bus      *notifytest.Bus
	outages  *outagetest.Memory
	target   method.Target
	access   string // Of the handoff.
	refresh  string // Of the handoff.
	calls    trace  // Of all processes.
	process         // The first one.
}

// process is one running instance: it can crash, and what it calls is counted.
type process struct {
	*lease.Service
	*faults
}

// run gives test a rig with an authorization code connection of one hour.
func run(t *testing.T, test func(t *testing.T, r *rig)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{
			provider: methodtest.New(), memory: connectiontest.NewMemory(), secrets: &vaulttest.Secrets{},
			keys: new(vaulttest.Keys), audits: audittest.NewMemory(), bus: new(notifytest.Bus), outages: new(outagetest.Memory),
			target: methodtest.Target("oauth2_authorization_code"),
		}
		r.target.Provider = "crm"
		r.dataKeys = vaulttest.NewDataKeys(t, r.keys, tenant, "secrets")
		r.process = r.start()
		r.connect(t)
		test(t, r)
	})
}

// start returns a new process.
func (r *rig) start() process {
	p := process{faults: &faults{trace: &r.calls, on: map[string]func(){}, fail: map[string]func(int) error{}, counts: map[string]int{}}}
	sealer := &vault.Sealer{Keys: r.keys, DataKeys: r.dataKeys}
	p.Service = &lease.Service{
		Store: store{r.memory, p.faults}, Sealer: sealer, Audit: &audit.Log{Store: audits{r.audits, &r.calls}}, Now: time.Now,
		Refresher: &lease.Refresher{
			Store: store{r.memory, p.faults}, Templates: targets{r}, Sealer: sealer, Secrets: secrets{r.secrets, p.faults}, Reach: method.Reach{HTTP: r.provider}, Events: r.bus,
			Outages: &outage.Monitor{Store: r.outages, Events: r.bus, Now: time.Now},
			Audit:   &audit.Log{Store: audits{r.audits, &r.calls}}, Now: time.Now, Sleep: func(_ context.Context, d time.Duration) error { time.Sleep(d); return nil },
		},
	}
	return p
}

// connect stores the connection as a handoff leaves it.
func (r *rig) connect(t *testing.T) {
	t.Helper()
	r.access, r.refresh = r.provider.Issue()
	at := r.write(t, vault.Material{Tenant: tenant, Resource: con, Epoch: 1, RefreshToken: secret.FromString(r.refresh)})
	r.install(t, connection.Credential{At: at, Refreshable: true, ExpiresAt: time.Now().Add(time.Hour), PromotedAt: time.Now()})
}

func (r *rig) write(t *testing.T, m vault.Material) vault.Locator {
	t.Helper()
	encoded, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	version, err := r.secrets.Create(t.Context(), secretName, r.dataKeys["secrets"].KeyARN, vault.Token(encoded.Reveal()), encoded)
	if err != nil {
		t.Fatal(err)
	}
	return vault.Locator{Secret: secretName, Version: version}
}

func (r *rig) install(t *testing.T, k connection.Credential) {
	t.Helper()
	c := connection.Connection{
		Tenant: tenant, ID: con, Connector: r.target.Connector.ID, Name: "Sales", SchemeType: r.target.Scheme.Type,
		Lifecycle: connection.Pending, SecretName: secretName,
	}
	r.put(t, &c, k)
	if err := r.memory.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// put makes the access token of the rig current.
func (r *rig) put(t *testing.T, c *connection.Connection, k connection.Credential) {
	t.Helper()
	m, _ := method.For(r.target.Scheme.Type)
	l, err := m.Apply(r.target, nil, method.Token{AccessToken: secret.FromString(r.access), Type: "Bearer"})
	if err != nil {
		t.Fatal(err)
	}
	sealer := &vault.Sealer{Keys: r.keys, DataKeys: r.dataKeys}
	if err := c.Install(t.Context(), sealer, k, l, r.target.Scheme.RefreshPolicy(), time.Now().UTC()); err != nil {
		t.Fatal(err)
	}
}

// lockSecrets lets the secret store, and it alone, refuse everything.
func (r *rig) lockSecrets() {
	r.secrets.Keys = r.keys
	r.keys.Disable(r.dataKeys["secrets"].KeyARN)
}

func (r *rig) unlockSecrets() { r.keys.Enable(r.dataKeys["secrets"].KeyARN) }

// promotion is when a rotated refresh token may move to the secret store again,
// of whichever connection.
const promotion = 12 * time.Hour

// expire lets the access token of the handoff run out, and the time pass until a
// rotated refresh token may move again.
func (r *rig) expire() { time.Sleep(promotion) }

// record returns the connection as it is stored.
func (r *rig) record(t *testing.T) connection.Connection {
	t.Helper()
	c, err := r.memory.Get(t.Context(), tenant, con)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// change changes the stored connection behind the service's back.
func (r *rig) change(t *testing.T, change func(*connection.Connection)) {
	t.Helper()
	_, err := r.memory.Update(t.Context(), tenant, con, func(c *connection.Connection) error { change(c); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

// lease asks for a credential as a runtime does.
func (p process) lease(ctx context.Context) (lease.Lease, error) {
	caller := auth.Caller{Tenant: tenant, Home: tenant, Subject: "runtime", Scopes: []string{auth.ConnectionsLease}}
	return p.Lease(ctx, caller, lease.Request{ConnectionID: con, Purpose: "sync"})
}

// token leases and returns the access token.
func (p process) token(t *testing.T) string {
	t.Helper()
	l, err := p.lease(t.Context())
	if err != nil {
		t.Fatalf("Lease: %v", err)
	}
	return l.Credential.AccessToken.Reveal()
}

// trace is the order of calls.
type trace struct {
	mu    sync.Mutex
	calls []string
}

func (c *trace) add(call string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, call)
}

// take returns the calls since the last take.
func (c *trace) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := c.calls
	c.calls = nil
	return calls
}

// targets resolves every connection to the rig's target.
type targets struct{ *rig }

func (t targets) Resolve(context.Context, connection.Connection) (method.Target, error) {
	return t.target, nil
}

func (t targets) Address(context.Context, connection.Connection) (method.Target, error) {
	target := t.target
	target.ClientSecret = secret.Bytes{}
	return target, nil
}

func (targets) Heard(context.Context, connection.Connection, int, error) {}

// reconnect installs a new grant, as a handoff does while others work.
func (r *rig) reconnect(t *testing.T) {
	t.Helper()
	old := r.record(t)
	r.access, r.refresh = r.provider.Issue()
	at := r.write(t, vault.Material{Tenant: tenant, Resource: con, Epoch: old.Refresh.Epoch + 1, RefreshToken: secret.FromString(r.refresh)})
	k := connection.Credential{At: at, Refreshable: true, ExpiresAt: time.Now().Add(time.Hour), PromotedAt: time.Now()}
	r.change(t, func(c *connection.Connection) { r.put(t, c, k) })
}

// copy makes another connection with a grant of its own.
func (r *rig) copy(t *testing.T, id string) {
	t.Helper()
	access, refresh := r.provider.Issue()
	name := "tenon/test/acme/" + id + "/sec_1"
	material := vault.Material{Tenant: tenant, Resource: id, Epoch: 1, RefreshToken: secret.FromString(refresh)}
	encoded, err := material.Encode()
	if err != nil {
		t.Fatal(err)
	}
	version, err := r.secrets.Create(t.Context(), name, r.dataKeys["secrets"].KeyARN, vault.Token(refresh), encoded)
	if err != nil {
		t.Fatal(err)
	}
	c := connection.Connection{
		Tenant: tenant, ID: id, Connector: r.target.Connector.ID, SchemeType: r.target.Scheme.Type, Lifecycle: connection.Pending, SecretName: name,
	}
	was := r.access
	r.access = access
	r.put(t, &c, connection.Credential{
		At: vault.Locator{Secret: name, Version: version}, Refreshable: true, ExpiresAt: time.Now().Add(time.Hour), PromotedAt: time.Now(),
	})
	r.access = was
	if err := r.memory.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// denials returns what the audit says was refused.
func (r *rig) denials() []audit.Entry {
	found, _, _ := r.audits.List(context.Background(), tenant, audit.Query{Action: audit.ConnectionRefresh, Limit: 100})
	return slices.DeleteFunc(found, func(e audit.Entry) bool { return e.Outcome != "denied" })
}
