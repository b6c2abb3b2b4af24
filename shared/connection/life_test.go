package connection_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/health/healthtest"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

// life is one connection with its services, and beside it the model: what
// happened to it, in the fewest words that its status follows from.
type life struct {
	rt      *rapid.T
	t       *testing.T
	store   *connectiontest.Memory
	history *healthtest.Memory
	bus     *notifytest.Bus
	sealer  *vault.Sealer
	people  *connection.Service
	reports *health.Service
	sweeps  *expiry.Service
	now     time.Time

	paused, deleting, waiting bool
	credential                *connection.Credential
	refused                   bool              // The provider refused this credential for good.
	doubts                    connection.Reason // Why a probe or a key speaks against it.
	calls                     []string          // Outcomes since it is there, newest first.
}

func newLife(t *testing.T, rt *rapid.T) *life {
	m := &life{
		rt: rt, t: t, store: connectiontest.NewMemory(), history: new(healthtest.Memory), bus: new(notifytest.Bus), sealer: vaulttest.NewSealer(t, "acme"), now: now, waiting: true,
	}
	clock, log := func() time.Time { return m.now }, &audit.Log{Store: audittest.NewMemory()}
	m.people = &connection.Service{Store: m.store, Audit: log, Events: m.bus, Now: clock}
	m.reports = &health.Service{
		Store: m.store, Histories: m.history, Connectors: catalog.Catalog{}, Outages: &outage.Monitor{Store: new(outagetest.Memory), Events: m.bus, Now: clock},
		Audit: log, Events: m.bus, Now: clock,
	}
	m.sweeps = &expiry.Service{Store: m.store, Events: m.bus, Now: clock}
	m.must(m.store.Create(t.Context(), connection.Connection{
		Tenant: "acme", ID: "con_1", Connector: "crm", Lifecycle: connection.Pending, Since: now, Revision: 1,
		Due: connection.Due{Pending: now.Add(15 * time.Minute)},
	}))
	return m
}

func (m *life) record() connection.Connection {
	m.rt.Helper()
	c, err := m.store.Get(m.t.Context(), "acme", "con_1")
	m.must(err)
	return c
}

// apply changes the record as the services do.
func (m *life) apply(change func(*connection.Connection) error) error {
	_, err := connection.Transition(m.t.Context(), m.store, m.bus, m.people.Now, "acme", "con_1", func(c *connection.Connection) error {
		if c.Lifecycle == connection.Deleting {
			return connection.ErrNotFound
		}
		return change(c)
	})
	return err
}

// step runs an action and checks that Since and the bus tell of its effect: of a
// new status once, and of nothing else.
func (m *life) step(act func() error) func(*rapid.T) {
	return func(rt *rapid.T) {
		m.rt = rt
		old, told := m.record(), len(m.bus.Events())
		before := connection.StatusOf(&old, m.now)
		err := act()
		if m.deleting && old.Lifecycle == connection.Deleting {
			err = m.gone(err)
		}
		m.must(err)
		c := m.record()
		after, news := connection.StatusOf(&c, m.now), m.bus.Events()[told:]
		if m.deleting {
			return // Disconnecting has its own event.
		}
		if after == before {
			if !c.Since.Equal(old.Since) || len(news) > 0 {
				rt.Fatalf("still %s (%s): since %s, told %v", after.Name, after.Reason, c.Since, news)
			}
			return
		}
		if !c.Since.Equal(m.now) || len(news) != 1 || !news[0].At.Equal(m.now) || news[0].Detail["status"] != after.Name ||
			news[0].Detail["reason"] != string(after.Reason) || news[0].Detail["previous"] != before.Name {
			rt.Fatalf("%s (%s) after %s: since %s, told %v", after.Name, after.Reason, before.Name, c.Since, news)
		}
	}
}

// check compares the record with the model.
func (m *life) check(rt *rapid.T) {
	m.rt = rt
	c := m.record()
	s := connection.StatusOf(&c, m.now)
	explains(rt, s)
	if want := m.word(); want != "" && s.Name != want {
		rt.Fatalf("got %s (%s), want %s", s.Name, s.Reason, want)
	}
	if flagged := c.Health.Reason == connection.ReasonReauthRequired || c.Health.Reason == connection.ReasonLostAnswer; flagged != m.refused {
		rt.Fatalf("reason %q; refused for good: %t", c.Health.Reason, m.refused)
	}
	d := c.Due
	if c.Lifecycle != connection.Ready && (!d.Refresh.IsZero() || !d.Health.IsZero()) {
		rt.Fatalf("%s and due %+v", c.Lifecycle, d)
	}
	if c.Lifecycle == connection.Pending && d.Pending.IsZero() {
		rt.Fatal("pending, and nothing will ever end it")
	}
	if c.Lifecycle != connection.Ready || c.Credential == nil {
		return
	}
	if d.Health.IsZero() {
		rt.Fatal("never checked again")
	}
	renewable := c.Credential.Refreshable && !m.refused
	if renewable == d.Refresh.IsZero() && !c.Credential.ExpiresAt.IsZero() {
		rt.Fatalf("refreshable %t, refused %t, refresh due %s", c.Credential.Refreshable, m.refused, d.Refresh)
	}
}

// word is the status, from what happened alone. It is empty where it depends on
// how long the system itself has been failing.
func (m *life) word() string {
	k := m.credential
	switch {
	case m.paused, m.deleting:
		return connection.StatusDisabled
	case k == nil && m.waiting:
		return connection.StatusPending
	case k == nil, m.refused, m.doubts != connection.ReasonNone, !k.Refreshable && !k.ExpiresAt.IsZero() && !m.now.Before(k.ExpiresAt):
		return connection.StatusDegraded
	}
	word := connection.StatusActive
	for _, o := range m.calls[:min(5, len(m.calls))] {
		switch catalog.Outcome(o) {
		case catalog.OK:
		case catalog.RateLimited, catalog.ProviderError, catalog.NetworkError, catalog.TLSError:
			word = ""
		default:
			return connection.StatusDegraded
		}
	}
	return word
}

func (m *life) report() error {
	var calls []health.Call
	for _, o := range someCalls.Draw(m.rt, "outcomes") {
		calls = append(calls, health.Call{Outcome: o})
		if !m.deleting {
			m.called(o)
		}
	}
	if _, err := m.reports.Report(m.t.Context(), agent, "con_1", calls); err != nil {
		return err
	}
	_, err := m.reports.Refresh(m.t.Context(), agent, health.Refreshment{})
	return err
}

var agent = auth.Caller{Tenant: "acme", Home: "acme", Subject: "agent", Scopes: auth.Scopes()}

func (m *life) called(o catalog.Outcome) {
	m.calls = append([]string{string(o)}, m.calls...)
	if o == catalog.OK {
		m.doubts = connection.ReasonNone
	}
}
