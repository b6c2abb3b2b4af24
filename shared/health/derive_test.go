package health_test

import (
	"context"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/health"
)

// between does something once, before the first write of a history.
type between struct {
	health.Histories
	do func()
}

func (b *between) Update(ctx context.Context, tenant, id string, change func(*health.History) error) (health.History, error) {
	if do := b.do; do != nil {
		b.do = nil
		do()
	}
	return b.Histories.Update(ctx, tenant, id, change)
}

// What is reported while the calls before are derived is derived next.
func TestReportDuringADerivationIsNotLost(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		if _, err := r.Report(t.Context(), ann, con, calls(catalog.ProviderError)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(due.Soon)
		reporter := *r.Service
		r.Histories = &between{r.history, func() {
			if _, err := reporter.Report(t.Context(), ann, con, calls(catalog.PermissionError)); err != nil {
				t.Error(err)
			}
		}}
		r.derive(t)
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
		time.Sleep(due.Soon)
		if n := r.derive(t); n != 1 {
			t.Fatalf("derived %d, want the report that came in between", n)
		}
		r.wantStatus(t, connection.StatusDegraded, connection.ReasonPermissions)
		if got := r.record(t).Health.Ring; got != "pso" {
			t.Errorf("ring: got %q, want each call once: pso", got)
		}
		if n := r.derive(t); n != 0 {
			t.Errorf("derived %d more", n)
		}
	})
}

// A derivation that dies before its end is repeated, and counts no call twice.
func TestDerivationThatDiedIsRepeated(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		if _, err := r.Report(t.Context(), ann, con, calls(catalog.ProviderError, catalog.PermissionError)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(due.Soon)
		item := due.Item{Tenant: tenant, Kind: "history", ID: con, At: time.Now()}
		ctx, die := context.WithCancel(t.Context())
		r.Histories = &between{mortal{r.history}, die}
		if err := r.Derive(ctx, "run-1", item); err == nil {
			t.Fatal("Derive: no error")
		}
		r.wantStatus(t, connection.StatusDegraded, connection.ReasonPermissions)
		r.Histories = r.history
		if n := r.derive(t); n != 1 {
			t.Fatalf("derived %d, want it again", n)
		}
		if got := r.record(t).Health.Ring; got != "pso" {
			t.Errorf("ring: got %q, want each call once: pso", got)
		}
		if got := r.bus.Types(); len(got) != 1 {
			t.Errorf("events: got %v, want one", got)
		}
	})
}

// mortal writes nothing once its caller is dead.
type mortal struct{ health.Histories }

func (m mortal) Update(ctx context.Context, tenant, id string, change func(*health.History) error) (health.History, error) {
	if err := ctx.Err(); err != nil {
		return health.History{}, err
	}
	return m.Histories.Update(ctx, tenant, id, change)
}

// Calls that go on succeeding cost a write a minute, and none of the connection.
func TestSuccessesAreNotedOnceAMinute(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		before := r.record(t)
		for range 600 { // Ten minutes.
			if _, err := r.Report(t.Context(), ann, con, calls(catalog.OK, catalog.OK)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if got := r.history.Writes(); got != 10 {
			t.Errorf("writes in ten minutes: got %d, want one a minute", got)
		}
		if r.derive(t) != 0 || r.record(t).Version != before.Version {
			t.Error("something was derived from calls that changed nothing")
		}
	})
}

// Failures that go on change nothing once they are known.
func TestKnownFailuresWriteNoConnection(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		for range 4 {
			r.report(t, catalog.PermissionError, catalog.PermissionError, catalog.PermissionError, catalog.PermissionError, catalog.PermissionError)
		}
		before := r.record(t)
		for range 10 {
			r.report(t, catalog.PermissionError)
		}
		if got := r.record(t); got.Version != before.Version {
			t.Errorf("writes of the connection: got %d, want none", got.Version-before.Version)
		}
	})
}

// Calls made with a credential that was replaced say nothing about the new one.
func TestReportsOfAReplacedCredentialAreForgotten(t *testing.T) {
	run(t, key, func(t *testing.T, r *rig) {
		if _, err := r.Report(t.Context(), ann, con, calls(catalog.AuthError)); err != nil {
			t.Fatal(err)
		}
		r.replace(t)
		time.Sleep(due.Soon)
		r.derive(t)
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
		r.report(t, catalog.OK, catalog.ProviderError)
		if got := r.record(t).Health.Ring; got != "soo" {
			t.Errorf("ring: got %q, want nothing of the credential before: soo", got)
		}
	})
}

// A connection that is gone leaves nothing to be derived.
func TestDerivationOfADeletedConnection(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		if _, err := r.Report(t.Context(), ann, con, calls(catalog.AuthError)); err != nil {
			t.Fatal(err)
		}
		if err := r.memory.Delete(t.Context(), tenant, con); err != nil {
			t.Fatal(err)
		}
		time.Sleep(due.Soon)
		if r.derive(t) != 1 || r.derive(t) != 0 {
			t.Error("it is not derived once")
		}
	})
}

// Failures of the system are told once they have lasted, and not before.
func TestProviderThatFailsForLongIsTold(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		for range 13 {
			r.report(t, catalog.ProviderError)
		}
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
		r.report(t, catalog.ProviderError)
		r.wantStatus(t, connection.StatusDegraded, connection.ReasonProviderOutage)
		r.report(t, catalog.OK, catalog.OK, catalog.OK, catalog.OK)
		r.wantStatus(t, connection.StatusDegraded, connection.ReasonProviderOutage)
		r.report(t, catalog.OK)
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
		if got := r.bus.Types(); len(got) != 2 {
			t.Errorf("events: got %v, want two", got)
		}
	})
}
