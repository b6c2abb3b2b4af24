package killswitch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/killswitch/killswitchtest"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

// rig is a stage with connections, and the switch stripe: time moves by sleeping
// alone.
type rig struct {
	*killswitch.Service
	switches    *killswitchtest.Memory
	connections *many
	tenants     *tenanttest.Memory
	bus         *notifytest.Bus
	log         *audit.Log
	provider    provider
	made        killswitch.Record
}

// provider answers revocations after a time.
type provider struct {
	takes time.Duration
	down  atomic.Bool
	fails atomic.Bool // Nothing can be written of a connection.
	told  atomic.Int64
	now   atomic.Int64 // Revocations under way.
	most  atomic.Int64
}

func newRig(t *testing.T, tenants, each int) *rig {
	t.Helper()
	r := &rig{switches: new(killswitchtest.Memory), connections: &many{records: map[string][]connection.Connection{}}, tenants: tenanttest.NewMemory(), bus: new(notifytest.Bus)}
	r.log = &audit.Log{Store: audittest.NewMemory()}
	for n := range tenants {
		name := fmt.Sprintf("tenant-%03d", n)
		if err := r.tenants.Create(t.Context(), tenant.Tenant{ID: name}); err != nil {
			t.Fatal(err)
		}
		for m := range each {
			r.add(t, name, fmt.Sprintf("con_%04d", m), "stripe")
		}
		r.add(t, name, "con_other", "crm")
	}
	r.Service = &killswitch.Service{Store: r.switches, Tenants: r.tenants, Connectors: catalog.Catalog{}, Audit: r.log, Stage: "test", Now: time.Now}
	return r
}

func (r *rig) add(t *testing.T, tenant, id, connector string) {
	t.Helper()
	c := connection.Connection{Tenant: tenant, ID: id, Connector: connector, Lifecycle: connection.Ready, SecretName: id, Credential: &connection.Credential{Version: 1}}
	if err := r.connections.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// kill starts the switch on a connector.
func (r *rig) kill(t *testing.T) {
	t.Helper()
	var err error
	if r.made, err = r.Create(t.Context(), org, cut(killswitch.ScopeConnector, "stripe", "stripe")); err != nil {
		t.Fatal(err)
	}
}

// walker returns a process whose stores fail as f says.
func (r *rig) walker(f *failing) *killswitch.Walker {
	return &killswitch.Walker{
		Store: switches{r.switches, f}, Tenants: r.tenants, Connections: records{r.connections, f}, Connects: connects{r, f},
		Events: r.bus, Audit: r.log, Now: time.Now,
	}
}

func (r *rig) record(t *testing.T) killswitch.Record {
	t.Helper()
	x, err := r.switches.Get(t.Context(), r.made.ID)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// sweep runs the walk when it is due, as its message would, until it has no next
// time, and returns how many runs that took.
func (r *rig) sweep(t *testing.T, w *killswitch.Walker) int {
	t.Helper()
	for n := range 100 {
		at := r.record(t).Due
		if at.IsZero() {
			return n
		}
		time.Sleep(time.Until(at))
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		err := w.Due(ctx, "run", due.Item{Tenant: "org", Kind: due.KillSwitch, ID: r.made.ID, At: at})
		cancel()
		if err != nil {
			t.Logf("run %d: %v", n, err)
		}
	}
	t.Fatal("the walk does not end")
	return 0
}

// alive returns the connections of the connector that have a credential or could
// get one.
func (r *rig) alive(t *testing.T) (left []string) {
	t.Helper()
	all, _, err := r.tenants.List(t.Context(), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		found, _, err := r.connections.List(t.Context(), x.ID, connection.Filter{Connector: "stripe"}, "", 20_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range found {
			if c.Credential != nil || c.Lifecycle != connection.Disabled {
				left = append(left, x.ID+"/"+c.ID)
			}
		}
	}
	return left
}

// failing lets the process die at a step: that one and all later ones fail.
type failing struct {
	mu    sync.Mutex
	at    int // Which step; zero for none.
	after bool
	steps []string
}

var errDead = errors.New("the process is dead")

func (f *failing) run(step string, do func() error) error {
	f.mu.Lock()
	f.steps = append(f.steps, step)
	n := len(f.steps)
	f.mu.Unlock()
	if f.at > 0 && (n > f.at || n == f.at && !f.after) {
		return errDead
	}
	err := do()
	if n == f.at {
		return errDead
	}
	return err
}

func (f *failing) taken() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.steps)
}

type switches struct {
	killswitch.Store
	*failing
}

func (s switches) Update(ctx context.Context, id string, change func(*killswitch.Record) error) (r killswitch.Record, err error) {
	err = s.run("switch update", func() (err error) { r, err = s.Store.Update(ctx, id, change); return err })
	return r, err
}

type records struct {
	connection.Store
	*failing
}

func (s records) List(ctx context.Context, tenant string, f connection.Filter, start string, limit int) (found []connection.Connection, next string, err error) {
	err = s.run("list", func() (err error) { found, next, err = s.Store.List(ctx, tenant, f, start, limit); return err })
	return found, next, err
}

func (s records) Update(ctx context.Context, tenant, id string, change func(*connection.Connection) error) (c connection.Connection, err error) {
	err = s.run("restore", func() (err error) { c, err = s.Store.Update(ctx, tenant, id, change); return err })
	return c, err
}

// connects takes credentials away as connect.Service does: the record first, then
// the provider, then the rest.
type connects struct {
	*rig
	*failing
}

func (s connects) CutOff(ctx context.Context, caller auth.Caller, id string, reason connection.Reason, _ func(*connection.Connection) bool) (method.Revocation, error) {
	update := func(change func(*connection.Connection)) error {
		_, err := s.connections.Update(ctx, caller.Tenant, id, func(c *connection.Connection) error { change(c); return nil })
		return err
	}
	if s.provider.fails.Load() {
		return "", errDead
	}
	err := s.run("disable", func() error {
		return update(func(c *connection.Connection) { c.CutOff(reason, time.Now()); c.Revoking(time.Now().Add(time.Minute)) })
	})
	if err != nil {
		return "", err
	}
	s.provider.most.Store(max(s.provider.most.Load(), s.provider.now.Add(1)))
	time.Sleep(s.provider.takes)
	s.provider.now.Add(-1)
	s.provider.told.Add(1)
	if s.provider.down.Load() {
		return method.RevokePending, nil
	}
	return method.Revoked, s.run("destroy", func() error {
		return update(func(c *connection.Connection) { c.Cutoff.Revocation = "revoked"; c.Forget("next") })
	})
}
