package connect_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// reconcile does what the job does with everything its index names now.
func (w *world) reconcile() {
	w.t.Helper()
	refs, err := w.Connections.Due(w.t.Context(), connection.ReconcileDue, w.clock.now(), 100)
	must(w.t, err)
	for _, ref := range refs {
		job := auth.Job("job-reconcile", ref.Tenant, "run-1")
		c, err := w.Connections.Get(w.t.Context(), ref.Tenant, ref.ID)
		must(w.t, err)
		w.drain(ref.ID)
		if c.Lifecycle == connection.Deleting {
			_, err = w.Resume(w.t.Context(), job, ref.ID)
		} else {
			err = w.Abandon(w.t.Context(), job, ref.ID)
		}
		must(w.t, err)
	}
}

// drain tells what is left to tell of a connection that is not being deleted.
func (w *world) drain(id string) {
	w.t.Helper()
	if c := w.get(id); c.Lifecycle != connection.Deleting {
		_, err := connection.Drain(w.t.Context(), w.Connections, w.bus, c)
		must(w.t, err)
	}
}

// all returns the connections of acme.
func (w *world) all() []connection.Connection {
	w.t.Helper()
	found, _, err := w.Connections.List(w.t.Context(), "acme", connection.Filter{}, "", 100)
	must(w.t, err)
	return found
}

// wantOne checks that acme has one connection, that serves, with one secret.
func (w *world) wantOne(c connection.Connection) {
	w.t.Helper()
	if names := w.secretsOf("acme"); w.count("acme") != 1 || !slices.Equal(names, []string{c.SecretName}) || w.status(c.ID) != "active" {
		w.t.Errorf("%d connections, secrets %v, status %s", w.count("acme"), names, w.status(c.ID))
	}
	w.serves(c.ID, goodKey)
	if due := w.get(c.ID).Due.Reconcile; !due.IsZero() {
		w.t.Errorf("due for the reconciler at %s, want never", due)
	}
}

// STO-01, STO-02, STO-03: whichever write of a creation fails, loses its answer
// or is the last of its process, a quarter of an hour later there is everything
// or nothing. The same request then succeeds, whether the reconciler came before
// it or not.
func TestSTO01CreationEndsWhole(t *testing.T) {
	t.Parallel()
	probe, made := keyed(t)
	n := probe.power.count()
	_, err := probe.Create(t.Context(), probe.caller, request(made.ID))
	must(t, err)
	for name, wait := range map[string][]time.Duration{
		"repeated first":   {2 * time.Minute},
		"reconciled first": {10 * time.Minute, 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failures(t, probe.power.since(n), func(t *testing.T, op string, after, dies bool) {
				w, made := keyed(t)
				w.power.cut(op, after, dies)
				if _, err := w.Create(t.Context(), w.caller, request(made.ID)); err == nil {
					t.Error("the failure was not reported")
				}
				w.power.on()
				for _, d := range wait {
					w.clock.advance(d)
					w.reconcile()
				}
				if len(wait) > 1 {
					w.wantWholeOrNothing(made)
				}
				c, err := w.Create(t.Context(), w.caller, request(made.ID))
				must(t, err)
				w.wantOne(c)
			})
		})
	}
}

func (w *world) wantWholeOrNothing(made template.Template) {
	w.t.Helper()
	if found := w.all(); len(found) == 1 && found[0].Credential != nil {
		w.wantOne(found[0])
		return
	}
	w.nothing(made)
}

// STO-02: the record stands and the secret cannot be written: the caller is told
// to come back, and the record is rolled back, by the job at the latest.
func TestSTO02SecretStoreIsDown(t *testing.T) {
	t.Parallel()
	for _, dies := range []bool{false, true} {
		w, made := keyed(t)
		w.power.cut("secrets.create", false, dies)
		_, err := w.create(made, goodKey)
		refused(t, err, fault.CodeRetryLater)
		w.power.on()
		if left := len(w.all()) == 1; left != dies {
			t.Errorf("a record is left: %t, though the process dies: %t", left, dies)
		}
		w.clock.advance(10 * time.Minute)
		w.reconcile()
		w.nothing(made)
	}
}

// STO-03: the secret was made and its answer lost: the request repeated makes no
// second one.
func TestSTO03AnswerOfTheSecretStoreIsLost(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	w.power.cut("secrets.create", true, true)
	_, err := w.Create(t.Context(), w.caller, request(made.ID))
	refused(t, err, fault.CodeRetryLater)
	w.power.on()
	left := w.secretsOf("acme")
	w.clock.advance(2 * time.Minute)
	c, err := w.Create(t.Context(), w.caller, request(made.ID))
	must(t, err)
	w.wantOne(c)
	if !slices.Equal(left, w.secretsOf("acme")) {
		t.Errorf("secrets %v became %v", left, w.secretsOf("acme"))
	}
}

// leftover is a creation that died with its secret made and no credential.
func leftover(t *testing.T) (*world, template.Template, connection.Connection) {
	t.Helper()
	w, made := keyed(t)
	w.power.cut("secrets.create", true, true)
	_, err := w.Create(t.Context(), w.caller, request(made.ID))
	refused(t, err, fault.CodeRetryLater)
	w.power.on()
	return w, made, w.all()[0]
}

// The job removes a leftover after ten minutes, not before, in its own name;
// then the key of the request makes the connection anew, under the same id.
func TestAbandon(t *testing.T) {
	t.Parallel()
	w, made, left := leftover(t)
	w.clock.advance(10*time.Minute - time.Second)
	w.reconcile()
	must(t, w.Abandon(t.Context(), auth.Job("job-reconcile", "acme", "run-1"), left.ID))
	if w.count("acme") != 1 {
		t.Error("removed before its time")
	}
	w.clock.advance(time.Second)
	w.reconcile()
	w.nothing(made)
	if diff := cmp.Diff([]string{"allowed"}, w.outcomes(audit.ConnectionDelete, left.ID)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	if len(w.provider.asked("revoke")) > 0 {
		t.Error("the provider was asked to revoke")
	}
	c, err := w.Create(t.Context(), w.caller, request(made.ID))
	must(t, err)
	if c.ID != left.ID || c.SecretName == left.SecretName {
		t.Errorf("got %s with secret %s, want %s with a new secret", c.ID, c.SecretName, left.ID)
	}
	w.wantOne(c)
}

// Wherever a removal dies, the next run finishes it.
func TestAbandonAfterACrash(t *testing.T) {
	t.Parallel()
	probe, _, _ := leftover(t)
	n := probe.power.count()
	probe.clock.advance(10 * time.Minute)
	probe.reconcile()
	failures(t, probe.power.since(n), func(t *testing.T, op string, after, dies bool) {
		w, made, left := leftover(t)
		w.clock.advance(10 * time.Minute)
		w.power.cut(op, after, dies)
		if err := w.Abandon(t.Context(), auth.Job("job-reconcile", "acme", "run-1"), left.ID); err == nil {
			t.Error("the failure was not reported")
		}
		w.power.on()
		if found := w.all(); len(found) == 1 && found[0].Lifecycle == connection.Deleting {
			_, err := w.Create(t.Context(), w.caller, request(made.ID))
			refused(t, err, fault.CodeRetryLater)
		}
		w.clock.advance(5 * time.Minute)
		w.reconcile()
		w.nothing(made)
		c, err := w.Create(t.Context(), w.caller, request(made.ID))
		must(t, err)
		w.wantOne(c)
	})
}

// What is finished, taken over, or waits for a person is not removed.
func TestAbandonLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	t.Run("finished", func(t *testing.T) {
		t.Parallel()
		w, made := keyed(t)
		c, err := w.create(made, goodKey)
		must(t, err)
		w.clock.advance(24 * time.Hour)
		must(t, w.Abandon(t.Context(), auth.Job("job-reconcile", "acme", "run-1"), c.ID))
		w.wantOne(c)
	})
	t.Run("a handoff is awaited", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.get(w.pending(w.demo("oauth2_authorization_code")).ID)
		if c.Due.Pending.IsZero() || !c.Due.Reconcile.IsZero() {
			t.Errorf("due %+v, want it to end as a handoff does", c.Due)
		}
		w.clock.advance(24 * time.Hour)
		must(t, w.Abandon(t.Context(), auth.Job("job-reconcile", "acme", "run-1"), c.ID))
		if diff := cmp.Diff(c, w.get(c.ID)); diff != "" {
			t.Errorf("record (-before +after):\n%s", diff)
		}
	})
	t.Run("taken over a moment before", func(t *testing.T) {
		t.Parallel()
		w, made, _ := leftover(t)
		w.clock.advance(10*time.Minute - time.Second)
		w.once("secrets.create", func() { w.clock.advance(time.Minute); w.reconcile() })
		c, err := w.Create(t.Context(), w.caller, request(made.ID))
		must(t, err)
		w.wantOne(c)
	})
}

// A run that comes back from the dead while its leftover is removed leaves
// nothing behind.
func TestAbandonWhileTheDeadRunGoesOn(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"secrets.create", "connections.update"} {
		w, made := keyed(t)
		w.once(op, func() { w.clock.advance(time.Hour); w.reconcile() })
		_, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM", Credential: apiKey(goodKey)})
		refused(t, err, fault.CodeNotFound)
		w.nothing(made)
	}
}

// A connection that is being created goes with the credential it was created
// with if that is refused: it takes no other meanwhile.
func TestPutWhileItIsBeingCreated(t *testing.T) {
	t.Parallel()
	w, _, c := leftover(t)
	given := map[string]secret.Bytes{"apiKey": secret.FromString(goodKey)}
	_, err := w.PutCredential(t.Context(), w.caller, c.ID, "*", given)
	refused(t, err, fault.CodeConnectionPending)
	if now := w.get(c.ID); now.Credential != nil {
		t.Errorf("credential %+v", now.Credential)
	}
}
