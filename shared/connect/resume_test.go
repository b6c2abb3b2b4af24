package connect_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
)

// resume is what the job does for a connection that its index names.
func (w *world) resume(id string) method.Revocation {
	w.t.Helper()
	revocation, err := w.Resume(w.t.Context(), auth.Job("job-reconcile", "acme", "run-1"), id)
	must(w.t, err)
	return revocation
}

// AUD-03: a provider that cannot be told is told again, six times in all over
// growing pauses; it does not keep the credential alive on our side for longer.
func TestAUD03RevocationIsTriedSixTimes(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*world, connection.Connection){
		"no network":                func(w *world, _ connection.Connection) { w.provider.down["revoke"] = true },
		"told to come later":        func(w *world, _ connection.Connection) { w.provider.status["revoke"] = 429 },
		"the client is refused":     func(w *world, _ connection.Connection) { w.provider.status["revoke"] = 401 },
		"a failure of the provider": func(w *world, _ connection.Connection) { w.provider.status["revoke"] = 503 },
		"the secret is gone": func(w *world, c connection.Connection) {
			must(w.t, w.stored.Delete(w.t.Context(), c.SecretName))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made := w.demo("oauth2_authorization_code")
			c := w.connected(made)
			fail(w, c)
			receipt, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
			must(t, err)
			for _, minutes := range []time.Duration{1, 4, 16, 64, 256} {
				if receipt != method.RevokePending || w.get(c.ID).Lifecycle != connection.Deleting {
					t.Fatalf("receipt %s, connection %s", receipt, w.get(c.ID).Lifecycle)
				}
				w.clock.advance(minutes*time.Minute - time.Second)
				if early := w.resume(c.ID); early != "" {
					t.Errorf("receipt %s a second before %d minutes", early, minutes)
				}
				w.clock.advance(time.Second)
				receipt = w.resume(c.ID)
			}
			if receipt != method.RevokeFailed {
				t.Errorf("last receipt %s", receipt)
			}
			w.nothing(made)
			if told := len(w.provider.asked("revoke")); told != 6 && name != "the secret is gone" {
				t.Errorf("told %d times, want 6", told)
			}
			events := w.bus.Events()
			if last := events[len(events)-1]; last.Type != notify.ConnectionDeleted || last.Detail["revocation"] != "failed" {
				t.Errorf("last event %+v", last)
			}
		})
	}
}

// AUD-03: a refusal that stays is not repeated, and a token the provider does
// not know is one that it has forgotten.
func TestAUD03RevocationIsSettledAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		code   string // Of the answer.
		want   method.Revocation
	}{
		"refused for good":  {400, "invalid_request", method.RevokeFailed},
		"forbidden":         {403, "access_denied", method.RevokeFailed},
		"unsupported token": {400, "unsupported_token_type", method.RevokeFailed},
		"unknown token":     {400, "invalid_token", method.Revoked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made := w.demo("oauth2_authorization_code")
			connected := w.connected(made)
			w.provider.status["revoke"], w.provider.code = c.status, c.code
			receipt, err := w.Disconnect(t.Context(), w.caller, connected.ID, "")
			must(t, err)
			if receipt != c.want || len(w.provider.asked("revoke")) != 1 {
				t.Errorf("receipt %s after %d tries, want %s after one", receipt, len(w.provider.asked("revoke")), c.want)
			}
			w.nothing(made)
			events := w.bus.Events()
			if last := events[len(events)-1]; last.Type != notify.ConnectionDeleted || last.Detail["revocation"] != string(c.want) {
				t.Errorf("last event %+v", last)
			}
		})
	}
}

func TestResumeWhenTheProviderIsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.connected(made)
	token := w.material(c.ID).RefreshToken.Reveal()
	w.provider.status["revoke"] = 503
	_, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
	must(t, err)
	delete(w.provider.status, "revoke")
	w.clock.advance(time.Minute)
	if receipt := w.resume(c.ID); receipt != method.Revoked {
		t.Errorf("receipt %s", receipt)
	}
	if diff := cmp.Diff([]string{token}, w.provider.forgotten()); diff != "" {
		t.Errorf("revoked (-want +got):\n%s", diff)
	}
	w.nothing(made)
	if diff := cmp.Diff([]string{"allowed", "allowed"}, w.outcomes(audit.ConnectionDelete, c.ID)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// Wherever a disconnection died, the job finishes what was begun, without the
// person who began it, and tells what the provider said.
func TestResumeAfterACrash(t *testing.T) {
	t.Parallel()
	probe := newWorld(t)
	c := probe.connected(probe.demo("oauth2_authorization_code"))
	n := probe.power.count()
	_, err := probe.Disconnect(t.Context(), probe.caller, c.ID, "")
	must(t, err)
	failures(t, probe.power.since(n), func(t *testing.T, op string, after, dies bool) {
		w := newWorld(t)
		made := w.demo("oauth2_authorization_code")
		c := w.connected(made)
		w.power.cut(op, after, dies)
		_, _ = w.Disconnect(t.Context(), w.caller, c.ID, "") // The failure is that of the test before.
		w.power.on()
		w.clock.advance(time.Minute)
		receipt := w.resume(c.ID)
		switch {
		case op == "audit.append" || op == "connections.update" && !after:
			if receipt != "" || w.status(c.ID) != "active" {
				t.Errorf("receipt %s, status %s", receipt, w.status(c.ID))
			}
			return
		case op == "connections.delete" && after:
			if receipt != "" {
				t.Errorf("receipt %s of what was done", receipt)
			}
		case receipt != method.Revoked:
			t.Errorf("receipt %s", receipt)
		}
		w.nothing(made)
	})
}

// The second write of the record is that of what the provider said: the process
// that dies just before or after it leaves the same receipt.
func TestResumeAfterACrashOnceRevoked(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		w := newWorld(t)
		made := w.demo("oauth2_authorization_code")
		c := w.connected(made)
		w.provider.before = func(string) { w.power.cut("connections.update", after, true) }
		if _, err := w.Disconnect(t.Context(), w.caller, c.ID, ""); err == nil {
			t.Error("the failure was not reported")
		}
		w.provider.before = nil
		w.power.on()
		w.clock.advance(time.Minute)
		if receipt := w.resume(c.ID); receipt != method.Revoked {
			t.Errorf("receipt %s", receipt)
		}
		w.nothing(made)
	}
}

// The index may name what is not to be deleted.
func TestResumeLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connected(w.demo("oauth2_authorization_code"))
	if receipt := w.resume(c.ID) + w.resume("con_unknown"); receipt != "" {
		t.Errorf("receipt %s", receipt)
	}
	if diff := cmp.Diff(c, w.get(c.ID)); diff != "" {
		t.Errorf("record (-before +after):\n%s", diff)
	}
	if found := w.outcomes(audit.ConnectionDelete, c.ID); len(found) > 0 {
		t.Errorf("audit %v", found)
	}
}
