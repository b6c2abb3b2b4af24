package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectPage(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Minted(session.New{Templates: []string{functionstest.Salesforce}})
	h := webtest.New(t, routes.ConnectPage, handle(w.Sessions(w.Opener()), w.Console()))
	page := functionstest.Event("connect-page")
	w.Unchanged(func() {
		h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = "ticket=fake-ticket-of-globex" }).Replay(page).
			WantPage(400, "This link is not valid.")
	})

	answer := h.Replay(page).WantPage(200, "Connect Salesforce", "Acme GmbH (acme/ann)", "user-42", "<code>api</code>", "<code>openid</code>", "<code>refresh_token</code>",
		`action="/connect/`+functionstest.SessionID+`"`, `name="input.host"`).
		WantHeader("referrer-policy", "no-referrer").WantHeader("cache-control", "no-store").
		WantHeader("content-security-policy", "default-src 'none'; style-src "+browser.StyleSource()+"; img-src data:; base-uri 'none'; frame-ancestors 'none'")
	if strings.Contains(answer.Body, functionstest.SessionTicket) {
		t.Error("the page holds the ticket of its own address")
	}
	t.Run("SES-07 the cookie is of this browser and this origin", func(t *testing.T) {
		name := connect.CookieName(functionstest.SessionID) + "="
		if len(answer.Cookies) != 1 || !strings.HasPrefix(answer.Cookies[0], name) || !strings.HasSuffix(answer.Cookies[0], "; Path=/; Max-Age=1800; Secure; HttpOnly; SameSite=Lax") {
			t.Errorf("got cookies %q", answer.Cookies)
		}
	})
	mine := func(e *events.APIGatewayV2HTTPRequest) {
		cookie, _, _ := strings.Cut(answer.Cookies[0], ";")
		e.Cookies = []string{cookie}
	}
	w.Unchanged(func() { // A reload is no second opening; another browser is.
		if again := h.With(mine).Replay(page).WantPage(200, "Connect Salesforce"); len(again.Cookies) > 0 {
			t.Errorf("got cookies %q, want none", again.Cookies)
		}
		if again := h.Replay(page).WantPage(400, "This link was used before."); len(again.Cookies) > 0 {
			t.Errorf("got cookies %q, want none", again.Cookies)
		}
		h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = "" }).Replay(page).WantPage(400, "This was opened in another browser.")
	})
}

func TestConnectPageLate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Minted(session.New{})
	w.At(w.Now().Add(30 * time.Minute))
	h := webtest.New(t, routes.ConnectPage, handle(w.Sessions(w.Opener()), w.Console()))
	w.Unchanged(func() { h.Replay(functionstest.Event("connect-page")).WantPage(400, "This link has expired.") })
}

// A browser that is signed in to another organisation's console does not open the
// link, and neither organisation learns of the other.
func TestSES03ConnectPageInTheBrowserOfAnotherOrganisation(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Minted(session.New{})
	h := webtest.New(t, routes.ConnectPage, handle(w.Sessions(w.Opener()), w.Console()))
	signedIn := func(tenant string) webtest.Harness {
		cookie := w.SignedIn(tenant)
		return h.With(func(e *events.APIGatewayV2HTTPRequest) { e.Cookies = []string{cookie} })
	}
	stranger := signedIn(functionstest.Globex)
	w.Unchanged(func() {
		answer := stranger.Replay(functionstest.Event("connect-page")).WantPage(403, "This link belongs to another organisation.")
		if strings.Contains(strings.ToLower(answer.Body), functionstest.Acme) || len(answer.Cookies) > 0 {
			t.Errorf("got cookies %q with\n%s", answer.Cookies, answer.Body)
		}
	})
	for tenant, want := range map[string]string{
		functionstest.Acme: "connection.connect " + functionstest.SessionID + " denied", functionstest.Globex: "connection.connect  denied",
	} {
		if got := w.LastAudited(tenant); got != want {
			t.Errorf("%s: got audit %q, want %q", tenant, got, want)
		}
	}
	signedIn(functionstest.Acme).Replay(functionstest.Event("connect-page")).WantPage(200, "Acme GmbH")
}
