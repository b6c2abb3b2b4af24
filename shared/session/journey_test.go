package session_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/session"
)

func TestEndUserSignsIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{ReturnURL: functionstest.ReturnURL, Labels: map[string]string{"plan": "gold"}, Environment: "test"})
	j, sessionID := w.browser(), link.Session.ID
	page := j.must(link.URL.Reveal())
	for _, text := range []string{"Acme GmbH", "acme/ann", "user-42", "HubSpot", "Salesforce for everyone", "Stripe"} {
		if !strings.Contains(page.HTML, text) {
			t.Errorf("the page lacks %q:\n%s", text, page.HTML)
		}
	}
	page = j.must(link.URL.Reveal() + "&template=" + functionstest.Salesforce)
	provider := j.leave(page, salesforce())
	w.wantState(sessionID, "handed_off")
	end, err := j.back(provider, consent("acme"))
	if want := functionstest.ReturnURL + "?outcome=completed&sessionId=" + sessionID; err != nil || end.Location != want {
		t.Errorf("got %s, %v, want %s", end.Location, err, want)
	}
	got := w.wantState(sessionID, "completed")
	c := w.Connection(functionstest.Acme, got.ConnectionID)
	if got.ConnectionStatus != "active" || c.Environment != "test" || c.Labels["plan"] != "gold" || c.Credential.SetBy != "acme/"+sessionID+"/user-42" {
		t.Errorf("got %+v with connection %+v", got, c)
	}
	if len(j.cookies) > 0 {
		t.Errorf("the browser keeps the cookies %q", j.cookies)
	}
	_, err = j.open(link.URL.Reveal()) // It ended with the first connection.
	refused(t, err, fault.CodeHandoffUsed)
}

// An attacker begins and has the victim consent: the browser that comes back is
// not the one that began.
func TestSES01SessionBegunByAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Templates: []string{functionstest.Salesforce}})
	attacker, victim := w.browser(), w.browser()
	provider := attacker.leave(attacker.must(link.URL.Reveal()), salesforce())
	w.Provider.Calls()
	_, err := victim.back(provider, consent("globex"))
	refused(t, err, fault.CodeSessionMismatch)
	got := w.wantState(link.Session.ID, "handed_off")
	if got.ConnectionStatus != "pending" || len(w.Provider.Calls()) > 0 {
		t.Errorf("got %+v, and the provider was asked", got)
	}
	if want := "connection.connect " + got.ConnectionID + " denied"; w.LastAudited(functionstest.Acme) != want {
		t.Errorf("got audit %s, want %s", w.LastAudited(functionstest.Acme), want)
	}
}

// An attacker sends our own link after having opened it.
func TestSES02LinkOpenedByAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Templates: []string{functionstest.Salesforce}})
	attacker, victim := w.browser(), w.browser()
	page := attacker.must(link.URL.Reveal())
	_, err := victim.open(link.URL.Reveal())
	refused(t, err, fault.CodeHandoffUsed)
	_, err = victim.submit(page, salesforce())
	refused(t, err, fault.CodeSessionMismatch)
	if len(victim.cookies) > 0 {
		t.Errorf("the victim's browser got the cookies %q", victim.cookies)
	}
	attacker.leave(page, salesforce()) // It is still the attacker's own.
}

func TestSessionOffersWhatItIsLimitedTo(t *testing.T) {
	t.Parallel()
	for name, n := range map[string]session.New{
		"templates":  {Templates: []string{functionstest.Salesforce}},
		"connectors": {Connectors: []string{"hubspot"}},
		"both":       {Connectors: []string{"salesforce"}, Templates: []string{functionstest.Organization}},
		"reconnect":  {ConnectionID: functionstest.SalesforceConnection},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			link := w.mint(n)
			j := w.browser()
			page := j.must(link.URL.Reveal())
			if strings.Contains(page.HTML, "Stripe") {
				t.Errorf("the page offers Stripe:\n%s", page.HTML)
			}
			w.Unchanged(func() {
				_, err := j.submit(page, map[string]string{"template": functionstest.Stripe, "name": "Mine", "credential.apiKey": "rk_test_fake_acme_0042"})
				refused(t, err, fault.CodeValidationFailed)
			})
		})
	}
}

func TestReconnectKeepsTheConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	link := w.mint(session.New{ConnectionID: functionstest.SalesforceConnection})
	j := w.browser()
	page := j.must(link.URL.Reveal())
	if strings.Contains(page.HTML, `name="name"`) || strings.Contains(page.HTML, "input.host") {
		t.Errorf("the page asks for what the connection says already:\n%s", page.HTML)
	}
	t.Run("OAF-27 another account is refused", func(t *testing.T) {
		_, err := j.back(j.leave(page, nil), consent("globex"))
		refused(t, err, fault.CodeAccountMismatch)
		after := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
		if after.Credential.Version != before.Credential.Version || after.Account != before.Account {
			t.Errorf("got credential %+v of %+v, want the old one untouched", after.Credential, after.Account)
		}
		if got := w.wantState(link.Session.ID, "failed"); got.Problem != "account_mismatch" || got.ConnectionStatus != "active" {
			t.Errorf("got %+v", got)
		}
	})
	if _, err := j.back(j.leave(j.must(link.URL.Reveal()), nil), consent("acme")); err != nil {
		t.Fatal(err)
	}
	after := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	if got := w.wantState(link.Session.ID, "completed"); got.ConnectionID != before.ID || after.Credential.Version <= before.Credential.Version {
		t.Errorf("got %+v with credential %+v", got, after.Credential)
	}
}

func TestReconnectWithKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{ConnectionID: functionstest.StripeConnection})
	j := w.browser()
	if _, err := j.submit(j.must(link.URL.Reveal()), map[string]string{"credential.apiKey": "rk_test_fake_acme_0042"}); err != nil {
		t.Fatal(err)
	}
	w.wantState(link.Session.ID, "completed")
	if got := w.StripeLease(); got != "rk_test_fake_acme_0042" {
		t.Errorf("the old key is leased")
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Templates: []string{functionstest.Salesforce}, ReturnURL: functionstest.ReturnURL})
	j := w.browser()
	page := j.must(link.URL.Reveal())
	w.At(functionstest.Now.Add(20 * time.Minute))
	provider := j.leave(page, salesforce()) // With ten minutes left the handoff has ten, too.
	w.At(functionstest.Now.Add(31 * time.Minute))
	w.Provider.Calls()
	_, err := j.back(provider, consent("acme"))
	refused(t, err, fault.CodeHandoffExpired)
	_, err = j.submit(page, salesforce())
	refused(t, err, fault.CodeHandoffExpired)
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("the provider was asked: %q", calls)
	}
	w.wantState(link.Session.ID, "expired")
}

func TestOAF13DeclinedAndTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Templates: []string{functionstest.Salesforce}})
	j := w.browser()
	end, err := j.back(j.leave(j.must(link.URL.Reveal()), salesforce()), url.Values{"error": {"access_denied"}, "error_description": {"canary"}})
	if err != nil || !strings.Contains(end.HTML, "Try again") || strings.Contains(end.HTML, "canary") {
		t.Errorf("got %v with\n%s", err, end.HTML)
	}
	first := w.wantState(link.Session.ID, "failed")
	if first.Problem != "oauth_denied" {
		t.Errorf("got problem %s", first.Problem)
	}
	if _, err := j.back(j.leave(j.must(link.URL.Reveal()), salesforce()), consent("acme")); err != nil {
		t.Fatal(err)
	}
	if got := w.wantState(link.Session.ID, "completed"); got.ConnectionID != first.ConnectionID || got.Problem != "" {
		t.Errorf("got %+v, want the connection %s of the first try", got, first.ConnectionID)
	}
}

// The process dies after the credential is current and before the session knows.
func TestSessionLearnsOfItsConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Templates: []string{functionstest.Salesforce}})
	j := w.browser()
	provider := j.leave(j.must(link.URL.Reveal()), salesforce())
	_, err := w.Connects.Complete(t.Context(), connect.Answer{
		ContextID: functionstest.Salesforce, Query: url.Values{"code": {"fake-code-of-acme"}, "state": {provider.Query().Get("state")}},
		Cookie: func(id string) string { return j.cookies[connect.CookieName(id)] },
	})
	if err != nil {
		t.Fatal(err)
	}
	got := w.wantState(link.Session.ID, "completed")
	if c := w.Connection(functionstest.Acme, got.ConnectionID); c.Lifecycle != connection.Ready {
		t.Errorf("got connection %+v", c)
	}
	page := j.must(link.URL.Reveal())
	if !strings.Contains(page.HTML, "The account is connected.") {
		t.Errorf("got\n%s", page.HTML)
	}
}

func TestRED01PageThatIsNoLongerListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Templates: []string{functionstest.Salesforce}, ReturnURL: functionstest.ReturnURL})
	j := w.browser()
	provider := j.leave(j.must(link.URL.Reveal()), salesforce())
	w.unlist()
	end, err := j.back(provider, consent("acme"))
	if err != nil || end.Location != "" || !strings.Contains(end.HTML, "The account is connected.") {
		t.Errorf("got %s, %v with\n%s", end.Location, err, end.HTML)
	}
}

// unlist takes every page to return to from Acme's settings.
func (w *world) unlist() {
	w.t.Helper()
	person := functionstest.Person(functionstest.Acme)
	settings, err := w.Tenancy().Settings(w.t.Context(), person)
	if err != nil {
		w.t.Fatal(err)
	}
	settings.ReturnURLs = nil
	if _, err := w.Tenancy().PutSettings(w.t.Context(), person, "*", settings); err != nil {
		w.t.Fatal(err)
	}
}
