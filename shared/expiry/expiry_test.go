package expiry_test

import (
	"context"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

const day = 24 * time.Hour

var lapses = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

// rig is a service over fakes with one key, con_1, that lapses. The clock is
// set by the test.
type rig struct {
	*expiry.Service
	store   *connectiontest.Memory
	tenants *tenanttest.Memory
	bus     *notifytest.Bus
	mailer  *notifytest.Mailer
	now     time.Time
}

func newRig(t *testing.T, settings tenant.Settings) *rig {
	t.Helper()
	r := &rig{store: connectiontest.NewMemory(), tenants: tenanttest.NewMemory(), bus: new(notifytest.Bus), mailer: new(notifytest.Mailer)}
	r.Service = &expiry.Service{
		Store: r.store, Settings: r.tenants, Mail: r.mailer, Events: r.bus, Now: func() time.Time { return r.now },
	}
	r.settings(t, settings)
	r.create(t, connection.Connection{ID: "con_1", Credential: &connection.Credential{ExpiresAt: lapses}})
	return r
}

func (r *rig) settings(t *testing.T, s tenant.Settings) {
	t.Helper()
	stored, err := r.tenants.GetSettings(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	s.Revision = stored.Revision + 1
	if err := r.tenants.PutSettings(t.Context(), "acme", s); err != nil {
		t.Fatal(err)
	}
}

func (r *rig) create(t *testing.T, c connection.Connection) {
	t.Helper()
	c.Tenant, c.Connector, c.Name = "acme", "crm", "Sales"
	if c.Lifecycle == "" {
		c.Lifecycle = connection.Ready
	}
	if c.Due.Pending.IsZero() {
		c.Due.Expiry = lapses.Add(-365 * day)
	}
	if err := r.store.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func (r *rig) record(t *testing.T, id string) connection.Connection {
	t.Helper()
	c, err := r.store.Get(t.Context(), "acme", id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sweep reminds of what is due.
func (r *rig) sweep(ctx context.Context) (found, done, failed int, err error) {
	return connectiontest.Sweep(ctx, r.Store, connection.ExpiryDue, r.now, 1, r.Service.Due)
}

// remind runs the job at a time before the lapse and returns the steps, in
// days, of the mails sent so far.
func (r *rig) remind(t *testing.T, before time.Duration) []string {
	t.Helper()
	r.now = lapses.Add(-before)
	if _, _, failed, err := r.sweep(t.Context()); failed != 0 || err != nil {
		t.Errorf("sweep: got %d failed, %v; want none", failed, err)
	}
	steps := []string{}
	for _, e := range r.bus.Events() {
		steps = append(steps, e.Detail["daysBefore"])
	}
	if len(steps) != len(r.mailer.Mails()) {
		t.Errorf("got %d events and %d mails, want as many", len(steps), len(r.mailer.Mails()))
	}
	return steps
}

var ladder = tenant.Settings{Reminders: true, DaysBefore: []int{30, 14, 1}, Admins: []string{"admin@acme.example"}}
