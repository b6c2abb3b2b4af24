package functionstest

import (
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/connect"
)

// SignIn makes a connection of a Salesforce template and walks a person
// through the provider's pages.
func (w *World) SignIn(tenant, connectionID, templateID string) {
	w.t.Helper()
	w.Pending(tenant, connectionID, templateID)
	w.consent(tenant, connectionID, templateID)
}

// consent walks a person through the provider's pages.
func (w *World) consent(tenant, connectionID, templateID string) {
	w.t.Helper()
	ctx, s := w.t.Context(), w.Connect()
	started, err := s.Authorize(ctx, Person(tenant), connect.Ask{ConnectionID: connectionID})
	if err != nil {
		w.t.Fatal(err)
	}
	link, ticket := started.Handoff.ID, w.query(started.StartURL.Reveal(), "ticket")
	opened, err := s.Open(ctx, link, ticket)
	if err != nil {
		w.t.Fatal(err)
	}
	address, err := s.Confirm(ctx, link, opened.Cookie.Reveal(), opened.Form.Reveal())
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = s.Complete(ctx, connect.Answer{
		ContextID: templateID,
		Query:     url.Values{"code": {"fake-code-of-" + tenant}, "state": {w.query(address.Reveal(), "state")}},
		Cookie:    func(string) string { return opened.Cookie.Reveal() },
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// Started starts the handoff of the events.
func (w *World) Started() {
	w.t.Helper()
	s := w.Handoff(w.Bus)
	s.IDs, s.Random = w.exactly(HandoffID), w.drawing(Ticket, strings.Repeat("0", len(Ticket))) // The other is the nonce.
	if _, err := s.Authorize(w.t.Context(), Person(Acme), connect.Ask{ConnectionID: PendingConnection, ReturnURL: ReturnURL}); err != nil {
		w.t.Fatal(err)
	}
}

// Opened takes the handoff of the events to the start page.
func (w *World) Opened() {
	w.t.Helper()
	w.Started()
	s := w.Opener()
	s.Random = w.drawing(Cookie, Form)
	if _, err := s.Open(w.t.Context(), HandoffID, Ticket); err != nil {
		w.t.Fatal(err)
	}
}

// Sent takes the handoff of the events to the provider's page.
func (w *World) Sent() {
	w.t.Helper()
	w.Opened()
	s := w.Handoff(nil)
	s.Random = w.drawing(state)
	if _, err := s.Confirm(w.t.Context(), HandoffID, Cookie, Form); err != nil {
		w.t.Fatal(err)
	}
}

func (w *World) query(address, name string) string {
	w.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		w.t.Fatal(err)
	}
	return u.Query().Get(name)
}
