package connect_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

func always(*connection.Connection) bool { return true }

// cutOff is what a kill switch does to a connection.
func (w *world) cutOff(id string) (method.Revocation, error) {
	return w.CutOff(w.t.Context(), auth.Job("queue-reconcile", "acme", "run-1"), id, connection.ReasonKillSwitch, always)
}

// resumeCutoff is what the job does for a connection that its index names.
func (w *world) resumeCutoff(id string) method.Revocation {
	w.t.Helper()
	revocation, err := w.ResumeCutoff(w.t.Context(), auth.Job("queue-reconcile", "acme", "run-2"), id)
	must(w.t, err)
	return revocation
}

// severed checks that nothing of the credential is left, and that the connection is.
func (w *world) severed(id string) {
	w.t.Helper()
	c := w.get(id)
	if len(c.Outbox) > 0 { // Whoever died told nobody; the reconciler does.
		c.Due.Reconcile = time.Time{}
	}
	if c.Credential != nil || c.Pending != nil || c.Previous != nil || len(c.Lease)+len(c.Refresh.Token)+len(c.Refresh.Answer) > 0 || c.Due != (connection.Due{}) {
		w.t.Errorf("left in the record: credential %v, refresh %+v, due %+v", c.Credential, c.Refresh, c.Due)
	}
	if names := w.secretsOf("acme"); len(names) > 0 {
		w.t.Errorf("secrets %v", names)
	}
	if got := w.status(id); got != "disabled/kill_switch" {
		w.t.Errorf("status %s", got)
	}
}

// AUD-06: what is cut off is disabled, its token revoked, its secret and hot copy
// destroyed; where the system cannot be told, that is what is said.
func TestAUD06CutOff(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		make func(*world) connection.Connection
		want method.Revocation
	}{
		"signed in": {func(w *world) connection.Connection { return w.connected(w.demo("oauth2_authorization_code")) }, method.Revoked},
		"a key": {func(w *world) connection.Connection {
			w.provider.keys = map[string]string{goodKey: "bob", nextKey: "bob"}
			c, err := w.create(w.demo("api_key"), goodKey)
			must(w.t, err)
			_, err = w.stage(c.ID, `"2"`, nextKey)
			must(w.t, err)
			return c
		}, method.NotSupported},
		"not connected": {func(w *world) connection.Connection { return w.pending(w.demo("oauth2_authorization_code")) }, method.NothingToRevoke},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := test.make(w)
			receipt, err := w.cutOff(c.ID)
			must(t, err)
			if receipt != test.want || (len(w.provider.forgotten()) == 1) != (test.want == method.Revoked) {
				t.Errorf("receipt %s, revoked %d; want %s", receipt, len(w.provider.forgotten()), test.want)
			}
			w.severed(c.ID)
			after := w.get(c.ID)
			if after.Cutoff.Revocation != string(test.want) || after.Cutoff.Irrevocable() != (test.want == method.NotSupported) {
				t.Errorf("cutoff %+v", after.Cutoff)
			}
			if found := w.outcomes(audit.ConnectionDisable, c.ID); len(found) != 1 {
				t.Errorf("audit %v", found)
			}
			if again, err := w.cutOff(c.ID); err != nil || again != test.want || len(w.provider.asked("revoke")) > 1 {
				t.Errorf("again: receipt %s, %v", again, err)
			}
			if late := w.resumeCutoff(c.ID); late != "" {
				t.Errorf("the job finds something to do: %s", late)
			}
			if receipt, err := w.Disconnect(t.Context(), w.caller, c.ID, ""); err != nil || receipt != test.want {
				t.Errorf("deleted with receipt %s, %v; want what was said then", receipt, err)
			}
		})
	}
}

// AUD-06: what is cut off takes no credential of any kind, and once it is restored
// it is connected anew under the name it had.
func TestAUD06ReconnectAfterTheSwitchIsLifted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connected(w.demo("oauth2_authorization_code"))
	open := w.travel(connect.Ask{ConnectionID: c.ID})
	_, err := w.cutOff(c.ID)
	must(t, err)
	_, err = w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	refused(t, err, fault.CodeKillSwitch)
	if _, err := w.finish(open); err == nil {
		t.Error("a handoff that was open connected")
	}
	w.severed(c.ID)
	connections := &connection.Service{Store: w.Connections, Audit: w.Audit, Events: w.bus, Now: w.clock.now}
	_, err = connections.Enable(t.Context(), w.caller, c.ID, "")
	must(t, err)
	if got := w.status(c.ID); got != "degraded/no_credential" {
		t.Errorf("restored: status %s", got)
	}
	_, err = w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
	must(t, err)
	if got, now := w.status(c.ID), w.get(c.ID); got != "active" || now.SecretName == c.SecretName || now.Name != c.Name {
		t.Errorf("reconnected: status %s, secret %s", got, now.SecretName)
	}
	w.material(c.ID)
}

// AUD-06: a provider that cannot be told is told six times; until then the
// connection is disabled and stays so.
func TestAUD06CutOffIsTriedSixTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connected(w.demo("oauth2_authorization_code"))
	w.provider.status["revoke"] = 503
	receipt, err := w.cutOff(c.ID)
	must(t, err)
	connections := &connection.Service{Store: w.Connections, Audit: w.Audit, Events: w.bus, Now: w.clock.now}
	for _, minutes := range []time.Duration{1, 4, 16, 64, 256} {
		if receipt != method.RevokePending || w.status(c.ID) != "disabled/kill_switch" {
			t.Fatalf("receipt %s, status %s", receipt, w.status(c.ID))
		}
		_, err := connections.Enable(t.Context(), w.caller, c.ID, "")
		refused(t, err, fault.CodeConflict)
		w.clock.advance(minutes*time.Minute - time.Second)
		if early := w.resumeCutoff(c.ID); early != "" {
			t.Errorf("receipt %s a second before %d minutes", early, minutes)
		}
		w.clock.advance(time.Second)
		receipt = w.resumeCutoff(c.ID)
	}
	if receipt != method.RevokeFailed || len(w.provider.asked("revoke")) != 6 {
		t.Errorf("last receipt %s after %d tries", receipt, len(w.provider.asked("revoke")))
	}
	w.severed(c.ID)
}

// AUD-06: wherever a cutoff died, the job finishes it.
func TestAUD06CutOffAfterACrash(t *testing.T) {
	t.Parallel()
	probe := newWorld(t)
	c := probe.connected(probe.demo("oauth2_authorization_code"))
	n := probe.power.count()
	_, err := probe.cutOff(c.ID)
	must(t, err)
	for nth := range 3 { // The record is written three times.
		failures(t, append(probe.power.since(n), ""), func(t *testing.T, op string, after, dies bool) {
			w := newWorld(t)
			c := w.connected(w.demo("oauth2_authorization_code"))
			w.power.cutAt(op, nth, after, dies)
			_, _ = w.cutOff(c.ID)
			w.power.on()
			if stored := w.get(c.ID); stored.Cutoff == nil {
				if got := w.status(c.ID); got != "active" {
					t.Errorf("not begun, and %s", got)
				}
				_, err := w.cutOff(c.ID)
				must(t, err)
			}
			w.clock.advance(time.Minute)
			w.resumeCutoff(c.ID)
			w.severed(c.ID)
			if x := w.get(c.ID).Cutoff; x.Revocation != "revoked" {
				t.Errorf("revocation %s", x.Revocation)
			}
		})
	}
}

// AUD-06: a credential that was being verified when its connection was cut off is
// stored nowhere.
func TestAUD06NothingIsEstablishedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"secrets.create", "connections.update", "secrets.promote"} {
		w, c := replaceable(t)
		w.once(op, func() {
			_, err := w.cutOff(c.ID)
			must(t, err)
		})
		_, err := w.put(c.ID, `"2"`, nextKey)
		refused(t, err, fault.CodeKillSwitch)
		w.severed(c.ID)
	}
}

// closed is a gate that lets nothing pass.
type closed struct{}

func (closed) Pass(context.Context, string, string) error { return connection.ErrKillSwitch }

// AUD-06: under a switch nothing is connected, whatever the walk has come to.
func TestAUD06NothingIsConnectedUnderASwitch(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	oauth := w.demo("oauth2_authorization_code")
	p := w.pending(oauth)
	open := w.travel(connect.Ask{ConnectionID: p.ID})
	_, err := w.stage(c.ID, `"2"`, nextKey)
	must(t, err)
	before, count := w.get(c.ID), len(w.all())
	w.Gate = closed{}
	for name, attempt := range map[string]func() error{
		"create": func() error {
			_, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: oauth.ID, Name: "CRM"})
			return err
		},
		"authorize": func() error {
			_, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: p.ID})
			return err
		},
		"callback": func() error { _, err := w.finish(open); return err },
		"put":      func() error { _, err := w.put(c.ID, "*", nextKey); return err },
		"promote":  func() error { _, err := w.promote(c.ID, 0, 0); return err },
	} {
		t.Run(name, func(t *testing.T) { refused(t, attempt(), fault.CodeKillSwitch) })
	}
	if diff := cmp.Diff(before, w.get(c.ID)); diff != "" || len(w.all()) != count {
		t.Errorf("record (-before +after):\n%s", diff)
	}
	if len(w.provider.forgotten()) != 1 {
		t.Errorf("revoked %d, want the token of the callback", len(w.provider.forgotten()))
	}
	if _, err := w.Disconnect(t.Context(), w.caller, c.ID, ""); err != nil {
		t.Errorf("disconnect: %v", err)
	}
}
