// Package connect establishes, replaces, rotates and ends credentials: it creates
// connections, runs the OAuth handoff through a person's browser, verifies
// before anything becomes current, and disconnects. It depends on packages
// api, audit, auth, browser, catalog, connection, fault, id, idempotency, lease,
// method, notify, secret, template, tenant and vault.
//
// Session binding. A handoff belongs to the browser that opened its start link
// with the one-time ticket: the start page sets a cookie, and the callback
// wants that cookie, the state (of which only a hash is stored), the template's
// own redirect URI and, where the provider sends one, its issuer. Anything that
// does not match ends on a fixed page of ours, and the code is not redeemed.
// PKCE and state alone do not stop a handoff that was begun by one person from
// being finished by another.
//
// The handoff of a device (RFC 8628) is not bound: whoever enters the user code
// connects their account, which is why the code is handed to the caller alone,
// is kept nowhere and ends with its time.
package connect

import (
	"context"
	"io"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

// Service establishes credentials. Fields that a function's routes do not need
// may be nil: Secrets and Reach before the start page is confirmed, Settings after it.
type Service struct {
	Connections connection.Store
	Handoffs    Store
	Templates   *template.Service
	Settings    SettingsReader
	Keys        vault.DataKeys
	Sealer      *vault.Sealer
	Secrets     vault.Secrets
	Reach       method.Reach
	IDTokens    IDTokenVerifier
	Events      notify.Publisher
	Idempotency *idempotency.Keys
	Audit       *audit.Log
	Gate        connection.Gate
	Standing    Standing        // Asked by what is public; nil admits all.
	Uses        connection.Uses // Nil in functions that neither take anything away from a connection nor change its account.
	IDs         id.Maker
	Random      io.Reader
	Stage       string
	PublicURL   string
	Now         func() time.Time
	// Sleep lets a run of PollDevices poll more than once; it may be nil.
	Sleep     func(context.Context, time.Duration) error
	Refresher Refresher // For an import and the choice of an account; else nil.
}

// SettingsReader reads a tenant's settings.
type SettingsReader interface {
	GetSettings(ctx context.Context, tenant string) (tenant.Settings, error)
}

// IDTokenVerifier checks an OpenID Connect id_token (OIDC Core 3.1.3.7) and
// returns its subject.
type IDTokenVerifier interface {
	Verify(ctx context.Context, token IDToken) (subject string, err error)
}

// handoffTime is how long a person has to finish.
const handoffTime = 15 * time.Minute

// Handoff is one walk of a person through the provider's pages. Secrets in it
// are hashes or ciphertext.
type Handoff struct {
	ID                 string // hof_…
	Tenant             string
	ConnectionID       string
	ContextID          string // Template: the last part of the redirect URI.
	Subject            string // Who asked for it.
	Home               string // The tenant of the token that asked.
	ReturnURL          string
	Scopes             []string // The connection's own, from then on.
	Exact              bool     // They take the place of what the template asks for.
	Requested          []string // What the provider is asked for.
	AllowAccountChange bool
	Account            string // Id of the account that is wanted, where the system lists several.
	Session            string // Id of the connect session it belongs to; Subject is the end user. Empty for none.
	Deferred           bool   // The provider's answer is held until Redeem.

	Step       Step
	TicketHash []byte // SHA-256 of the one-time ticket in the start link.
	CookieHash []byte // Of the browser's cookie; set at the start page.
	FormHash   []byte // Of the start page's anti-forgery value.
	StateHash  []byte // Of the state sent to the provider.
	Verifier   []byte // Sealed PKCE verifier and nonce, what the system gave for the walk, or the device code.
	Poll       Poll   // Of a device's handoff.
	Held       []byte // Sealed answer of the provider that is not redeemed yet.

	ExpiresAt time.Time
	Version   int64
}

// Step is how far a handoff has come. Each step can be taken once.
type Step string

// The steps.
const (
	StepCreated Step = "created"
	StepOpened  Step = "opened" // The start page was shown.
	StepSent    Step = "sent"   // The browser was sent to the provider.
	StepPolled  Step = "polled" // No browser of ours: the provider is asked whether the person is done.
	StepHeld    Step = "held"   // The provider's answer is kept and its code is not redeemed.
	StepUsed    Step = "used"   // The provider's answer was taken.
)

// Store keeps handoffs. They end by themselves.
type Store interface {
	Create(ctx context.Context, h Handoff) error
	Get(ctx context.Context, id string) (Handoff, error)
	// Update works as connection.Store.Update does.
	Update(ctx context.Context, id string, change func(*Handoff) error) (Handoff, error)
}

// Errors of a Store and of a handoff.
var (
	ErrNotFound   = fault.New(fault.NotFound, fault.CodeHandoffInvalid, "This link is not valid.")
	errInvalid    = fault.New(fault.Invalid, fault.CodeHandoffInvalid, "This link is not valid.")
	errUsed       = fault.New(fault.Invalid, fault.CodeHandoffUsed, "This link was used before.")
	errExpired    = fault.New(fault.Invalid, fault.CodeHandoffExpired, "This link has expired. Start again.")
	errSession    = fault.New(fault.Invalid, fault.CodeSessionMismatch, "This was begun in another browser. Start again where you began.")
	errContext    = fault.New(fault.Invalid, fault.CodeContextMismatch, "The answer belongs to another connection.")
	errIssuer     = fault.New(fault.Invalid, fault.CodeIssuerMismatch, "The answer comes from another system.")
	errUnsigned   = fault.New(fault.Invalid, fault.CodeIssuerMismatch, "The answer is not one that the system has just signed.")
	errEarly      = fault.New(fault.Conflict, fault.CodeConflict, "The system has not answered yet.")
	errOther      = fault.New(fault.Denied, fault.CodeSessionMismatch, "This link belongs to another organisation.")
	errPerson     = fault.New(fault.Denied, fault.CodeSessionMismatch, "This link belongs to another person.")
	errPending    = fault.New(fault.Conflict, fault.CodeConflict, "A new credential is pending. Promote or discard it first.")
	errVersion    = fault.New(fault.Conflict, fault.CodeConflict, "There is no such version of the credential to be promoted or discarded.")
	errUnkept     = fault.New(fault.Conflict, fault.CodeConflict, "The connection has no credential of its own to keep serving. Replace it.")
	errChanged    = fault.New(fault.Conflict, fault.CodeConflict, "The credential was changed by someone else.")
	errCredential = fault.New(fault.Unprocessable, fault.CodeVerificationFailed, "The system refused the credential.").WithRemedy("fix_input")
	errAccount    = fault.New(fault.Conflict, fault.CodeAccountMismatch, "This is another account than the one connected before.")
)

// outcomeFault turns a failed verification into what the caller is told.
func outcomeFault(o catalog.Outcome) error {
	switch o {
	case catalog.OK, catalog.PermissionError:
		return nil
	case catalog.AuthError:
		return errCredential
	case catalog.RateLimited:
		return fault.New(fault.RateLimited, fault.CodeProviderUnavailable, "The system limits calls at the moment.").WithRemedy("retry")
	case catalog.NetworkError:
		return fault.New(fault.Upstream, fault.CodeProviderUnavailable, "The system could not be reached.").WithRemedy("retry")
	case catalog.TLSError:
		return fault.New(fault.Upstream, fault.CodeProviderTLS, "No secure connection to the system could be made.").WithRemedy("fix_input")
	case catalog.ProviderError:
		return fault.New(fault.Upstream, fault.CodeProviderUnavailable, "The system has a problem at the moment.").WithRemedy("retry")
	default:
		return fault.New(fault.Unprocessable, fault.CodeVerificationFailed, "The system's answer to the check was not the expected one.").WithRemedy("fix_input")
	}
}
