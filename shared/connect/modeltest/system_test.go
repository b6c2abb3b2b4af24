package modeltest_test

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connect/connecttest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
	"github.com/tenonhq/tenon/shared/reconcile"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

// system is one tenant with its stores and a provider. Its time stands still
// but for the tick of every look at it; everything it does follows from what
// rapid draws.
type system struct {
	rt       *rapid.T
	ctx      context.Context
	now      time.Time
	random   *rand.ChaCha8
	provider *provider

	records   *connectiontest.Memory
	secrets   *vaulttest.Secrets
	handoffs  *connecttest.Memory
	audits    *audittest.Memory
	unique    *idempotencytest.Memory
	templates *templatetest.Memory
	bus       *notifytest.Bus
	dataKeys  vaulttest.DataKeys
	sealer    *vault.Sealer // Of all processes.
	eye       *vault.Sealer // Of the checks: it opens everything at any time.

	made     map[string]string // Template by scheme.
	ids      []string          // Of every connection that was ever stored.
	keyed    map[string]string // Connection by idempotency key, once it was answered.
	offered  map[string]string // Connection by API key that was put or created with.
	born     map[string]bool   // Connections that someone was told of.
	torn     map[string]bool   // Connections of which a process died or a step failed.
	vague    map[string]bool   // Connections of which a process did not go through undisturbed.
	answered []journey         // Handoffs whose answer was taken.
	marks    map[string]mark
	removed  map[string]time.Time         // When the record of a connection was last deleted.
	late     map[string]bool              // Whether it was last made by a process that had begun before that.
	numbers  map[string]map[int]time.Time // When each version of each connection was set.
	kept     map[string]string            // API key by version of a secret.
	serving  map[string]*grant            // By connection, while it has one.
	receipts map[string]string            // What became of the revocation, by connection.
	locked   bool                         // The tenant's key is disabled.
	closed   bool                         // It was, at some time.
	parked   []*walk
	news     map[string][]news // Changes of the status, by connection.
}

// keyring is what all systems of a test share: making keys is slow.
type keyring struct {
	keys     *vaulttest.Keys
	dataKeys vaulttest.DataKeys
}

func newKeyring(t *testing.T) keyring {
	keys := new(vaulttest.Keys)
	return keyring{keys, vaulttest.NewDataKeys(t, keys, "acme", auth.Organization)}
}

func newSystem(t *testing.T, rt *rapid.T, ring keyring) *system {
	s := &system{
		rt: rt, ctx: t.Context(), now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		records: connectiontest.NewMemory(), secrets: &vaulttest.Secrets{Keys: ring.keys}, handoffs: connecttest.NewMemory(), audits: audittest.NewMemory(),
		unique: idempotencytest.NewMemory(), templates: templatetest.NewMemory(), bus: new(notifytest.Bus), dataKeys: ring.dataKeys,
		made: map[string]string{}, keyed: map[string]string{}, offered: map[string]string{}, born: map[string]bool{}, torn: map[string]bool{}, vague: map[string]bool{}, marks: map[string]mark{}, removed: map[string]time.Time{}, late: map[string]bool{},
		numbers: map[string]map[int]time.Time{}, kept: map[string]string{}, serving: map[string]*grant{}, receipts: map[string]string{}, news: map[string][]news{},
	}
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], rapid.Uint64().Draw(rt, "seed"))
	s.random = rand.NewChaCha8(seed)
	s.records.Templates = s.templates
	s.secrets.Now = func() time.Time { return s.now }
	s.sealer = &vault.Sealer{Keys: ring.keys, DataKeys: lockable{ring.dataKeys, s}, Now: s.tick}
	s.eye = &vault.Sealer{Keys: ring.keys, DataKeys: ring.dataKeys}
	s.provider = &provider{
		s: s, reuse: rapid.SampledFrom([]string{strict, grace, fixed}).Draw(rt, "reuse"),
		codes: map[string]*grant{}, access: map[string]*token{}, refresh: map[string]*token{}, keys: map[string]bool{},
	}
	for _, scheme := range []string{apiKey, signIn, machine} {
		s.made[scheme] = s.template(scheme)
	}
	return s
}

// The schemes of the demo connector that are used.
const (
	apiKey  = "api_key"
	signIn  = "oauth2_authorization_code"
	machine = "oauth2_client_credentials"
)

func (s *system) template(scheme string) string {
	d := template.Define{
		Connector: "demo-crm", Name: scheme, StableKey: scheme, Scheme: scheme, Embedded: true,
		Inputs: map[string]string{"baseUrl": "https://crm.example.com"},
	}
	if scheme != apiKey {
		d.ClientID, d.ClientSecret = "client-1", secret.FromString("client-secret")
	}
	made, err := s.start(nil, fair, 0).connects.Templates.Create(s.ctx, caller(auth.Organization), d)
	if err != nil {
		s.rt.Fatal(err)
	}
	return made.ID
}

func caller(tenant string) auth.Caller {
	return auth.Caller{Tenant: tenant, Home: tenant, Subject: "ann", Scopes: auth.Scopes(), RequestID: "req-1"}
}

// tick is the clock of all processes. No two looks at it show the same time.
func (s *system) tick() time.Time {
	s.now = s.now.Add(time.Millisecond)
	return s.now
}

// sleep waits for what others do, who are stopped while it does.
func (s *system) sleep(context.Context, time.Duration) error {
	s.now = s.now.Add(time.Second)
	return nil
}

// start returns a new process.
func (s *system) start(plan []event, weather string, depth int) *process {
	p := &process{
		s: s, began: s.now, plan: plan, weather: weather, spell: -1, depth: depth, at: map[string]int{}, touched: map[string]bool{},
		park: func() bool { return true },
	}
	ids := id.Maker{Now: s.tick, Random: s.random}
	log := &audit.Log{Store: entries{s.audits, p}, IDs: ids, Now: s.tick}
	store, vaults, doer := records{s.records, p}, secrets{s.secrets, p}, line{s.provider, p}
	news := bus{s.bus, p}
	once := &idempotency.Keys{Store: unique{s.unique, p}, IDs: ids, Now: s.tick}
	offers := &template.Service{
		Store: s.templates, Catalog: catalog.Catalog{Local: true}, Secrets: vaults, Keys: s.dataKeys, Idempotency: once, Audit: log, IDs: ids,
		HTTP: doer, PublicURL: publicURL, Stage: "test", Now: s.tick,
	}
	p.connects = &connect.Service{
		Connections: store, Handoffs: handoffs{s.handoffs, p}, Templates: offers, Keys: s.dataKeys, Sealer: s.sealer, Secrets: vaults, Reach: method.Reach{HTTP: doer},
		Events: news, Idempotency: once, Audit: log, IDs: ids, Random: s.random, Stage: "test", PublicURL: publicURL, Now: s.tick,
	}
	refresher := &lease.Refresher{
		Store: store, Templates: policies{offers, s.provider.reuse}, Sealer: s.sealer, Secrets: vaults, Reach: method.Reach{HTTP: doer}, Events: news, Audit: log,
		Outages: &outage.Monitor{Store: new(outagetest.Memory), Events: news, Now: s.tick}, IDs: ids, Now: s.tick, Sleep: s.sleep,
	}
	p.leases = &lease.Service{Store: store, Sealer: s.sealer, Refresher: refresher, Audit: log, IDs: ids, Now: s.tick}
	p.people = &connection.Service{Store: store, Audit: log, Events: news, Inputs: offers, Now: s.tick}
	p.checks = &health.Service{
		Store: store, Templates: offers, Refresher: refresher, Sealer: s.sealer, Reach: method.Reach{HTTP: doer}, Events: news, Audit: log, Now: s.tick,
	}
	p.sweeps = &expiry.Service{Store: store, Events: news, Now: s.tick}
	p.orphans = &reconcile.Orphans{Secrets: s.secrets, Connections: store, Templates: s.templates, Now: s.tick}
	p.repairs = &reconcile.Service{Store: store, Events: news, Connects: p.connects, Promoter: refresher, Now: s.tick, Sleep: s.sleep}
	return p
}

const publicURL = "https://tenon.example.com"

// policies lets the connector say what the provider of this system does.
type policies struct {
	*template.Service
	reuse string
}

func (r policies) Resolve(ctx context.Context, c connection.Connection) (method.Target, error) {
	target, err := r.Service.Resolve(ctx, c)
	return r.amended(target), err
}

func (r policies) Address(ctx context.Context, c connection.Connection) (method.Target, error) {
	target, err := r.Service.Address(ctx, c)
	return r.amended(target), err
}

func (r policies) amended(target method.Target) method.Target {
	if target.Scheme.ID == signIn {
		o := *target.Scheme.OAuth
		o.Refresh.Reuse, o.Refresh.Rotates = r.reuse, r.reuse != fixed
		if r.reuse == grace {
			o.Refresh.GraceSeconds = int(graceTime / time.Second)
		}
		target.Scheme.OAuth = &o
	}
	return target
}

// known notes a connection that was stored. A creation that did not succeed may
// be repeated under its key. A new record counts its versions anew: whether it
// may be there is checked by forward.
func (s *system) known(id string, began time.Time) {
	s.late[id] = began.Before(s.removed[id])
	delete(s.numbers, id)
	delete(s.news, id)
	if !s.born[id] {
		delete(s.marks, id)
	}
	if !slices.Contains(s.ids, id) {
		s.ids = append(s.ids, id)
	}
}

// get returns a record as it is stored; false when it is gone.
func (s *system) get(id string) (connection.Connection, bool) {
	c, err := s.records.Get(s.ctx, "acme", id)
	return c, err == nil
}

// served is what a lease of the record would hand out.
func (s *system) served(c *connection.Connection) vault.Leasable {
	plain, err := s.eye.Open(s.ctx, c.Place(), c.Lease)
	if err != nil {
		s.rt.Fatalf("hot copy of %s: %v", c.ID, err)
	}
	l, err := vault.DecodeLeasable(plain)
	if err != nil {
		s.rt.Fatalf("hot copy of %s: %v", c.ID, err)
	}
	return l
}
