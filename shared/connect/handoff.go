package connect

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/oauth2"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Ask is what a caller says to start a handoff.
type Ask struct {
	ConnectionID       string
	ReturnURL          string
	Scopes             []string
	Exact              *bool // Nil leaves it as it is; see want.
	AllowAccountChange bool
	Account            string // Id of the one that is wanted, where the system lists accounts.
	Bound              Bound
}

// Bound ties a handoff to a connect session.
type Bound struct {
	Session  string    // cst_…; empty for none.
	Deferred bool      // The provider's answer is held until Redeem.
	Until    time.Time // The handoff ends no later; zero leaves it its own time.
}

// Started is a handoff whose start link can be opened once, or, of a device, whose
// user code can be entered once.
type Started struct {
	Handoff  Handoff
	StartURL secret.Bytes // Holds the one-time ticket.
	ticket   secret.Bytes

	UserCode     secret.Bytes
	Page         string       // Of the system: where the user code is entered.
	PageComplete secret.Bytes // Page with the user code in it; zero where there is none.
}

// Authorize starts a handoff to connect or to reconnect. An older open handoff
// of the connection is superseded. What is connected stays so until the new
// consent is verified.
func (s *Service) Authorize(ctx context.Context, caller auth.Caller, ask Ask) (Started, error) {
	c, target, err := s.asked(ctx, caller, ask)
	if err != nil {
		return Started{}, err
	}
	h := Handoff{
		ID: s.IDs.New(id.Handoff), Tenant: c.Tenant, ConnectionID: c.ID, ContextID: c.TemplateID,
		Subject: caller.Subject, Home: caller.Home, ReturnURL: ask.ReturnURL, Scopes: c.OwnScopes, Exact: c.ExactScopes, Requested: target.Scopes,
		AllowAccountChange: ask.AllowAccountChange, Account: ask.Account, Session: ask.Bound.Session, Deferred: ask.Bound.Deferred, ExpiresAt: ask.Bound.Until,
	}
	if m, ok := deviceAuthorizer(target.Scheme.Type); ok {
		return s.startDevice(ctx, c, h, m)
	}
	return s.startBrowser(ctx, h, target)
}

// asked authorizes and validates the request. It returns the connection as it
// wants scopes from then on, and the target of the handoff.
func (s *Service) asked(ctx context.Context, caller auth.Caller, ask Ask) (connection.Connection, method.Target, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionAuthorize, ask.ConnectionID); err != nil {
		return connection.Connection{}, method.Target{}, err
	}
	c, err := s.Connections.Get(ctx, caller.Tenant, ask.ConnectionID)
	if err != nil {
		return c, method.Target{}, s.Audit.Refuse(ctx, caller, audit.ConnectionAuthorize, ask.ConnectionID, err)
	}
	if err := s.admit(ctx, caller, audit.ConnectionAuthorize, c); err != nil {
		return c, method.Target{}, err
	}
	target, err := s.askable(ctx, c, ask)
	if err != nil {
		return c, target, err
	}
	want(&c, ask)
	target.Scopes = c.NextScopes(target.Scheme, target.TemplateScopes)
	return c, target, s.keepAsked(ctx, c, target)
}

// startBrowser makes the start link.
func (s *Service) startBrowser(ctx context.Context, h Handoff, target method.Target) (Started, error) {
	ticket, err := s.random()
	if err != nil {
		return Started{}, err
	}
	hash := ticket.Hash()
	h.Step, h.TicketHash = StepCreated, hash[:]
	if end := s.Now().UTC().Add(handoffTime); h.ExpiresAt.IsZero() || end.Before(h.ExpiresAt) {
		h.ExpiresAt = end
	}
	if h.Verifier, err = s.newVerifier(ctx, h, target); err != nil {
		return Started{}, err
	}
	if _, err := s.begin(ctx, h); err != nil {
		return Started{}, err
	}
	link := s.PublicURL + "/v1/oauth/start/" + h.ID + "?ticket=" + ticket.Reveal()
	return Started{Handoff: h, StartURL: secret.FromString(link), ticket: ticket}, nil
}

// begin makes h the open handoff of its connection and returns the one it
// supersedes, if any.
func (s *Service) begin(ctx context.Context, h Handoff) (superseded *connection.Handoff, err error) {
	if err := s.Handoffs.Create(ctx, h); err != nil {
		return nil, err
	}
	_, err = connection.Transition(ctx, s.Connections, s.Events, s.Now, h.Tenant, h.ConnectionID, func(c *connection.Connection) error {
		superseded = c.Handoff
		c.Handoff = &connection.Handoff{ID: h.ID, ExpiresAt: h.ExpiresAt}
		c.Due.Pending, c.Due.Device = h.ExpiresAt, h.Poll.NextAt
		if h.Step == StepPolled {
			c.Due.Pending = h.ExpiresAt.Add(settleTime + backstop)
		}
		if c.Lifecycle != connection.Disabled && c.Credential == nil {
			c.Lifecycle, c.Health.Reason = connection.Pending, connection.ReasonNone
		}
		return nil
	})
	return superseded, err
}

// askable validates the request and returns the target of the handoff.
func (s *Service) askable(ctx context.Context, c connection.Connection, ask Ask) (method.Target, error) {
	if c.Lifecycle == connection.Deleting {
		return method.Target{}, connection.ErrNotFound
	}
	if err := errors.Join(connection.Pass(ctx, s.Gate, &c), c.Cutoff.Open()); err != nil {
		return method.Target{}, err
	}
	if c.Lifecycle == connection.Disabled {
		return method.Target{}, fault.New(fault.Conflict, fault.CodeConnectionDisabled, "The connection is paused. Enable it first.")
	}
	target, err := s.Templates.Address(ctx, c)
	if err != nil {
		return target, err
	}
	if ask.Bound.Deferred && !SignsIn(target.Scheme) || !attended(target.Scheme) {
		return target, fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "This auth scheme has no handoff; put a credential instead.").WithRemedy("fix_input")
	}
	if err := checkWanted(target.Scheme, ask.Account); err != nil {
		return target, err
	}
	if err := checkScopes(target, ask); err != nil {
		return target, err
	}
	if ask.ReturnURL == "" {
		return target, nil
	}
	settings, err := s.Settings.GetSettings(ctx, c.Tenant)
	if err != nil {
		return target, err
	}
	if !settings.AllowsReturn(ask.ReturnURL) {
		return target, wrong("/returnUrl", "Is not listed in the tenant's settings.")
	}
	return target, nil
}

// authorizer returns the method of a scheme that has a handoff. A scheme of OAuth
// 1.0 has none where it does not say who would be asked for the token.
func authorizer(scheme catalog.Scheme) (method.Authorizer, bool) {
	m, _ := method.For(scheme.Type)
	a, ok := m.(method.Authorizer)
	return a, ok && (scheme.OAuth1 == nil || scheme.OAuth1.RequestURL != "")
}

// walk is the sealed part of a handoff.
type walk struct {
	Verifier string `json:"v,omitempty"`
	Nonce    string `json:"n,omitempty"`
	Kept     string `json:"k,omitempty"` // By a method.Preparer, instead of the verifier.
	Device   string `json:"d,omitempty"` // The device code.
}

// verifier returns what the code is exchanged with.
func (w walk) verifier(target method.Target) secret.Bytes {
	switch {
	case w.Kept != "":
		return secret.FromString(w.Kept)
	case method.PKCE(target.Scheme.OAuth):
		return secret.FromString(w.Verifier)
	}
	return secret.Bytes{}
}

// newVerifier seals a new PKCE verifier (RFC 7636 4.1) and, for OpenID Connect,
// a nonce.
func (s *Service) newVerifier(ctx context.Context, h Handoff, target method.Target) ([]byte, error) {
	w := walk{Verifier: oauth2.GenerateVerifier()}
	if slices.Contains(target.Scopes, "openid") {
		nonce, err := s.random()
		if err != nil {
			return nil, err
		}
		w.Nonce = nonce.Reveal()
	}
	return s.sealWalk(ctx, h, w)
}

func (s *Service) sealWalk(ctx context.Context, h Handoff, w walk) ([]byte, error) {
	plain, err := json.Marshal(w)
	if err != nil {
		return nil, err
	}
	return s.Sealer.Seal(ctx, verifierPlace(h), secret.New(plain))
}

func (s *Service) openVerifier(ctx context.Context, h Handoff) (walk, error) {
	plain, err := s.Sealer.Open(ctx, verifierPlace(h), h.Verifier)
	if err != nil {
		return walk{}, err
	}
	var w walk
	if err := json.Unmarshal([]byte(plain.Reveal()), &w); err != nil {
		return walk{}, fault.New(fault.Unavailable, fault.CodeKeyIntegrity, "The handoff cannot be read.")
	}
	return w, nil
}

func verifierPlace(h Handoff) vault.Place {
	return vault.Place{Tenant: h.Tenant, Resource: h.ID, Purpose: vault.PurposeVerifier}
}

// random returns 256 bits, URL-safe.
func (s *Service) random() (secret.Bytes, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(s.randomness(), b); err != nil {
		return secret.Bytes{}, fmt.Errorf("read randomness: %w", err)
	}
	return secret.FromString(base64.RawURLEncoding.EncodeToString(b)), nil
}

func (s *Service) randomness() io.Reader {
	if s.Random == nil {
		return rand.Reader
	}
	return s.Random
}

// matches compares a presented value with a stored hash, in constant time. A
// hash that was never set matches nothing.
func matches(presented string, hash []byte) bool {
	sum := secret.FromString(presented).Hash()
	return len(hash) > 0 && subtle.ConstantTimeCompare(sum[:], hash) == 1
}

func wrong(pointer, detail string) error {
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The request is not valid.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: pointer, Detail: detail}},
	}
}
