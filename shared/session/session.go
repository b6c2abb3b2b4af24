// Package session owns connect sessions: the permission of one end user of a
// tenant to make, or to reconnect, one connection on a page of ours within half
// an hour. It depends on packages api, audit, auth, browser, catalog, connect,
// connection, fault, id, idempotency, secret, template and tenant.
//
// The tenant's backend mints a session and hands the link to the end user. The
// one-time ticket in the link binds the session to the browser it is opened in
// first; whatever is shown or done afterwards wants that browser's cookie. The
// handoff to a provider is that of package connect, with its own cookie, state
// and PKCE.
//
// In an embedding application the browser that opens the link need not be that
// of the person it was made for: links travel. With completion by the backend
// the provider's code is therefore kept unredeemed until the tenant's backend
// has said which of its users came back.
package session

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/tenant"
)

// life is how long an end user has to connect.
const life = 30 * time.Minute

// Session is the stored record. Secrets in it are hashes.
type Session struct {
	ID      string // cst_…
	Tenant  string
	Home    string // The tenant of the token that minted it.
	Subject string // Who minted it.
	EndUser string // As the tenant names its user.

	Templates    []string // What may be connected; empty for every template.
	Connectors   []string // Likewise by system.
	ConnectionID string   // The one to reconnect; empty for a new one.
	Environment  string
	Labels       map[string]string
	ReturnURL    string
	Completion   Completion

	State      State
	Problem    fault.Code // Of the last try, when it failed.
	Closed     bool       // Over, whatever time is left.
	TicketHash []byte     // SHA-256 of the one-time ticket in the link.
	CookieHash []byte     // Of the cookie of the browser it is bound to.
	Made       Made
	HandoffID  string // The newest that was begun in it.
	ProofHash  []byte // Of what the browser that came back brings to the integrator.

	CreatedAt time.Time
	ExpiresAt time.Time
	Version   int64
}

// Made is the connection that a session makes, noted before it is there.
type Made struct {
	ConnectionID string
	Fingerprint  string // Of what it is made with, without secrets.
}

// Completion says who has the last word.
type Completion string

// The completions.
const (
	Browser Completion = "browser" // The browser the session is bound to.
	Backend Completion = "backend" // The tenant's backend, which names the end user.
)

// State is how far a session has come.
type State string

// The states. AccountRequired and Expired are never stored.
const (
	Open               State = "open"
	Opened             State = "opened"
	HandedOff          State = "handed_off" // The browser is at the provider.
	AwaitingCompletion State = "awaiting_completion"
	Completing         State = "completing"       // Confirmed; whether the code is redeemed, the handoff knows.
	AccountRequired    State = "account_required" // Connected; the end user has yet to choose one of several accounts.
	Completed          State = "completed"
	Failed             State = "failed" // The last try; there may be another.
	Expired            State = "expired"
)

// Store keeps sessions. They end by themselves.
type Store interface {
	Create(ctx context.Context, s Session) error
	Get(ctx context.Context, id string) (Session, error)
	// Update works as connection.Store.Update does.
	Update(ctx context.Context, id string, change func(*Session) error) (Session, error)
}

// TenantReader reads who a tenant is.
type TenantReader interface {
	Get(ctx context.Context, id string) (tenant.Tenant, error)
}

// Service runs connect sessions. Connects is composed as its routes need it:
// only the page's form and the completion establish credentials.
type Service struct {
	Store    Store
	Tenants  TenantReader
	Connects *connect.Service
}

// Errors of a Store and of a session.
var (
	ErrNotFound = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such connect session.")
	errInvalid  = fault.New(fault.Invalid, fault.CodeHandoffInvalid, "This link is not valid.")
	errUsed     = fault.New(fault.Invalid, fault.CodeHandoffUsed, "This link was used before.")
	errOver     = fault.New(fault.Conflict, fault.CodeConflict, "The connect session is over.")
	errExpired  = fault.New(fault.Invalid, fault.CodeHandoffExpired, "This link has expired. Ask for a new one where you got it.")
	errBrowser  = fault.New(fault.Invalid, fault.CodeSessionMismatch, "This was opened in another browser. Go on there, or ask for a new link.")
	errForm     = fault.New(fault.Invalid, fault.CodeSessionMismatch, "The form is not one of this page. Open the page again.")
	errPhase    = fault.New(fault.Conflict, fault.CodeConflict, "This connect session is completed by the browser.")
	errUser     = fault.New(fault.Denied, fault.CodeUserMismatch, "The end user is not the one of the connect session.")
	errProof    = fault.New(fault.Denied, fault.CodeSessionMismatch, "This is not the session_uri that the browser brought.")
	errReturn   = fault.New(fault.Conflict, fault.CodeConflict, "The page to return to is no longer listed.")
)

// caller is the end user, acting in the session's page.
func (s Session) caller(at auth.Caller) auth.Caller {
	return auth.Caller{
		Tenant: s.Tenant, Home: s.Tenant, Subject: s.EndUser, Session: s.ID, Scopes: []string{auth.ConnectionsWrite, auth.TemplatesRead},
		RequestID: at.RequestID, SourceIP: at.SourceIP,
	}
}

// connectionID returns the connection the session is about; empty while there is
// none.
func (s Session) connectionID() string {
	if s.ConnectionID != "" {
		return s.ConnectionID
	}
	return s.Made.ConnectionID
}

// over returns why nothing more can be done in the session, or nil.
func (s Session) over(now time.Time) error {
	switch {
	case s.State == Completed:
		return errUsed
	case s.Closed:
		return errOver
	case !now.Before(s.ExpiresAt):
		return errExpired
	}
	return nil
}

// random returns 256 bits, URL-safe.
func (s *Service) random() (secret.Bytes, error) {
	source := s.Connects.Random
	if source == nil {
		source = rand.Reader
	}
	b := make([]byte, 32)
	if _, err := io.ReadFull(source, b); err != nil {
		return secret.Bytes{}, fmt.Errorf("read randomness: %w", err)
	}
	return secret.FromString(base64.RawURLEncoding.EncodeToString(b)), nil
}
