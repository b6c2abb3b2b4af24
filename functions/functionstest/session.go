package functionstest

import (
	"strings"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/console"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/session"
)

// SessionID is the connect session of the events, for the end user EndUser.
const (
	SessionID     = "cst_01M7W2Y7M00000000000000001"
	EndUser       = "user-42"
	SessionTicket = "fake-ticket-of-user-42-00000000000000000000"
	SessionCookie = "fake-cookie-of-user-42-00000000000000000000"
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

// Connecting returns the establishing of credentials with identifiers of its own
// for what a connect session makes: the connection is Added.
func (w *World) Connecting() *connect.Service {
	s := w.Connect()
	s.IDs = id.Maker{Now: w.Now, Random: new(counter)}
	return s
}
