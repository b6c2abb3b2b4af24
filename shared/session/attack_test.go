package session_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/session"
)

// The person the session was made for sends the link to a victim and waits at the
// integrator's page, signed in there, with the session's id: the code that the
// victim's browser brings is not for whoever knows that.
func TestSES04InitiatorWaitsForTheVictim(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Completion: session.Backend, ReturnURL: functionstest.ReturnURL})
	victim := w.browser()
	provider := victim.leave(victim.must(link.URL.Reveal()+"&template="+functionstest.Salesforce), salesforce())
	w.Provider.Calls()
	waits := func() {
		uri := "urn:ietf:params:oauth:request_uri:" + link.Session.ID
		for _, known := range []string{"", link.Session.ID, uri, uri + ".", uri + ".fake"} {
			if _, err := w.Complete(t.Context(), functionstest.Person(functionstest.Acme), link.Session.ID, "user-42", known); err == nil {
				t.Errorf("%q: completed", known)
			}
		}
	}
	waits()
	if _, err := victim.back(provider, consent("acme")); err != nil {
		t.Fatal(err)
	}
	waits()
	refused(t, w.complete(link.Session.ID, "user-43"), fault.CodeUserMismatch)
	waits()
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("the provider was asked: %q", calls)
	}
	h, err := w.Connects.Handoffs.Get(t.Context(), w.stored(link).HandoffID)
	if err != nil || len(h.Held) > 0 || h.Step != connect.StepUsed {
		t.Errorf("got %s, %v, want the code destroyed", h.Step, err)
	}
	if got := w.wantState(link.Session.ID, "failed"); !got.Closed {
		t.Errorf("got %+v", got)
	}
}

// What one return brought is nothing once another walk was begun.
func TestReferenceOfAnEarlierReturn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j, link := w.awaiting()
	earlier := w.brought[link.Session.ID]
	again := j.leave(j.must(link.URL.Reveal()+"&template="+functionstest.Salesforce), salesforce())
	_, err := w.Complete(t.Context(), functionstest.Person(functionstest.Acme), link.Session.ID, "user-42", earlier)
	refused(t, err, fault.CodeConflict)
	if _, err := j.back(again, consent("acme")); err != nil {
		t.Fatal(err)
	}
	_, err = w.Complete(t.Context(), functionstest.Person(functionstest.Acme), link.Session.ID, "user-42", earlier)
	refused(t, err, fault.CodeSessionMismatch)
	if err := w.complete(link.Session.ID, "user-42"); err != nil {
		t.Error(err)
	}
}

// A tenant that is suspended, or removed, has no pages: nothing is shown, asked
// for, sent on or redeemed.
func TestStandingOfTheTenantOnItsPages(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *world){
		"suspended": func(w *world) { w.Tenancy().Suspend(t.Context(), functionstest.Acme) },
		"removed": func(w *world) {
			if _, err := w.Offboarding().Remove(t.Context(), functionstest.Person(auth.Organization), functionstest.Acme); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			link, other := w.mint(session.New{Templates: []string{functionstest.Salesforce}}), w.mint(session.New{Templates: []string{functionstest.Stripe}})
			j := w.browser()
			form := j.must(other.URL.Reveal())
			provider := j.leave(j.must(link.URL.Reveal()), salesforce())
			end(w)
			w.Service = w.Sessions(w.Connect())
			w.Provider.Calls()
			_, err := j.open(other.URL.Reveal())
			ended(t, "page", err)
			_, err = j.submit(form, map[string]string{"name": "Mine", "credential.apiKey": typed})
			ended(t, "form", err)
			_, err = j.back(provider, consent("acme"))
			ended(t, "callback", err)
			if calls := w.Provider.Calls(); len(calls) > 0 {
				t.Errorf("the provider was asked: %q", calls)
			}
		})
	}
}

func ended(t *testing.T, what string, err error) {
	t.Helper()
	if !fault.Has(err, fault.CodeTenantRemoved) && !fault.Has(err, fault.CodeKeyUnavailable) {
		t.Errorf("%s: got %v, want it refused by the standing", what, err)
	}
}

// cameBack returns what a browser brings to the integrator.
func cameBack(location string) (sessionID, uri string) {
	u, err := url.Parse(location)
	if err != nil {
		return "", ""
	}
	uri = u.Query().Get("session_uri")
	sessionID, _, _ = strings.Cut(strings.TrimPrefix(uri, "urn:ietf:params:oauth:request_uri:"), ".")
	return sessionID, uri
}
