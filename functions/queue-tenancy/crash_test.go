package main

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/offboarding"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/webhook"
)

var errPower = fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy.")

// power lets a process die before or after its nth call that changes something,
// counted from one.
type power struct {
	mu    sync.Mutex
	at    int
	after bool
	calls []string
	dead  bool
}

func (p *power) run(name string, call func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return errPower
	}
	p.calls = append(p.calls, name)
	p.dead = len(p.calls) == p.at
	if p.dead && !p.after {
		return errPower
	}
	if err := call(); err != nil {
		return err
	}
	if p.dead {
		return errPower
	}
	return nil
}

// result is run for a call that returns something.
func result[R any](p *power, name string, call func() (R, error)) (r R, err error) {
	err = p.run(name, func() (err error) { r, err = call(); return err })
	return r, err
}

// dying returns a process that p lets die.
func dying(w *functionstest.World, p *power) *offboarding.Walker {
	walker := w.Offboarder()
	walker.Store, walker.Endpoints, walker.SigningKeys = tenants{walker.Store, p}, endpoints{walker.Endpoints, p}, signers{walker.SigningKeys, p}
	walker.Switches, walker.Connects, walker.Remover = cuts{walker.Switches, p}, connects{walker.Connects, p}, remover{walker.Remover, p}
	walker.Keys, walker.Events, walker.Flows = keys{walker.Keys, p}, bus{walker.Events, p}, flows{p}
	return walker
}

type tenants struct {
	tenant.Store
	p *power
}

func (s tenants) Update(ctx context.Context, id string, change func(*tenant.Tenant) error) (tenant.Tenant, error) {
	return result(s.p, "tenant.update", func() (tenant.Tenant, error) { return s.Store.Update(ctx, id, change) })
}

func (s tenants) DeleteSettings(ctx context.Context, id string) error {
	return s.p.run("settings.delete", func() error { return s.Store.DeleteSettings(ctx, id) })
}

type endpoints struct {
	webhook.Store
	p *power
}

func (s endpoints) Delete(ctx context.Context, tenant, id string, version int64) error {
	return s.p.run("endpoint.delete", func() error { return s.Store.Delete(ctx, tenant, id, version) })
}

type signers struct {
	signing.Store
	p *power
}

func (s signers) Update(ctx context.Context, tenant, id string, change func(*signing.Key) error) (signing.Key, error) {
	return result(s.p, "signing.update", func() (signing.Key, error) { return s.Store.Update(ctx, tenant, id, change) })
}

type cuts struct {
	offboarding.Switches
	p *power
}

func (s cuts) Create(ctx context.Context, caller auth.Caller, n killswitch.New) (killswitch.Record, error) {
	return result(s.p, "switch.create", func() (killswitch.Record, error) { return s.Switches.Create(ctx, caller, n) })
}

func (s cuts) Lift(ctx context.Context, caller auth.Caller, id string) (killswitch.Record, error) {
	return result(s.p, "switch.lift", func() (killswitch.Record, error) { return s.Switches.Lift(ctx, caller, id) })
}

type connects struct {
	offboarding.Connects
	p *power
}

func (s connects) Remove(ctx context.Context, caller auth.Caller, id string) (method.Revocation, error) {
	return result(s.p, "connection.remove", func() (method.Revocation, error) { return s.Connects.Remove(ctx, caller, id) })
}

type remover struct {
	offboarding.TemplateRemover
	p *power
}

func (s remover) Delete(ctx context.Context, caller auth.Caller, id, ifMatch string) error {
	return s.p.run("template.delete", func() error { return s.TemplateRemover.Delete(ctx, caller, id, ifMatch) })
}

type keys struct {
	offboarding.Keys
	p *power
}

func (s keys) DisableKey(ctx context.Context, arn string) error {
	return s.p.run("key.disable", func() error { return s.Keys.DisableKey(ctx, arn) })
}

func (s keys) ScheduleKeyDeletion(ctx context.Context, arn string, days int) (time.Time, error) {
	return result(s.p, "key.delete", func() (time.Time, error) { return s.Keys.ScheduleKeyDeletion(ctx, arn, days) })
}

type bus struct {
	notify.Publisher
	p *power
}

func (s bus) Publish(ctx context.Context, e notify.Event) error {
	return s.p.run("publish", func() error { return s.Publisher.Publish(ctx, e) })
}

type flows struct{ p *power }

func (s flows) Remove(context.Context, auth.Caller) (bool, error) {
	return false, s.p.run("flows.remove", func() error { return nil })
}

// A process that dies before or after any of its calls is followed by one that
// finishes: the receipt is the same, and nothing is left.
func TestOffboardingResumesAfterACrash(t *testing.T) {
	t.Parallel()
	t.Run("own key", func(t *testing.T) { resumes(t, functionstest.New) })
	t.Run("shared key", func(t *testing.T) { resumes(t, functionstest.NewShared) })
}

func resumes(t *testing.T, world func(testing.TB) *functionstest.World) {
	t.Parallel()
	probe, p := leave(t, world(t)), new(power)
	finish(t, probe, dying(probe, p))
	if len(p.calls) < 24 {
		t.Fatalf("%d calls only: %v", len(p.calls), p.calls)
	}
	shared := probe.Tenant(functionstest.Acme).Key.Shared
	for n, name := range p.calls {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d %s after=%t", n+1, name, after), func(t *testing.T) {
				t.Parallel()
				w := leave(t, world(t))
				left, p := others(w), &power{at: n + 1, after: after}
				dead := dying(w, p)
				for range 30 { // Until the process is dead.
					w.At(w.Now().Add(2 * time.Minute))
					_ = dead.Due(t.Context(), "run", due.Item{Tenant: functionstest.Acme, Kind: due.Tenant, ID: "tenant", At: w.Now()})
					if p.dead {
						break
					}
					for _, x := range switches(t, w) {
						_ = w.Reconciler().Due(t.Context(), "run", due.Item{Tenant: auth.Organization, Kind: due.KillSwitch, ID: x.ID, At: w.Now()})
					}
				}
				finish(t, w, w.Offboarder())
				wantGone(t, w, left)
				if o := w.Tenant(functionstest.Acme).Offboarding; o.Step(tenant.StepRevoked).Counts["connections"] != 3 || len(o.Steps) != len(tenant.StepNames(shared)) {
					t.Errorf("receipt %+v", o)
				}
			})
		}
	}
}
