package expirytest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
)

// Stores are a store under test and those of the records it lists, empty at
// first.
type Stores struct {
	expiry.Store
	Connections connection.Store
	Templates   template.Store
	SigningKeys signing.Store
}

var base = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

// Run is the contract of expiry.Store.
func Run(t *testing.T, open func(*testing.T) Stores) {
	for name, test := range map[string]func(*testing.T, Stores){
		"records stand by their dates":          testPlaces,
		"a part is read in pages":               testPages,
		"what has no date any more stands not":  testGone,
		"a tenant sees its own":                 testTenants,
		"a template is used by a tenant or not": testUses,
		"a step is claimed once":                testClaim,
		"of many at once one claims":            testClaimAtOnce,
		"steps are apart":                       testSteps,
		"what was told stays told":              testTold,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// fill makes a template, connections of every kind and a signing key of acme.
func (s Stores) fill(t *testing.T) {
	t.Helper()
	ended := &template.ClientSecret{ExpiresAt: base.Add(3 * time.Hour)}
	must(t, s.Templates.Create(t.Context(), template.Template{Owner: "acme", ID: "tpl_1", StableKey: "crm", Client: template.Client{ClientKey: 1, Secret: ended}}))
	must(t, s.Templates.Create(t.Context(), template.Template{Owner: "acme", ID: "tpl_2", StableKey: "erp"}))
	for id, k := range map[string]*connection.Credential{
		"con_1": {ExpiresAt: base.Add(2 * time.Hour)},
		"con_2": {ExpiresAt: base},
		"con_3": {Refreshable: true, ExpiresAt: base, RefreshExpiresAt: base.Add(time.Nanosecond)},
		"con_4": {Static: true, SetAt: base.Add(-time.Hour)},
		"con_5": {Refreshable: true, ExpiresAt: base},
		"con_6": nil,
	} {
		s.connect(t, "acme", id, k)
	}
	must(t, s.SigningKeys.Create(t.Context(), signing.Key{Tenant: "acme", ID: "sgk_1", State: signing.Active, ExpiresAt: base.Add(time.Hour)}))
	must(t, s.SigningKeys.Create(t.Context(), signing.Key{Tenant: "acme", ID: "sgk_2", State: signing.Retired, ExpiresAt: base.Add(time.Hour)}))
}

func (s Stores) connect(t *testing.T, tenant, id string, k *connection.Credential) {
	t.Helper()
	must(t, s.Connections.Create(t.Context(), connection.Connection{
		Tenant: tenant, ID: id, TemplateOwner: "acme", TemplateID: "tpl_1", Connector: "crm", Lifecycle: connection.Ready, Credential: k,
	}))
}

// places returns the ids and kinds of a part.
func (s Stores) places(t *testing.T, tenant string, part expiry.Part, until time.Time) []string {
	t.Helper()
	found, err := s.Places(t.Context(), tenant, part, expiry.Place{}, until, 100)
	must(t, err)
	names := []string{}
	for _, p := range found {
		if p.Tenant != tenant || p.Part != part {
			t.Errorf("got a place of %q in %q", p.Tenant, p.Part)
		}
		names = append(names, p.Kind+" "+p.ID)
	}
	return names
}

func testPlaces(t *testing.T, s Stores) {
	s.fill(t)
	for _, test := range []struct {
		part  expiry.Part
		until time.Time
		want  []string
	}{
		{expiry.Dated, base.Add(24 * time.Hour), []string{"connection con_2", "connection con_3", "signing-key sgk_1", "connection con_1"}},
		{expiry.Dated, base.Add(time.Hour), []string{"connection con_2", "connection con_3", "signing-key sgk_1"}},
		{expiry.Dated, base, []string{"connection con_2"}},
		{expiry.Dated, base.Add(-time.Nanosecond), []string{}},
		{expiry.Aged, base, []string{"connection con_4"}},
		{expiry.Clients, base.Add(24 * time.Hour), []string{"template tpl_1"}},
	} {
		if diff := cmp.Diff(test.want, s.places(t, "acme", test.part, test.until)); diff != "" {
			t.Errorf("part %q until %s (-want +got):\n%s", test.part, test.until, diff)
		}
	}
}

func testPages(t *testing.T, s Stores) {
	s.fill(t)
	var ids []string
	for after := (expiry.Place{At: base.Add(-time.Hour)}); ; {
		found, err := s.Places(t.Context(), "acme", expiry.Dated, after, base.Add(24*time.Hour), 1)
		must(t, err)
		if len(found) == 0 {
			break
		}
		after = found[0]
		ids = append(ids, fmt.Sprint(after.ID, " ", after.At.Sub(base)))
	}
	if diff := cmp.Diff([]string{"con_2 0s", "con_3 1ns", "sgk_1 1h0m0s", "con_1 2h0m0s"}, ids); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if found, err := s.Places(t.Context(), "acme", expiry.Dated, expiry.Place{At: base.Add(time.Hour)}, base, 10); len(found) != 0 || err != nil {
		t.Errorf("what ends before it begins: got %v, %v", found, err)
	}
}

func testGone(t *testing.T, s Stores) {
	s.fill(t)
	_, err := s.Connections.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error {
		c.Credential = &connection.Credential{Static: true, SetAt: base}
		return nil
	})
	must(t, err)
	_, err = s.Connections.Update(t.Context(), "acme", "con_2", func(c *connection.Connection) error {
		c.Lifecycle = connection.Deleting
		return nil
	})
	must(t, err)
	_, err = s.Templates.Update(t.Context(), "acme", "tpl_1", func(t *template.Template) error {
		t.Secret = nil
		return nil
	})
	must(t, err)
	_, err = s.SigningKeys.Update(t.Context(), "acme", "sgk_1", func(k *signing.Key) error {
		k.State = signing.Retired
		return nil
	})
	must(t, err)
	for part, want := range map[expiry.Part][]string{
		expiry.Dated: {"connection con_3"}, expiry.Aged: {"connection con_4", "connection con_1"}, expiry.Clients: {},
	} {
		if diff := cmp.Diff(want, s.places(t, "acme", part, base.Add(24*time.Hour))); diff != "" {
			t.Errorf("part %q (-want +got):\n%s", part, diff)
		}
	}
}

func testTenants(t *testing.T, s Stores) {
	s.fill(t)
	s.connect(t, "globex", "con_7", &connection.Credential{ExpiresAt: base})
	for tenant, want := range map[string][]string{"globex": {"connection con_7"}, "acm": {}, "initech": {}} {
		if diff := cmp.Diff(want, s.places(t, tenant, expiry.Dated, base)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tenant, diff)
		}
	}
}

func testUses(t *testing.T, s Stores) {
	s.fill(t)
	for _, test := range []struct {
		owner, template, tenant string
		want                    bool
	}{{"acme", "tpl_1", "acme", true}, {"acme", "tpl_2", "acme", false}, {"acme", "tpl_1", "globex", false}, {"acme", "tpl_1", "acm", false}, {"globex", "tpl_1", "acme", false}} {
		if got, err := s.Uses(t.Context(), test.owner, test.template, test.tenant); got != test.want || err != nil {
			t.Errorf("%+v: got %v, %v", test, got, err)
		}
	}
}

// marker is the step of fourteen days, with an event of its own.
func marker(event string) expiry.Marker {
	return expiry.Marker{
		Tenant: "acme", Kind: expiry.Credential, Resource: "con_1", Date: base, Step: 14,
		Event: notify.Event{ID: event, Type: notify.ExpirationDue, Tenant: "acme", Resource: "con_1", At: base.Add(-14 * 24 * time.Hour), Detail: map[string]string{"kind": "credential"}},
	}
}

func testClaim(t *testing.T, s Stores) {
	want := marker("evt_1")
	stands, claimed, err := s.Claim(t.Context(), want)
	if diff := cmp.Diff(want, stands); diff != "" || !claimed || err != nil {
		t.Errorf("the first: got %v, %v (-want +got):\n%s", claimed, err, diff)
	}
	stands, claimed, err = s.Claim(t.Context(), marker("evt_2"))
	if diff := cmp.Diff(want, stands); diff != "" || claimed || err != nil {
		t.Errorf("the second: got %v, %v (-want +got):\n%s", claimed, err, diff)
	}
}

func testClaimAtOnce(t *testing.T, s Stores) {
	const callers = 16
	var group sync.WaitGroup
	var mu sync.Mutex
	events, claims := map[string]bool{}, 0
	for i := range callers {
		group.Go(func() {
			stands, claimed, err := s.Claim(t.Context(), marker(fmt.Sprint("evt_", i)))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			events[stands.Event.ID] = true
			if claimed {
				claims++
			}
		})
	}
	group.Wait()
	if len(events) != 1 || claims != 1 {
		t.Errorf("got %d claims and events %v, want one", claims, events)
	}
}

func testSteps(t *testing.T, s Stores) {
	others := []func(*expiry.Marker){
		func(*expiry.Marker) {},
		func(m *expiry.Marker) { m.Tenant, m.Event.Tenant = "globex", "globex" },
		func(m *expiry.Marker) { m.Kind = expiry.Certificate },
		func(m *expiry.Marker) { m.Resource, m.Event.Resource = "con_2", "con_2" },
		func(m *expiry.Marker) { m.Date = m.Date.Add(time.Nanosecond) },
		func(m *expiry.Marker) { m.Step = 1 },
	}
	for i, change := range others {
		m := marker(fmt.Sprint("evt_", i))
		change(&m)
		if _, claimed, err := s.Claim(t.Context(), m); !claimed || err != nil {
			t.Errorf("marker %d: got %v, %v, want it claimed", i, claimed, err)
		}
	}
}

func testTold(t *testing.T, s Stores) {
	must(t, s.Told(t.Context(), marker("evt_1"))) // There is none: its time is over.
	stands, claimed, err := s.Claim(t.Context(), marker("evt_1"))
	if stands.Told || !claimed || err != nil {
		t.Errorf("got %+v, %v, %v, want a new marker", stands, claimed, err)
	}
	must(t, s.Told(t.Context(), marker("evt_2"))) // Somebody else's.
	for _, want := range []bool{false, true, true} {
		stands, _, err := s.Claim(t.Context(), marker("evt_3"))
		if stands.Told != want || stands.Event.ID != "evt_1" || err != nil {
			t.Errorf("got %+v, %v, want told %v", stands, err, want)
		}
		must(t, s.Told(t.Context(), marker("evt_1")))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
