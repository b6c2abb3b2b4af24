package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestOAuthStart(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Started()
	h := webtest.New(t, routes.OAuthStart, handle(w.Opener(), w.Console()))
	start := functionstest.Event("oauth-start")
	w.Unchanged(func() {
		h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = "ticket=fake-ticket-of-globex" }).
			Replay(start).WantPage(400, "This link is not valid.")
	})

	answer := h.Replay(start).WantPage(200, "Connect Salesforce", "acme/ann", "Salesforce of acme", "<code>api</code>", "<code>openid</code>", "<code>refresh_token</code>",
		`action="/v1/oauth/start/`+functionstest.HandoffID+`"`).WantHeader("referrer-policy", "no-referrer")
	if strings.Contains(answer.Body, functionstest.Ticket) {
		t.Error("the page holds the ticket of its own address")
	}
	name := connect.CookieName(functionstest.HandoffID) + "="
	if len(answer.Cookies) != 1 || !strings.HasPrefix(answer.Cookies[0], name) || !strings.HasSuffix(answer.Cookies[0], "; Secure; HttpOnly; SameSite=Lax") {
		t.Errorf("got cookies %q, want one that only this browser sends", answer.Cookies)
	}

	w.Unchanged(func() { // The link works once: in another browser it binds nothing.
		if again := h.Replay(start).WantPage(400, "This link was used before."); len(again.Cookies) > 0 {
			t.Errorf("got cookies %q, want none", again.Cookies)
		}
	})
}

func TestOAuthStartLate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Started()
	w.At(functionstest.Now.Add(16 * time.Minute))
	h := webtest.New(t, routes.OAuthStart, handle(w.Opener(), w.Console()))
	w.Unchanged(func() { h.Replay(functionstest.Event("oauth-start")).WantPage(400, "This link has expired.") })
}

// The link was made for Acme's Ann: a browser that is signed in as anybody else
// does not open it, and uses nothing up.
func TestSES03StartInTheBrowserOfAnother(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Started()
	h := webtest.New(t, routes.OAuthStart, handle(w.Opener(), w.Console()))
	start := functionstest.Event("oauth-start")
	in := func(caller auth.Caller) webtest.Harness {
		signed, err := w.Console().Begin(t.Context(), caller, "")
		if err != nil {
			t.Fatal(err)
		}
		cookie, _, _ := strings.Cut(signed.Cookie, ";")
		return h.With(func(e *events.APIGatewayV2HTTPRequest) { e.Cookies = []string{cookie} })
	}
	ben := functionstest.Person(functionstest.Acme)
	ben.Subject = "ben"
	stranger, colleague := in(functionstest.Person(functionstest.Globex)), in(ben)
	before := w.LastAudited(functionstest.Globex)
	w.Unchanged(func() {
		answer := stranger.Replay(start).WantPage(403, "This link belongs to another organisation.")
		if strings.Contains(strings.ToLower(answer.Body), functionstest.Acme) {
			t.Errorf("the page names the organisation:\n%s", answer.Body)
		}
	})
	for tenant, want := range map[string]string{
		functionstest.Acme: "connection.connect " + functionstest.PendingConnection + " denied", functionstest.Globex: "connection.connect  denied",
	} {
		if got := w.LastAudited(tenant); got != want {
			t.Errorf("%s: got audit %q after %q, want %q", tenant, got, before, want)
		}
	}
	w.Unchanged(func() { colleague.Replay(start).WantPage(403, "This link belongs to another person.") })
	w.Unchanged(func() { // A guess of the ticket tells and records nothing.
		stranger.With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = "ticket=guess" }).Replay(start).WantPage(400, "This link is not valid.")
	})
	in(functionstest.Person(functionstest.Acme)).Replay(start).WantPage(200, "Connect Salesforce")
}
