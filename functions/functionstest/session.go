package functionstest

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/console"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// SessionID is the connect session of the events, for the end user EndUser.
const (
	SessionID     = "cst_01M7W2Y7M00000000000000001"
	EndUser       = "user-42"
	SessionTicket = "fake-ticket-of-user-42-00000000000000000000"
	SessionCookie = "fake-cookie-of-user-42-00000000000000000000"
	SessionProof  = "fake-proof-of-user-42-000000000000000000000"
)

// Sessions returns the connect sessions.
func (w *World) Sessions(connects *connect.Service) *session.Service {
	return &session.Service{Store: w.sessions, Tenants: w.tenants, Connects: connects}
}

// Console returns the sign-ins of browsers to the console.
func (w *World) Console() *console.Service {
	return &console.Service{Store: &w.signIns, Audit: w.Audit, Now: w.Now}
}

// SignedIn signs a browser of the tenant's person in to the console and returns
// its cookie, as a request carries it.
func (w *World) SignedIn(tenant string) string {
	w.t.Helper()
	in, err := w.Console().Begin(w.t.Context(), Person(tenant), "")
	if err != nil {
		w.t.Fatal(err)
	}
	cookie, _, _ := strings.Cut(in.Cookie, ";")
	return cookie
}

// Minted mints the connect session of the events for Acme.
func (w *World) Minted(n session.New) {
	w.t.Helper()
	connects := w.Opener()
	connects.Random = w.drawing(SessionTicket)
	connects.Idempotency = &idempotency.Keys{IDs: w.exactly(SessionID)}
	if n.EndUser == "" {
		n.EndUser = EndUser
	}
	if n.Completion == "" {
		n.Completion = session.Browser
	}
	if _, err := w.Sessions(connects).Create(w.t.Context(), Person(Acme), n); err != nil {
		w.t.Fatal(err)
	}
}

// Bound opens the connect session of the events in the browser of the events.
func (w *World) Bound() {
	w.t.Helper()
	connects := w.Opener()
	connects.Random = w.drawing(SessionCookie)
	if _, err := w.Sessions(connects).Page(w.t.Context(), session.Visit{SessionID: SessionID, Ticket: SessionTicket}); err != nil {
		w.t.Fatal(err)
	}
}

// HandedOff takes the session of the events to the provider's page, for a
// Salesforce connection, and returns what the provider answers with.
func (w *World) HandedOff() connect.Answer {
	w.t.Helper()
	sessions := w.Sessions(w.Connect())
	visit := session.Visit{SessionID: SessionID, Cookie: SessionCookie}
	form := webtest.Event(w.t, Event("connect-submit"))
	raw, err := base64.StdEncoding.DecodeString(form.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	values, err := url.ParseQuery(string(raw))
	if err != nil {
		w.t.Fatal(err)
	}
	page, err := sessions.Submit(w.t.Context(), visit, values)
	if err != nil || page.Location == "" {
		w.t.Fatalf("got %d, %v, want the provider's page", page.Status, err)
	}
	cookie, _, _ := strings.Cut(page.Cookies[0], ";")
	name, value, _ := strings.Cut(cookie, "=")
	return connect.Answer{
		ContextID: Salesforce,
		Query:     url.Values{"code": {"fake-code-of-acme"}, "state": {w.query(page.Location, "state")}},
		Cookie: func(handoffID string) string {
			if connect.CookieName(handoffID) == name {
				return value
			}
			return ""
		},
	}
}

// Awaiting takes the session of the events to where the backend has the last
// word.
func (w *World) Awaiting() {
	w.t.Helper()
	w.Minted(session.New{Completion: session.Backend, ReturnURL: ReturnURL})
	w.Bound()
	answer, connects := w.HandedOff(), w.Connect()
	connects.Random = w.drawing(SessionProof)
	if _, err := w.Sessions(connects).Callback(w.t.Context(), answer); err != nil {
		w.t.Fatal(err)
	}
}

// Session returns the stored session of the events.
func (w *World) Session() session.Session {
	w.t.Helper()
	v, err := w.sessions.Get(w.t.Context(), SessionID)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}
