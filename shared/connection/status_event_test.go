package connection_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/health/healthtest"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/outage/outagetest"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

// states is a connection of every status and reason there is.
func states() map[string]func(*connection.Connection) {
	reasons := []connection.Reason{
		connection.ReasonReauthRequired, connection.ReasonExpired, connection.ReasonLostAnswer, connection.ReasonKeyUnavailable,
		connection.ReasonVerificationFailed, connection.ReasonPermissions,
	}
	all := map[string]func(*connection.Connection){
		"active":   func(*connection.Connection) {},
		"disabled": func(c *connection.Connection) { c.Lifecycle = connection.Disabled },
		"expired by time": func(c *connection.Connection) {
			c.Credential = &connection.Credential{ExpiresAt: now.Add(-time.Second)}
		},
		"no credential":   func(c *connection.Connection) { c.Credential = nil },
		"handoff expired": func(c *connection.Connection) { c.Credential, c.Health.Reason = nil, connection.ReasonHandoffExpired },
		"pending":         func(c *connection.Connection) { pend(c) },
		"pending, open": func(c *connection.Connection) {
			pend(c)
			c.Handoff = &connection.Handoff{ID: "hof_1", ExpiresAt: now.Add(time.Minute)}
		},
		"pending, expired": func(c *connection.Connection) {
			pend(c)
			c.Handoff = &connection.Handoff{ID: "hof_1", ExpiresAt: now.Add(-time.Minute)}
		},
		"pending, denied": func(c *connection.Connection) { pend(c); c.Health.Reason = connection.ReasonHandoffDenied },
	}
	for _, reason := range reasons {
		all[string(reason)] = func(c *connection.Connection) { c.Health.Reason = reason }
	}
	for _, letter := range "aprsntu" {
		all["last call "+string(letter)] = func(c *connection.Connection) { c.Health.Ring = string(letter) + "oooo" }
	}
	return all
}

func pend(c *connection.Connection) {
	c.Lifecycle, c.Credential, c.Due.Pending = connection.Pending, nil, now.Add(-time.Second)
}

// operations is whatever changes a status. Those of packages that work on a
// provider are taken by what they write.
func operations(t *testing.T) map[string]func(context.Context, rig) error {
	sealer := vaulttest.NewSealer(t, "acme")
	transition := func(apply func(*connection.Connection) error) func(context.Context, rig) error {
		return func(ctx context.Context, r rig) error {
			_, err := connection.Transition(ctx, r.store, r.bus, r.Now, "acme", "con_1", apply)
			return err
		}
	}
	flag := func(reason connection.Reason) func(context.Context, rig) error {
		return transition(func(c *connection.Connection) error { c.Health.Reason = reason; return nil })
	}
	all := map[string]func(context.Context, rig) error{
		"disable": func(ctx context.Context, r rig) error { _, err := r.Disable(ctx, ann, "con_1", ""); return err },
		"enable":  func(ctx context.Context, r rig) error { _, err := r.Enable(ctx, ann, "con_1", ""); return err },
		"expire the handoff": func(ctx context.Context, r rig) error {
			_, _, _, err := (&expiry.Service{Connections: r.store, Events: r.bus, Now: r.Now}).ExpirePending(ctx)
			return err
		},
		"begin a handoff": transition(func(c *connection.Connection) error {
			c.Handoff = &connection.Handoff{ID: "hof_2", ExpiresAt: now.Add(time.Minute)}
			return nil
		}),
		"connect": transition(func(c *connection.Connection) error {
			return c.Install(t.Context(), sealer, connection.Credential{}, vault.Leasable{}, catalog.Refresh{}, now)
		}),
		"begin to delete": transition(func(c *connection.Connection) error { c.Lifecycle = connection.Deleting; return nil }),
		"refuse":          flag(connection.ReasonReauthRequired),
		"lose an answer":  flag(connection.ReasonLostAnswer),
		"lose the key":    transition(func(c *connection.Connection) error { c.Health.Unavailable(); return nil }),
	}
	for _, o := range []catalog.Outcome{
		catalog.OK, catalog.AuthError, catalog.PermissionError, catalog.RateLimited, catalog.ProviderError, catalog.NetworkError, catalog.TLSError, catalog.Unknown,
	} {
		all["report "+string(o)] = func(ctx context.Context, r rig) error {
			s := &health.Service{
				Store: r.store, Histories: new(healthtest.Memory), Connectors: catalog.Catalog{}, Audit: &audit.Log{Store: audittest.NewMemory()}, Events: r.bus, Now: r.Now,
				Outages: &outage.Monitor{Store: new(outagetest.Memory), Events: r.bus, Now: r.Now},
			}
			if _, err := s.Report(ctx, agent, "con_1", []health.Call{{Outcome: o}}); err != nil {
				return err
			}
			s.Now = func() time.Time { return now.Add(2 * due.Soon) }
			return s.Derive(ctx, "run-1", due.Item{Tenant: "acme", Kind: "history", ID: "con_1", At: now.Add(due.Soon)})
		}
	}
	return all
}

// Every pair of statuses that an operation leads between is told once, as the
// one that it was and the one that it is, and nothing is told where it stays.
func TestEveryChangeOfStatusIsOneEvent(t *testing.T) {
	t.Parallel()
	pairs := map[string]bool{}
	for before, prepare := range states() {
		for op, act := range operations(t) {
			r := newRig(t)
			if err := r.store.Delete(t.Context(), "acme", "con_1"); err != nil {
				t.Fatal(err)
			}
			r.create(t, "con_1", prepare)
			old := r.record(t)
			was := connection.StatusOf(&old, now)
			if err := act(t.Context(), r); err != nil {
				t.Fatalf("%s of %s: %v", op, before, err)
			}
			c := r.record(t)
			is, events := connection.StatusOf(&c, now), r.bus.Events()
			if is == was {
				if len(events) != 0 {
					t.Errorf("%s of %s: told %v; it is what it was", op, before, events)
				}
				continue
			}
			pairs[fmt.Sprint(was.Name, "/", was.Reason, " to ", is.Name, "/", is.Reason)] = true
			want := map[string]string{"connector": "crm", "status": is.Name, "reason": string(is.Reason), "previous": was.Name}
			if len(events) != 1 || events[0].Type != "connection.status" || events[0].Resource != "con_1" || events[0].ID == "" {
				t.Errorf("%s of %s: told %+v, want one event", op, before, events)
			} else if diff := cmp.Diff(want, events[0].Detail); diff != "" {
				t.Errorf("%s of %s: detail (-want +got):\n%s", op, before, diff)
			}
		}
	}
	if len(pairs) < 80 {
		t.Errorf("only %d pairs were reached", len(pairs))
	}
	t.Logf("%d pairs", len(pairs))
}
