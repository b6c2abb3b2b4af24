package session

import (
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
)

// NewFrom reads the request for a new session.
func NewFrom(in api.ConnectSessionCreate) New {
	n := New{
		Key: in.IdempotencyKey, Fingerprint: in.Fingerprint(), EndUser: in.EndUser, Templates: in.Templates, Connectors: in.Connectors,
		ConnectionID: in.ConnectionID, Environment: in.Environment, Labels: in.Labels, ReturnURL: in.ReturnURL, Completion: Completion(in.Completion),
	}
	if n.Completion == "" {
		n.Completion = Browser
	}
	return n
}

// API returns what the caller receives: the link holds the one-time ticket.
func (l Link) API() api.ConnectSessionLink {
	return api.ConnectSessionLink{SessionID: l.Session.ID, URL: l.URL.Reveal(), ExpiresAt: l.Session.ExpiresAt}
}

// API returns what the API shows of a session.
func (v View) API(now time.Time) api.ConnectSession {
	s := v.Session
	out := api.ConnectSession{
		SessionID: s.ID, State: string(s.State), EndUser: s.EndUser, Problem: string(s.Problem), Closed: s.Closed,
		CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt,
	}
	if s.State == Completing {
		out.State = string(AwaitingCompletion)
	}
	if v.Connection.ID != "" {
		out.ConnectionID, out.ConnectionStatus = v.Connection.ID, connection.StatusOf(&v.Connection, now).Name
	}
	return out
}

// VisitFrom reads a visit of the session's page. Who the browser is signed in as
// is found out by the caller.
func VisitFrom(caller auth.Caller, visitor auth.Visitor, in api.ConnectVisit) Visit {
	return Visit{
		SessionID: in.SessionID, Ticket: in.Query.Get("ticket"), Template: in.Query.Get("template"),
		Cookie: in.Cookies[connect.CookieName(in.SessionID)], Visitor: visitor, At: caller,
		Language: browser.Language(in.Language), Over: in.Query.Has("over"),
	}
}
