package connect_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
)

const demoRedirect = "https://tenon.example.com/v1/oauth/callback/"

// OAF-01.
func TestHandoffConnectsAnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.pending(made)
	if got := w.status(c.ID); got != "pending/no_credential" {
		t.Errorf("before: %s", got)
	}
	j := w.travel(connect.Ask{ConnectionID: c.ID, ReturnURL: returnURL})
	if got := w.status(c.ID); got != "pending/handoff_open" {
		t.Errorf("under way: %s", got)
	}
	done, err := w.finish(j, "iss", "https://crm.example.com/dev")
	must(t, err)
	if got := w.status(c.ID); got != "active" {
		t.Errorf("after: %s", got)
	}
	page, err := connect.EndPage(browser.English, done, nil)
	must(t, err)
	if want := returnURL + "?connectionId=" + c.ID; page.Location != want || page.Status != 303 {
		t.Errorf("returned with %d to %s, want 303 to %s", page.Status, page.Location, want)
	}
	stored := w.get(c.ID)
	if diff := cmp.Diff(connection.Account{ID: "bob", Name: "Account of bob"}, stored.Account); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	if !stored.Credential.Refreshable || stored.Credential.Version != 1 || stored.Credential.SetBy != "acme/ann" || stored.Handoff != nil {
		t.Errorf("credential %+v, handoff %v", stored.Credential, stored.Handoff)
	}
	hot := w.hotCopy(c.ID)
	if got := hot.Headers["Authorization"].Reveal(); got != "Bearer "+hot.AccessToken.Reveal() || w.provider.tokens[hot.AccessToken.Reveal()] != "bob" {
		t.Error("the hot copy is not bob's access token")
	}
	if m := w.material(c.ID); !strings.HasPrefix(m.RefreshToken.Reveal(), "refresh-") || len(m.Fields) > 0 {
		t.Error("the secret store does not hold the refresh token alone")
	}
	if diff := cmp.Diff([]string{"allowed"}, w.outcomes(audit.ConnectionConnect, c.ID)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{notify.ConnectionStatus, notify.ConnectionStatus, notify.ConnectionConnected}, w.bus.Types()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// OAF-02.
func TestAuthorizationRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.pending(made)
	j := w.travel(connect.Ask{ConnectionID: c.ID, Scopes: []string{"crm.write"}})
	q := j.address.Query()
	challenge, err := base64.RawURLEncoding.DecodeString(q.Get("code_challenge"))
	if err != nil || len(challenge) != sha256.Size {
		t.Errorf("code_challenge is no SHA-256: %v", err)
	}
	id, random, _ := strings.Cut(q.Get("state"), ".")
	bits, err := base64.RawURLEncoding.DecodeString(random)
	if err != nil || len(bits) < 32 || id != j.id {
		t.Errorf("state is not the handoff and 256 bits: %d bytes, %v", len(bits), err)
	}
	q.Del("code_challenge")
	q.Del("state")
	want := url.Values{
		"response_type": {"code"}, "client_id": {clientID}, "redirect_uri": {demoRedirect + made.ID},
		"scope": {"crm.read crm.write"}, "code_challenge_method": {"S256"},
	}
	if diff := cmp.Diff(want, q); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
	if got := "https://" + j.address.Host + j.address.Path; got != "https://crm.example.com/dev/oauth/authorize" {
		t.Errorf("sent to %s", got)
	}
	again := w.travel(connect.Ask{ConnectionID: c.ID})
	if again.state == j.state || again.address.Query().Get("code_challenge") == j.address.Query().Get("code_challenge") {
		t.Error("two handoffs share a state or a challenge")
	}
}

// OAF-02: nothing that is kept could be sent to the provider or to us.
func TestHandoffRecordHoldsHashesAndCiphertext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	if _, err := w.finish(j); err != nil {
		t.Fatal(err)
	}
	form := w.provider.asked("token")[0]
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	if base64.RawURLEncoding.EncodeToString(sum[:]) != j.address.Query().Get("code_challenge") {
		t.Fatal("the verifier is not that of the challenge")
	}
	w.conceal(form.Get("code_verifier"))
	h, err := w.Handoffs.Get(t.Context(), j.id)
	must(t, err)
	for name, value := range map[string]string{"ticket": j.ticket, "cookie": j.cookie, "form": j.form, "state": j.state} {
		sum := sha256.Sum256([]byte(value))
		kept := map[string][]byte{"ticket": h.TicketHash, "cookie": h.CookieHash, "form": h.FormHash, "state": h.StateHash}[name]
		if string(kept) != string(sum[:]) {
			t.Errorf("the %s is not kept as its hash", name)
		}
	}
	if life := h.ExpiresAt.Sub(w.Now()); life > 15*time.Minute {
		t.Errorf("the handoff lives %s", life)
	}
}

func TestOpenShowsWhoAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	w.caller.Home = "org" // The organization acts for acme.
	started, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	must(t, err)
	link, err := url.Parse(started.StartURL.Reveal())
	must(t, err)
	opened, err := w.Open(t.Context(), started.Handoff.ID, link.Query().Get("ticket"))
	must(t, err)
	got := []string{opened.Connector, opened.Requester, opened.Name, strings.Join(opened.Scopes, " ")}
	if diff := cmp.Diff([]string{"Tenon Demo CRM", "org/ann", "CRM", "crm.read"}, got); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

func TestAuthorizeRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.pending(made)
	paused := w.pending(made)
	key := w.pending(w.demo("api_key"))
	_, err := w.Connections.Update(t.Context(), "acme", paused.ID, func(c *connection.Connection) error { c.Lifecycle = connection.Disabled; return nil })
	must(t, err)
	stranger, reader := caller("globex", "eve"), w.caller
	reader.Scopes = []string{auth.ConnectionsRead}
	for name, test := range map[string]struct {
		by   auth.Caller
		ask  connect.Ask
		want fault.Code
	}{
		"a connection of another tenant": {stranger, connect.Ask{ConnectionID: c.ID}, fault.CodeNotFound},
		"an unknown connection":          {w.caller, connect.Ask{ConnectionID: "con_01JD0000000000000000000000"}, fault.CodeNotFound},
		"a caller who may only read":     {reader, connect.Ask{ConnectionID: c.ID}, fault.CodeForbidden},
		"a paused connection":            {w.caller, connect.Ask{ConnectionID: paused.ID}, fault.CodeConnectionDisabled},
		"a scheme without a handoff":     {w.caller, connect.Ask{ConnectionID: key.ID}, fault.CodeSchemeMismatch},
		"an undeclared scope":            {w.caller, connect.Ask{ConnectionID: c.ID, Scopes: []string{"crm.admin"}}, fault.CodeValidationFailed},
		"a return URL of someone else":   {w.caller, connect.Ask{ConnectionID: c.ID, ReturnURL: "https://evil.example/connected"}, fault.CodeValidationFailed},
		"a return URL with a path trick": {w.caller, connect.Ask{ConnectionID: c.ID, ReturnURL: returnURL + "/../evil"}, fault.CodeValidationFailed},
	} {
		before := w.power.count()
		_, err := w.Authorize(t.Context(), test.by, test.ask)
		if err == nil || fault.From(err).Code != test.want {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
		for _, op := range w.power.since(before) {
			if op != "audit.append" {
				t.Errorf("%s: %s was done", name, op)
			}
		}
	}
}

// A handoff whose state could be guessed is not begun.
func TestAuthorizeFailsWithoutRandomness(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	w.Random = iotest.ErrReader(errors.New("no entropy"))
	if _, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID}); err == nil {
		t.Error("a handoff was begun")
	}
	if got := w.status(c.ID); got != "pending/no_credential" {
		t.Errorf("status %s", got)
	}
}
