package connect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// same checks that the credential is the one from before.
func (w *world) same(before connection.Connection, token string) {
	w.t.Helper()
	now := w.get(before.ID)
	if diff := cmp.Diff(before.Credential, now.Credential); diff != "" {
		w.t.Errorf("credential (-before +now):\n%s", diff)
	}
	if w.hotCopy(before.ID).AccessToken.Reveal() != token || now.Account != before.Account {
		w.t.Error("another token or account is current")
	}
	w.material(before.ID)
}

// OAF-27.
func TestReconnectRefusesAnotherAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connected(w.demo("oauth2_authorization_code"))
	token := w.hotCopy(c.ID).AccessToken.Reveal()
	w.provider.sub = "carol"
	_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
	refused(t, err, fault.CodeAccountMismatch)
	w.same(c, token)
	if got := w.status(c.ID); got != "active" {
		t.Errorf("status %s", got)
	}
	revoked := w.provider.forgotten()
	if len(revoked) != 1 || !strings.HasPrefix(revoked[0], "refresh-") || revoked[0] == w.material(c.ID).RefreshToken.Reveal() {
		t.Errorf("revoked %d tokens, want the new refresh token alone", len(revoked))
	}
	want := []string{"allowed", "allowed", "denied " + string(fault.CodeAccountMismatch)}
	if diff := cmp.Diff(want, w.outcomes(audit.ConnectionConnect, c.ID)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// OAF-27: an administrator may ask for it.
func TestReconnectMayChangeTheAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connected(w.demo("oauth2_authorization_code"))
	old := c.Credential.At
	w.provider.sub = "carol"
	_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID, AllowAccountChange: true}))
	must(t, err)
	now := w.get(c.ID)
	if now.Account.ID != "carol" || now.Credential.Version != 2 || now.Credential.At.Secret != old.Secret || now.Credential.At.Version == old.Version {
		t.Errorf("account %q, credential %+v", now.Account.ID, now.Credential)
	}
	if diff := cmp.Diff(map[string][]string{now.Credential.At.Version: {"AWSCURRENT"}}, w.stored.Labels(old.Secret)); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
}

// An account the provider does not name, for want of a permission, neither
// loosens the pin nor counts as the pinned one being another.
func TestUnnamedAccountKeepsThePin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connected(w.demo("oauth2_authorization_code"))
	w.provider.sub, w.provider.status["userinfo"] = "carol", 403
	_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
	must(t, err)
	if got := w.get(c.ID); got.Account != c.Account || w.status(c.ID) != "degraded/permissions" {
		t.Errorf("account %q, status %s", got.Account.ID, w.status(c.ID))
	}
	delete(w.provider.status, "userinfo")
	_, err = w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
	refused(t, err, fault.CodeAccountMismatch)
}

// OAF-28, OAF-13.
func TestReconnectNotFinishedChangesNothing(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*world, journey){
		"abandoned": func(*world, journey) {},
		"denied": func(w *world, j journey) {
			done, err := w.Complete(w.t.Context(), j.answer("error", "access_denied"))
			if err != nil || !done.Denied {
				w.t.Errorf("got %v, denied %t", err, done.Denied)
			}
		},
		"expired": func(w *world, _ journey) { w.clock.advance(16 * time.Minute) },
		"failed at the token endpoint": func(w *world, j journey) {
			w.provider.down["token"] = true
			_, err := w.finish(j)
			refused(w.t, err, fault.CodeProviderUnavailable)
		},
		"failed at the verification": func(w *world, j journey) {
			w.provider.status["userinfo"] = 401
			_, err := w.finish(j)
			refused(w.t, err, fault.CodeVerificationFailed)
			if len(w.provider.forgotten()) != 1 {
				w.t.Error("the new tokens were not revoked")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.connected(w.demo("oauth2_authorization_code"))
			token := w.hotCopy(c.ID).AccessToken.Reveal()
			end(w, w.travel(connect.Ask{ConnectionID: c.ID}))
			w.same(c, token)
			if got := w.status(c.ID); got != "active" {
				t.Errorf("status %s", got)
			}
		})
	}
}

// OAF-13: a first handoff that was denied, and then is begun again.
func TestDeniedHandoff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	j := w.travel(connect.Ask{ConnectionID: c.ID, ReturnURL: returnURL})
	denied := j.answer("error", "access_denied", "code", "c0de")
	done, err := w.Complete(t.Context(), denied)
	must(t, err)
	page, err := connect.EndPage(browser.English, done, nil)
	must(t, err)
	if want := returnURL + "?connectionId=" + c.ID + "&error=oauth_denied"; page.Location != want {
		t.Errorf("returned to %s, want %s", page.Location, want)
	}
	if got := w.status(c.ID); got != "pending/denied" || len(w.provider.asked("token")) > 0 {
		t.Errorf("status %s", got)
	}
	if diff := cmp.Diff([]string{"denied oauth_denied"}, w.outcomes(audit.ConnectionConnect, c.ID)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	_, err = w.Complete(t.Context(), denied)
	refused(t, err, fault.CodeHandoffUsed)
	_, err = w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
	must(t, err)
	if got := w.status(c.ID); got != "active" {
		t.Errorf("status after the second handoff %s", got)
	}
}

// OAF-14: the provider's words are neither stored, nor shown, nor passed on.
func TestHostileErrorDescription(t *testing.T) {
	t.Parallel()
	for name, words := range map[string]string{
		"HTML": `<script>alert("` + mark + `")</script>`, "CRLF": "x\r\nSet-Cookie: a=" + mark, "50 kB": strings.Repeat(mark, 10<<10),
		"a token": "access-" + mark,
	} {
		for _, to := range []string{returnURL, ""} {
			w := newWorld(t)
			c := w.pending(w.demo("oauth2_authorization_code"))
			j := w.travel(connect.Ask{ConnectionID: c.ID, ReturnURL: to})
			done, err := w.Complete(t.Context(), j.answer("error", words, "error_description", words, "error_uri", words))
			must(t, err)
			page, err := connect.EndPage(browser.English, done, nil)
			must(t, err)
			if strings.Contains(page.HTML+page.Location+strings.Join(page.Cookies, ""), mark) {
				t.Errorf("%s is echoed", name)
			}
		}
	}
}

func TestNewHandoffSupersedesTheOld(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	unopened, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	must(t, err)
	sent := w.travel(connect.Ask{ConnectionID: c.ID})
	newest := w.travel(connect.Ask{ConnectionID: c.ID})
	_, ticket, _ := strings.Cut(unopened.StartURL.Reveal(), "?ticket=")
	_, err = w.Open(t.Context(), unopened.Handoff.ID, ticket)
	refused(t, err, fault.CodeHandoffUsed)
	_, err = w.finish(sent)
	refused(t, err, fault.CodeHandoffUsed)
	w.untouched(c)
	_, err = w.finish(newest)
	must(t, err)
}

// A superseded handoff that was being exchanged when the newer one was finished
// with another account does not replace it.
func TestLateHandoffOfAnotherAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	late := w.travel(connect.Ask{ConnectionID: c.ID})
	w.provider.before = func(endpoint string) {
		if endpoint != "userinfo" {
			return
		}
		w.provider.before, w.provider.sub = nil, "carol"
		_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
		must(t, err)
	}
	_, err := w.finish(late)
	refused(t, err, fault.CodeAccountMismatch)
	if got := w.get(c.ID); got.Account.ID != "carol" || w.provider.tokens[w.hotCopy(c.ID).AccessToken.Reveal()] != "carol" {
		t.Errorf("account %q", got.Account.ID)
	}
	w.material(c.ID)
}

func TestConnectionChangedDuringTheHandoff(t *testing.T) {
	t.Parallel()
	pause := func(w *world, id string) {
		_, err := w.Connections.Update(w.t.Context(), "acme", id, func(c *connection.Connection) error { c.Lifecycle = connection.Disabled; return nil })
		must(w.t, err)
	}
	remove := func(w *world, id string) {
		_, err := w.Disconnect(w.t.Context(), w.caller, id, "")
		must(w.t, err)
	}
	for name, test := range map[string]struct {
		change func(*world, string)
		during bool // The exchange, not before it.
		want   fault.Code
	}{
		"paused before": {pause, false, fault.CodeHandoffUsed}, "deleted before": {remove, false, fault.CodeHandoffInvalid},
		"paused during": {pause, true, ""}, "deleted during": {remove, true, fault.CodeNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.pending(w.demo("oauth2_authorization_code"))
			j := w.travel(connect.Ask{ConnectionID: c.ID})
			if test.during {
				w.provider.before = func(endpoint string) {
					if endpoint == "userinfo" {
						test.change(w, c.ID)
					}
				}
			} else {
				test.change(w, c.ID)
			}
			_, err := w.finish(j)
			if test.want == "" {
				must(t, err)
				if got := w.status(c.ID); got != "disabled/disabled" {
					t.Errorf("status %s", got)
				}
				return
			}
			refused(t, err, test.want)
			if names := w.secretsOf("acme"); len(names) > 0 {
				t.Errorf("secrets %v are left", names)
			}
			if test.during != (len(w.provider.forgotten()) == 1) {
				t.Errorf("revoked %d tokens", len(w.provider.forgotten()))
			}
		})
	}
}
