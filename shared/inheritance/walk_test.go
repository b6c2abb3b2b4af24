package inheritance_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

// A change of a global value reaches the connections of every tenant: the next lease
// has the new address and headers, and the credential it had.
func TestTheNextLeaseHasTheChange(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	keys, persons := r.define("key", map[string]string{"host": "api.desk.com"}), r.define("person", map[string]string{"host": "api.desk.com"})
	own := map[string]string{"workspace": "sales", "version": "v9"}
	a, b, p := r.connect(keys, "acme", 1, own), r.connect(keys, "globex", 1, nil), r.connect(persons, "acme", 2, own)
	told := len(r.bus.Events())
	for _, made := range []template.Template{keys, persons} {
		r.change(made, map[string]string{"host": "api.desk.com", "version": "v2", "workspace": "all"})
	}
	r.hands(a, "https://api.desk.com/v9", map[string]string{"X-Key": "key-of-acme", "X-Workspace": "sales"}) // Until the walk comes by.
	must(t, errors.Join(r.walk(keys), r.walk(persons)))
	r.hands(a, "https://api.desk.com/v2", map[string]string{"X-Key": "key-of-acme", "X-Workspace": "all"}) // Over what it gave itself.
	r.hands(b, "https://api.desk.com/v2", map[string]string{"X-Key": "key-of-globex", "X-Workspace": "all"})
	r.hands(p, "https://api.desk.com/v2", map[string]string{"Authorization": "Bearer token-of-acme", "X-Workspace": "all"})
	c := r.get(a)
	if c.TemplateRevision != 2 || c.Inputs["workspace"] != "sales" || !c.Due.Health.Equal(r.now.Add(due.Soon-2*time.Minute)) && !c.Due.Health.Equal(r.now.Add(due.Soon)) {
		t.Errorf("revision %d, inputs %v, check planned for %s", c.TemplateRevision, c.Inputs, c.Due.Health)
	}
	if events := r.bus.Events()[told:]; len(events) > 0 {
		t.Errorf("told %+v, want nothing: no status changed", events)
	}
	entries, _, err := r.audit.List(t.Context(), person("globex"), audit.Query{Action: audit.ConnectionUpdate, Resource: b.ID, Limit: 10})
	if err != nil || len(entries) != 1 || entries[0].Actor != "job/queue-reconcile" {
		t.Errorf("the audit of the other tenant has %+v, %v; want the update by the job", entries, err)
	}
	if stored, err := r.templates.Get(t.Context(), keys.Owner, keys.ID); err != nil || stored.Inheritance != (template.Inheritance{}) {
		t.Errorf("the walk is not over: %+v, %v", stored.Inheritance, err)
	}
}

// A connection nobody has connected yet, one that is paused and one that is gone are
// no obstacle; a consent that is under way for the address of before ends.
func TestEveryStateTakesTheChange(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.define("person", map[string]string{"host": "api.desk.com"})
	paused, pending, deleting := r.connect(made, "acme", 1, nil), r.connect(made, "acme", 2, nil), r.connect(made, "acme", 3, nil)
	r.set(paused, func(c *connection.Connection) { c.Lifecycle = connection.Disabled })
	r.set(pending, func(c *connection.Connection) {
		c.Lifecycle, c.Credential, c.Lease, c.Handoff = connection.Pending, nil, nil, &connection.Handoff{ID: "hof_1", ExpiresAt: r.now.Add(time.Hour)}
	})
	r.set(deleting, func(c *connection.Connection) { c.Lifecycle = connection.Deleting })
	r.change(made, map[string]string{"host": "api.desk.com", "version": "v2"})
	must(t, r.walk(made))
	if c := r.get(paused); c.BaseURL != "https://api.desk.com/v2" || c.Lifecycle != connection.Disabled || !c.Due.Refresh.IsZero() && c.Due.Refresh.After(r.now.Add(24*time.Hour)) {
		t.Errorf("paused: %q, %s", c.BaseURL, c.Lifecycle)
	}
	if c := r.get(pending); c.TemplateRevision != 2 || c.Handoff != nil {
		t.Errorf("pending: revision %d, handoff %+v", c.TemplateRevision, c.Handoff)
	}
	if c := r.get(deleting); c.TemplateRevision != 1 {
		t.Errorf("deleting: revision %d, want it left alone", c.TemplateRevision)
	}
}

func (r *rig) set(c connection.Connection, change func(*connection.Connection)) {
	r.t.Helper()
	_, err := r.memory.Update(r.t.Context(), c.Tenant, c.ID, func(c *connection.Connection) error { change(c); return nil })
	must(r.t, err)
}

// A walk that is killed at any of its writes goes on, and leaves nobody out.
func TestAWalkGoesOnWhereItWasKilled(t *testing.T) {
	t.Parallel()
	const connections = 103 // Two pages.
	for _, at := range []int{0, 1, 2, 50, 100, 101, 102, 104, 105, 106} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("write %d, carried out %t", at, after), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				made := r.define("key", map[string]string{"host": "api.desk.com"})
				var all []connection.Connection
				for n := range connections {
					all = append(all, r.connect(made, []string{"acme", "globex"}[n%2], n, nil))
				}
				r.change(made, map[string]string{"host": "api.desk.com", "version": "v2"})
				whole := *r.walker
				f := &failing{nth: at, after: after}
				r.walker.Store, r.walker.Connections = failingTemplates{r.templates, f}, failingConnections{r.memory, f}
				_ = r.walk(made)
				r.walker = &whole
				r.now = r.now.Add(5 * time.Minute) // The claim of the dead run ends.
				must(t, r.walk(made))
				r.now = r.now.Add(time.Hour)
				must(t, r.walk(made)) // A pass that left some is followed by another.
				for _, c := range all {
					if c := r.get(c); c.BaseURL != "https://api.desk.com/v2" || c.TemplateRevision != 2 || c.LeaseCount != 2 {
						t.Fatalf("%s: %q of revision %d, hot copy %d", c.ID, c.BaseURL, c.TemplateRevision, c.LeaseCount)
					}
				}
				stored, err := r.templates.Get(t.Context(), made.Owner, made.ID)
				if err != nil || stored.Inheritance != (template.Inheritance{}) {
					t.Errorf("the walk is not over: %+v, %v", stored.Inheritance, err)
				}
			})
		}
	}
}

// What cannot take the change over is tried again, later and later, and keeps none
// of the others waiting.
func TestWhatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.define("key", map[string]string{"host": "api.desk.com"})
	a, b := r.connect(made, "acme", 1, nil), r.connect(made, "globex", 1, nil)
	r.change(made, map[string]string{"host": "api.desk.com", "version": "v2"})
	r.walker.Secrets = broken{r.secrets, "tenon/test/acme/" + a.ID}
	must(t, r.walk(made))
	if r.get(a).TemplateRevision != 1 || r.get(b).TemplateRevision != 2 {
		t.Errorf("revisions %d and %d, want 1 and 2", r.get(a).TemplateRevision, r.get(b).TemplateRevision)
	}
	r.walker.Secrets = r.secrets
	must(t, r.walk(made))
	r.hands(a, "https://api.desk.com/v2", map[string]string{"X-Key": "key-of-acme", "X-Workspace": "none"})
}

type broken struct {
	vault.Secrets
	name string
}

func (b broken) Get(ctx context.Context, at vault.Locator) (secretBytes, error) {
	if at.Secret == b.name {
		return secretBytes{}, errPower
	}
	return b.Secrets.Get(ctx, at)
}

// Another change while a walk is under way begins it anew; the run that walks lets go.
func TestAChangeInBetweenBeginsAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.define("key", map[string]string{"host": "api.desk.com"})
	c := r.connect(made, "acme", 1, nil)
	r.change(made, map[string]string{"host": "api.desk.com", "version": "v2"})
	r.walker.Store = &late{Store: r.templates, do: func() { r.change(made, map[string]string{"host": "api.desk.com", "version": "v3"}) }}
	must(t, r.walk(made))
	r.hands(c, "https://api.desk.com/v2", map[string]string{"X-Key": "key-of-acme", "X-Workspace": "none"})
	must(t, r.walk(made))
	r.hands(c, "https://api.desk.com/v3", map[string]string{"X-Key": "key-of-acme", "X-Workspace": "none"})
}

// late does something once before the second update: the one that notes a page.
type late struct {
	template.Store
	updates int
	do      func()
}

func (l *late) Update(ctx context.Context, owner, id string, change func(*template.Template) error) (template.Template, error) {
	if l.updates++; l.updates == 2 {
		l.do()
	}
	return l.Store.Update(ctx, owner, id, change)
}

// meddling does something once before it resolves.
type meddling struct {
	*template.Service
	do func()
}

func (m *meddling) Resolve(ctx context.Context, c connection.Connection) (method.Target, error) {
	if do := m.do; do != nil {
		m.do = nil
		do()
	}
	return m.Service.Resolve(ctx, c)
}

// A token that comes while the old one is placed anew is not lost to it.
func TestATokenThatComesMeanwhileStays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.define("person", map[string]string{"host": "api.desk.com"})
	c := r.connect(made, "acme", 1, nil)
	r.change(made, map[string]string{"host": "api.desk.com", "workspace": "all"})
	r.walker.Templates = &meddling{Service: r.service, do: func() {
		r.set(c, func(c *connection.Connection) {
			old, err := r.service.Address(t.Context(), *c)
			must(t, err)
			l, err := method.AuthorizationCode{}.Apply(old, nil, method.Token{AccessToken: secretOf("newer"), Type: "Bearer"})
			must(t, err)
			must(t, c.Renew(t.Context(), r.sealer, l, r.now.Add(time.Hour), refreshOf(old), r.now))
		})
	}}
	must(t, r.walk(made))
	r.hands(c, "https://api.desk.com/v1", map[string]string{"Authorization": "Bearer newer", "X-Workspace": "all"})
}
