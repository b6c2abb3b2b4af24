package simulate

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

// world is everything around the code that is simulated.
type world struct {
	table     *table
	systems   *systems
	secrets   *secretStore
	outages   *outageStore
	histories *historyStore
	markers   *markerStore
	meters    *meters
	catalog   catalog.Catalog
	templates map[string]template.Template

	mu     sync.Mutex
	events map[string]int // By type, and status where it has one.
}

// newWorld connects n accounts of the workload in the hour, or the day, before the
// simulation begins.
func newWorld(ctx context.Context, n int, d time.Duration) (*world, error) {
	return newWorldOf(ctx, n, d, classOf, 0)
}

// newWorldOf is newWorld with classes of its own, and with a least time between
// two calls to each system.
func newWorldOf(ctx context.Context, n int, d time.Duration, kinds func(int) class, pace time.Duration) (*world, error) {
	w := &world{
		table: newTable(n, d, kinds), systems: newSystems(n, d, kinds), meters: newMeters(d),
		secrets: &secretStore{written: map[string][]secretVersion{}}, outages: &outageStore{records: map[string]outage.Record{}},
		histories: &historyStore{records: map[string]health.History{}}, markers: &markerStore{records: map[string]expiry.Marker{}},
		templates: map[string]template.Template{}, events: map[string]int{},
	}
	for _, k := range []class{steady, rotating, static} {
		if err := w.offer(k, pace); err != nil {
			return nil, err
		}
	}
	return w, w.connect(ctx, n)
}

// offer makes the template of a class.
func (w *world) offer(k class, pace time.Duration) error {
	connector, err := catalog.Catalog{}.Load(k.connector())
	if err != nil {
		return fmt.Errorf("load connector %s: %w", k.connector(), err)
	}
	connector.Pace.IntervalMillis = int(pace.Milliseconds())
	w.catalog.Added = append(w.catalog.Added, connector)
	t := template.Template{Owner: auth.Organization, ID: k.template(), Connector: connector.ID, Scheme: "api_key", Embedded: true, Version: 1}
	if k.oauth() {
		t.Scheme = "oauth2_authorization_code"
		t.Client = template.Client{ClientKey: 1, ClientID: "client", Secret: &template.ClientSecret{
			At: vault.Locator{Secret: vault.SecretName("prod", t.Owner, t.ID, "sec_01"), Version: "first"},
		}}
	}
	w.templates[t.ID] = t
	return nil
}

// template is the id of the template of a class.
func (c class) template() string { return "tpl_" + c.connector() }

// pace is due.Sweeper's.
func (w *world) pace(_ context.Context, connector string) time.Duration {
	c, err := w.catalog.Load(connector)
	if err != nil {
		return 0
	}
	return c.Pace.Interval()
}

func (w *world) told(e notify.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	kind := e.Type
	if status := e.Detail["status"]; status != "" {
		kind += " " + status
	}
	w.events[kind]++
}

// happened returns how many events there were of each type.
func (w *world) happened() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.events)
}

func (w *world) connect(ctx context.Context, n int) error {
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	errs := make([]error, workers)
	for i := range workers {
		group.Go(func() {
			e := &environment{world: w, meters: newMeters(0), at: begin}
			e.sealer = &vault.Sealer{Keys: keys{e}, DataKeys: keys{e}, Now: func() time.Time { return begin }}
			for place := i; place < n && errs[i] == nil; place += workers {
				errs[i] = w.connectOne(ctx, e, place)
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// labels and scopes are alike for all connections.
var (
	labels = map[string]string{"team": "sales", "region": "emea"}
	scopes = []string{"contacts.read", "contacts.write", "deals.read"}
)

func (w *world) connectOne(ctx context.Context, e *environment, place int) error {
	k, id, tenant := w.table.kinds(place), connectionID(place), tenantID(place)
	scheme, connected := w.templates[k.template()].Scheme, begin.Add(-time.Duration(share(place, "connected")*float64(21*time.Hour)))
	if k.oauth() { // The last refresh was up to so long ago: the least time between two.
		connected = begin.Add(-time.Duration(share(place, "connected") * float64(52*time.Minute+45*time.Second)))
	}
	c := connection.Connection{
		Tenant: tenant, ID: id, Connector: k.connector(), TemplateID: k.template(), TemplateOwner: auth.Organization,
		Name: "Sales of the north", Environment: "production", Scheme: scheme, SchemeType: scheme, Labels: labels, GrantedScopes: scopes,
		Lifecycle: connection.Pending, Account: connection.Account{ID: fmt.Sprintf("account-%d", place), Name: "Acme"},
		SecretName: vault.SecretName("prod", tenant, id, "sec_01K00000000000000000000000"), Since: connected,
		Revision: 1, CreatedAt: connected, CreatedBy: tenant + "/ann", UpdatedAt: connected,
	}
	credential := connection.Credential{
		At: vault.Locator{Secret: c.SecretName, Version: firstVersion(id)}, SetAt: connected, SetBy: c.CreatedBy,
		PromotedAt: begin.Add(-time.Duration(share(place, "promoted") * float64(lease.PromotionPause(id)))),
	}
	token := method.Token{Type: "Bearer"}
	switch {
	case k.oauth():
		credential.Refreshable, credential.ExpiresAt, credential.MintedBy = true, connected.Add(tokenLife), 1
		token.AccessToken = secret.FromString(accessToken(place, 0))
	case k == lapsing:
		credential.ExpiresAt = begin.Add(lapsesAfter)
	}
	leasable, policy, err := w.hotCopy(c, token)
	if err != nil {
		return err
	}
	if err := c.Install(ctx, e.sealer, credential, leasable, policy, connected); err != nil {
		return fmt.Errorf("install %s: %w", id, err)
	}
	if !c.Due.Expiry.IsZero() { // It was looked at within the last week.
		c.Due.Expiry = begin.Add(time.Duration(share(place, "looked") * float64(lookPause)))
	}
	c.Due.Health = begin.Add(time.Duration(share(place, "checked") * float64(checkPause))) // It was checked within the last day.
	w.table.insert(place, c)
	return nil
}

// hotCopy is what a lease returns, and how the system refreshes.
func (w *world) hotCopy(c connection.Connection, token method.Token) (vault.Leasable, catalog.Refresh, error) {
	if token.AccessToken.IsZero() {
		return vault.Leasable{Headers: map[string]secret.Bytes{"Authorization": secret.FromString("Bearer " + filled("sk_", refreshSize))}}, catalog.Refresh{}, nil
	}
	connector, err := w.catalog.Load(c.Connector)
	if err != nil {
		return vault.Leasable{}, catalog.Refresh{}, err
	}
	scheme, _ := connector.Scheme(c.Scheme)
	m, _ := method.For(c.SchemeType)
	leasable, err := m.Apply(method.Target{Connector: connector, Scheme: scheme}, nil, token)
	return leasable, scheme.RefreshPolicy(), err
}

// state is how the connections are at the end.
type state struct {
	expired   int // Access tokens that are over.
	forgotten int // Entries that were due a quarter of an hour ago and still are.
	demoted   int // Connections that are not active.
	idle      int // Keys nobody reports of.
	idleReads int64
	early     int64 // Reads of those while nothing of them was due.
	bytes     int64 // Of all records.
}

func (w *world) state(now time.Time) (s state) {
	overdue := func(at time.Time) bool { return !at.IsZero() && at.Before(now.Add(-15*time.Minute)) }
	for place := range w.table.rows {
		r := &w.table.rows[place]
		c := &r.record
		if k := c.Credential; k.Refreshable && k.ExpiresAt.Before(now) {
			s.expired++
		}
		if overdue(c.Due.Refresh) || overdue(c.Due.Health) || overdue(c.Due.Expiry) || overdue(c.Due.Reconcile) {
			s.forgotten++
		}
		if connection.StatusOf(c, now).Name != connection.StatusActive {
			s.demoted++
		}
		if k := w.table.kinds(place); k == static && !reports(place) {
			s.idle, s.idleReads, s.early = s.idle+1, s.idleReads+int64(r.reads), s.early+int64(r.early)
		}
		s.bytes += int64(r.bytes)
	}
	return s
}

// has reports whether anything can be due in an index.
func (w *world) has(name due.Index) bool { return w.table.indexes[name] != nil }
