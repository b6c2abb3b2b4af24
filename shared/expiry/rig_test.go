package expiry_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/expiry/expirytest"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/signing/signingtest"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

const day = 24 * time.Hour

// lapses is when everything of these tests ends, but for the sunset.
var (
	lapses = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	sunset = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	ladder = tenant.Settings{Reminders: true, DaysBefore: []int{30, 14, 1}, Admins: []string{"admin@acme.example"}}
)

// rig is a service over fakes. The connector crm has no sunset, own-erp has one
// for its keys. The clock is set by the test.
type rig struct {
	*expiry.Service
	store     *connectiontest.Memory
	templates *templatetest.Memory
	keys      *signingtest.Memory
	tenants   *tenanttest.Memory
	bus       *notifytest.Bus
	now       time.Time
}

func newRig(t *testing.T, settings tenant.Settings) *rig {
	t.Helper()
	r := &rig{
		store: connectiontest.NewMemory(), templates: templatetest.NewMemory(), keys: signingtest.NewMemory(),
		tenants: tenanttest.NewMemory(), bus: new(notifytest.Bus), now: lapses.Add(-400 * day),
	}
	clock := func() time.Time { return r.now }
	r.Service = &expiry.Service{
		Connections: r.store, Templates: r.templates, SigningKeys: r.keys,
		Store:    &expirytest.Memory{Connections: r.store, Templates: r.templates, SigningKeys: r.keys},
		Catalog:  catalog.Catalog{Added: []catalog.Connector{{ID: "crm", Name: "CRM"}}, Own: own{}},
		Settings: r.tenants, Events: r.bus, Audit: &audit.Log{Store: audittest.NewMemory(), Now: clock}, IDs: id.Maker{Now: clock}, Now: clock,
	}
	r.settings(t, "acme", settings)
	return r
}

func (r *rig) settings(t *testing.T, of string, s tenant.Settings) {
	t.Helper()
	stored, err := r.tenants.GetSettings(t.Context(), of)
	must(t, err)
	s.Revision = stored.Revision + 1
	must(t, r.tenants.PutSettings(t.Context(), of, s))
}

// connect makes a connection with the credential, to be looked at from the start.
func (r *rig) connect(t *testing.T, id string, k *connection.Credential) connection.Connection {
	t.Helper()
	c := connection.Connection{
		Tenant: "acme", ID: id, Connector: "crm", Name: "Sales", Scheme: "api_key", Lifecycle: connection.Ready, Credential: k,
		Due: connection.Due{Expiry: r.now},
	}
	must(t, r.store.Create(t.Context(), c))
	return c
}

func (r *rig) record(t *testing.T, id string) connection.Connection {
	t.Helper()
	c, err := r.store.Get(t.Context(), "acme", id)
	must(t, err)
	return c
}

func (r *rig) change(t *testing.T, id string, change func(*connection.Connection)) {
	t.Helper()
	_, err := r.store.Update(t.Context(), "acme", id, func(c *connection.Connection) error {
		change(c)
		return nil
	})
	must(t, err)
}

// run stands in for the sweep and the consumer: it looks at every connection,
// template and key that is due, at once.
func (r *rig) run(t *testing.T) {
	t.Helper()
	for _, item := range r.due(t.Context(), t) {
		if err := r.Due(t.Context(), "run-1", item); err != nil {
			t.Errorf("%s: %v", item.ID, err)
		}
	}
}

func (r *rig) due(ctx context.Context, t *testing.T) []due.Item {
	t.Helper()
	refs, err := r.store.Due(ctx, connection.ExpiryDue, r.now, 100)
	must(t, err)
	var items []due.Item
	for _, ref := range refs {
		items = append(items, item("connection", ref.Tenant, ref.ID, r.now))
	}
	templates, _, err := r.templates.List(ctx, "acme", "", 100)
	must(t, err)
	for _, found := range templates {
		if at := found.ExpiryDue; !at.IsZero() && !at.After(r.now) {
			items = append(items, item("template", found.Owner, found.ID, at))
		}
	}
	keys, err := r.keys.List(ctx, "acme")
	must(t, err)
	for _, found := range keys {
		if at := found.ExpiryDue; !at.IsZero() && !at.After(r.now) {
			items = append(items, item("signing-key", found.Tenant, found.ID, at))
		}
	}
	return items
}

func item(kind, tenant, id string, at time.Time) due.Item {
	return due.Item{Tenant: tenant, Kind: kind, ID: id, At: at}
}

// at runs what is due at a time before the lapse and returns the steps, in days,
// that were told so far.
func (r *rig) at(t *testing.T, before time.Duration) []string {
	t.Helper()
	r.now = lapses.Add(-before)
	r.run(t)
	return r.steps()
}

func (r *rig) steps() []string {
	steps := []string{}
	for _, e := range r.bus.Events() {
		steps = append(steps, e.Detail["daysBefore"])
	}
	return steps
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// own are the connectors of the organization: own-erp.
type own struct{}

func (own) Definition(_ context.Context, id string) ([]byte, error) {
	return json.Marshal(catalog.Connector{
		ID: id, Name: "ERP", Sunsets: []catalog.Sunset{{Date: sunset.Format(time.DateOnly), Schemes: []string{"api_key"}}},
	})
}

func (o own) Definitions(ctx context.Context) ([][]byte, error) {
	definition, err := o.Definition(ctx, "own-erp")
	return [][]byte{definition}, err
}
