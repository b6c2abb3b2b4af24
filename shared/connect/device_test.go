package connect_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
)

func TestOAF25DeviceConnects(t *testing.T) {
	t.Parallel()
	w, d, c := deviceWorld(t)
	if got := w.status(c.ID); got != "pending/no_credential" {
		t.Errorf("created: status %s", got)
	}
	shown := w.code(connect.Ask{ConnectionID: c.ID}).API()
	if shown.StartURL != "" || shown.VerificationURL != deviceBase+"/device" || !strings.HasSuffix(shown.VerificationURLComplete, "?user_code="+shown.UserCode) {
		t.Error("the handoff does not say where the code is entered, or has a start link")
	}
	if left := shown.ExpiresAt.Sub(w.Now()).Round(time.Second); left != 600*time.Second || w.status(c.ID) != "pending/handoff_open" {
		t.Errorf("ends in %s, status %s", left, w.status(c.ID))
	}
	if due, _ := w.later(time.Second); due != 0 || d.polls() != 0 {
		t.Errorf("%d due and %d polls before the interval", due, d.polls())
	}
	w.later(5 * time.Second)
	w.later(2 * time.Second)
	if d.polls() != 1 || w.status(c.ID) != "pending/handoff_open" {
		t.Errorf("%d polls, status %s; want one poll and the handoff open", d.polls(), w.status(c.ID))
	}
	d.script = []string{"ok"}
	w.later(4 * time.Second)
	now := w.get(c.ID)
	if w.status(c.ID) != "active" || now.Account.ID != "bob" || !now.Credential.Refreshable || now.Credential.SetBy != "acme/ann" {
		t.Errorf("status %s, account %q, credential %+v", w.status(c.ID), now.Account.ID, now.Credential)
	}
	if access := w.hotCopy(c.ID).AccessToken.Reveal(); w.provider.tokens[access] != "bob" || w.material(c.ID).RefreshToken.IsZero() {
		t.Error("another token is leased, or the refresh token is not kept")
	}
	if due, _ := w.later(time.Minute); due != 0 || d.polls() != 2 || d.fast {
		t.Errorf("%d due, %d polls, too fast: %t", due, d.polls(), d.fast)
	}
	if got := w.outcomes(audit.ConnectionConnect, c.ID); !slices.Equal(got, []string{"allowed"}) {
		t.Errorf("audit %v", got)
	}
	if !slices.ContainsFunc(w.bus.Events(), func(e notify.Event) bool { return e.Type == notify.ConnectionConnected && e.Resource == c.ID }) {
		t.Error("nobody was told")
	}
}

// What ends the handoff of a new connection, what it shows then, and what the
// audit says.
func TestOAF25DeviceEnds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		script []string
		wait   time.Duration
		status string
		audit  fault.Code
	}{
		"denied":           {[]string{"access_denied"}, 6 * time.Second, "pending/denied", fault.CodeOAuthDenied},
		"denied, later":    {[]string{"authorization_pending", "access_denied"}, 6 * time.Second, "pending/denied", fault.CodeOAuthDenied},
		"code expired":     {[]string{"expired_token"}, 6 * time.Second, "degraded/handoff_expired", fault.CodeHandoffExpired},
		"our time is over": {nil, 10 * time.Minute, "degraded/handoff_expired", fault.CodeHandoffExpired},
		"code unknown":     {[]string{"invalid_grant"}, 6 * time.Second, "pending/verification_failed", fault.CodeProviderError},
		"another error":    {[]string{"unsupported_grant_type"}, 6 * time.Second, "pending/verification_failed", fault.CodeProviderError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, d, c := deviceWorld(t)
			w.code(connect.Ask{ConnectionID: c.ID})
			d.script = test.script
			for range max(1, len(test.script)) {
				w.later(test.wait)
			}
			if got := w.status(c.ID); got != test.status {
				t.Errorf("status %s, want %s", got, test.status)
			}
			if got, want := w.outcomes(audit.ConnectionConnect, c.ID), []string{"denied " + string(test.audit)}; !slices.Equal(got, want) {
				t.Errorf("audit %v, want %v", got, want)
			}
			polls := d.polls()
			if due, _ := w.later(time.Hour); due != 0 || d.polls() != polls {
				t.Errorf("%d due and %d polls after the end", due, d.polls()-polls)
			}
			w.code(connect.Ask{ConnectionID: c.ID})
			d.script = []string{"ok"}
			if w.later(6 * time.Second); w.status(c.ID) != "active" {
				t.Errorf("after another try: status %s", w.status(c.ID))
			}
		})
	}
}

// RFC 8628 3.5: the interval grows by five seconds for good.
func TestOAF25DeviceSlowsDown(t *testing.T) {
	t.Parallel()
	w, d, c := deviceWorld(t)
	w.patient()
	w.code(connect.Ask{ConnectionID: c.ID})
	d.script = []string{"slow_down", "authorization_pending", "slow_down", "authorization_pending", "ok"}
	w.later(6 * time.Second)
	w.later(15 * time.Second)
	var pauses []time.Duration
	for i := 1; i < len(d.asked); i++ {
		pauses = append(pauses, d.asked[i].Sub(d.asked[i-1]).Round(time.Second))
	}
	if len(pauses) != 4 || pauses[0] < 10*time.Second || pauses[1] < 10*time.Second || pauses[2] < 15*time.Second || pauses[3] < 15*time.Second || d.fast {
		t.Errorf("pauses %v, want at least 10, 10, 15 and 15 seconds", pauses)
	}
	if got := w.status(c.ID); got != "active" {
		t.Errorf("status %s", got)
	}
}

// A problem of the system is no answer: it is asked again, less often.
func TestOAF25DeviceTrouble(t *testing.T) {
	t.Parallel()
	for _, trouble := range []string{"down", "503", "html", "temporarily_unavailable"} {
		w, d, c := deviceWorld(t)
		w.code(connect.Ask{ConnectionID: c.ID})
		d.script = []string{trouble, trouble, "ok"}
		w.later(6 * time.Second)
		w.later(6 * time.Second) // The interval is ten seconds by now.
		if d.polls() != 1 || w.status(c.ID) != "pending/handoff_open" {
			t.Errorf("%s: %d polls, status %s", trouble, d.polls(), w.status(c.ID))
		}
		w.later(5 * time.Second)
		if w.later(21 * time.Second); w.status(c.ID) != "active" {
			t.Errorf("%s: status %s at the end", trouble, w.status(c.ID))
		}
	}
}

// A run polls again as long as its time lasts, and says when the next one may.
func TestDeviceIsPolledThroughTheRun(t *testing.T) {
	t.Parallel()
	w, d, c := deviceWorld(t)
	w.patient()
	w.code(connect.Ask{ConnectionID: c.ID})
	begun := w.Now()
	w.later(5 * time.Second)
	if n := d.polls(); n < 8 || n > 10 || d.fast || w.Now().Sub(begun) > time.Minute {
		t.Errorf("%d polls in %s, too fast: %t", n, w.Now().Sub(begun), d.fast)
	}
	if next := w.get(c.ID).Due.Device; !next.After(d.asked[len(d.asked)-1]) {
		t.Error("the next run does not know when it may poll")
	}
}

func TestDeviceReconnect(t *testing.T) {
	t.Parallel()
	w, d, c := approved(t)
	old := w.hotCopy(c.ID).AccessToken.Reveal()
	for name, script := range map[string][]string{"denied": {"access_denied"}, "expired": {"expired_token"}} {
		w.code(connect.Ask{ConnectionID: c.ID})
		d.script = script
		if w.later(6 * time.Second); w.status(c.ID) != "active" {
			t.Errorf("%s: status %s", name, w.status(c.ID))
		}
		w.same(c, old)
	}
	w.provider.sub = "carol"
	w.code(connect.Ask{ConnectionID: c.ID})
	d.script = []string{"ok"}
	w.later(6 * time.Second)
	w.same(c, old)
	if revoked := w.provider.forgotten(); len(revoked) != 1 || !strings.HasPrefix(revoked[0], "refresh-") || w.status(c.ID) != "active" {
		t.Errorf("another account: %d tokens revoked, status %s", len(revoked), w.status(c.ID))
	}
	outcomes := w.outcomes(audit.ConnectionConnect, c.ID)
	if got, want := outcomes[len(outcomes)-1], "denied "+string(fault.CodeAccountMismatch); got != want {
		t.Errorf("audited last: %s, want %s", got, want)
	}
	w.code(connect.Ask{ConnectionID: c.ID, AllowAccountChange: true})
	d.script = []string{"ok"}
	if w.later(6 * time.Second); w.get(c.ID).Account.ID != "carol" || w.get(c.ID).Credential.Version != 2 {
		t.Errorf("allowed: account %q", w.get(c.ID).Account.ID)
	}
}

// What the system says to the new token decides before anything is current.
func TestDeviceVerifiesFirst(t *testing.T) {
	t.Parallel()
	w, d, c := deviceWorld(t)
	w.code(connect.Ask{ConnectionID: c.ID})
	d.script = []string{"ok"}
	w.provider.status["me"] = 503
	if _, failed := w.later(6 * time.Second); failed != 1 || w.status(c.ID) != "pending/handoff_open" {
		t.Errorf("%d failed, status %s, want another try", failed, w.status(c.ID))
	}
	delete(w.provider.status, "me")
	if w.later(15 * time.Second); w.status(c.ID) != "active" || d.polls() != 1 {
		t.Errorf("status %s after %d polls", w.status(c.ID), d.polls())
	}

	w, d, c = deviceWorld(t)
	w.code(connect.Ask{ConnectionID: c.ID})
	d.script = []string{"ok"}
	w.provider.status["me"] = 401
	if w.later(6 * time.Second); w.status(c.ID) != "pending/verification_failed" || len(w.provider.forgotten()) != 1 {
		t.Errorf("status %s, %d tokens revoked", w.status(c.ID), len(w.provider.forgotten()))
	}
}

// Tokens that cannot be verified until long after the end are given up.
func TestDeviceGivesUpVerifying(t *testing.T) {
	t.Parallel()
	w, d, c := deviceWorld(t)
	w.code(connect.Ask{ConnectionID: c.ID})
	d.script = []string{"ok"}
	w.provider.status["me"] = 503
	w.later(6 * time.Second)
	w.later(time.Minute)
	if w.later(21 * time.Minute); w.status(c.ID) != "pending/verification_failed" || len(w.provider.forgotten()) != 1 {
		t.Errorf("status %s, %d tokens revoked", w.status(c.ID), len(w.provider.forgotten()))
	}
}

func TestDeviceOfAnotherTenant(t *testing.T) {
	t.Parallel()
	w, d, c := deviceWorld(t)
	_, err := w.Authorize(t.Context(), caller("globex", "gil"), connect.Ask{ConnectionID: c.ID})
	refused(t, err, fault.CodeNotFound)
	started := w.code(connect.Ask{ConnectionID: c.ID})
	// A record that names the handoff of someone else gets nothing from it.
	w.caller = caller("globex", "gil")
	made, err := w.Templates.Find(t.Context(), "globex", c.TemplateID)
	must(t, err)
	other := w.pending(made)
	_, err = w.Connections.Update(t.Context(), "globex", other.ID, func(c *connection.Connection) error {
		c.Handoff = &connection.Handoff{ID: started.Handoff.ID, ExpiresAt: started.Handoff.ExpiresAt}
		c.Due.Device = w.Now()
		return nil
	})
	must(t, err)
	d.script = []string{"ok", "ok"}
	w.later(6 * time.Second)
	if got := w.get(other.ID); got.Credential != nil || !got.Due.Device.IsZero() {
		t.Errorf("globex has credential %v", got.Credential)
	}
	if w.caller = caller("acme", "ann"); w.status(c.ID) != "active" || d.polls() != 1 {
		t.Errorf("acme: status %s after %d polls", w.status(c.ID), d.polls())
	}
}

func TestDeviceRefusedAtTheStart(t *testing.T) {
	t.Parallel()
	w, _, c := deviceWorld(t)
	w.provider.clients[clientID] = "another"
	_, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	refused(t, err, fault.CodeProviderError)
	if got := w.get(c.ID); got.Handoff != nil {
		t.Error("a handoff is open")
	}
	receipt, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
	if diff := cmp.Diff(method.NothingToRevoke, receipt); diff != "" || err != nil {
		t.Errorf("receipt %s, %v", receipt, err)
	}
}
