package connect

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Answer is what the provider sent back through the browser.
type Answer struct {
	ContextID string     // Last part of the redirect URI that was called.
	Query     url.Values // As received.
	Cookie    func(handoffID string) string
	Language  browser.Language // That pages answer in.
	RequestID string
	SourceIP  string
}

// Completed is a handoff that ended well or by the person's refusal.
type Completed struct {
	Handoff    Handoff
	Connection connection.Connection
	Denied     bool
	Held       bool // The answer is kept for Redeem.
}

// Complete takes the provider's answer: checks that it belongs to this browser,
// this context and this issuer and, where the connector says so, that the
// system has signed it, redeems the code once, verifies the account and
// makes the credential current. On any mismatch the code is not redeemed. That
// of a deferred handoff is held, and Redeem does the rest.
func (s *Service) Complete(ctx context.Context, a Answer) (Completed, error) {
	h, err := s.take(ctx, a)
	if err != nil {
		return Completed{}, err
	}
	caller := h.caller(a.RequestID, a.SourceIP)
	if err := s.Stand(ctx, caller); err != nil {
		return Completed{Handoff: h}, err
	}
	c, target, err := s.subject(ctx, h)
	if err != nil {
		return Completed{Handoff: h}, err
	}
	if err := s.checkIssuer(ctx, caller, c.ID, a, target); err != nil {
		return Completed{Handoff: h}, err
	}
	code, denied := answered(target, a.Query)
	if denied {
		return s.deny(ctx, caller, h, c)
	}
	if code.IsZero() {
		return Completed{Handoff: h}, errInvalid
	}
	if h.Deferred {
		return s.keepAnswer(ctx, caller, h, c, a.Query)
	}
	if err := s.Audit.Check(ctx, caller, audit.ConnectionConnect, c.ID); err != nil {
		return Completed{Handoff: h}, err
	}
	connected, err := s.exchange(ctx, caller, h, c, code, a.Query)
	return Completed{Handoff: h, Connection: connected}, err
}

// answered reads the code to be redeemed, which is zero where there is none or
// more than one, or that the person or the provider refused.
func answered(target method.Target, query url.Values) (code secret.Bytes, denied bool) {
	m, _ := method.For(target.Scheme.Type)
	if p, ok := m.(method.Preparer); ok {
		return p.Answer(query)
	}
	if query.Has("error") || len(query["code"]) != 1 {
		return secret.Bytes{}, query.Has("error")
	}
	return secret.FromString(query.Get("code")), false
}

// take finds the handoff of the state and uses it up, if the answer came to
// the right place in the right browser. The state is used once whatever else
// is wrong with the answer, except that a stranger's browser, or another
// context, cannot use it up.
func (s *Service) take(ctx context.Context, a Answer) (Handoff, error) {
	states := a.Query["state"]
	if len(states) != 1 || len(states[0]) > 256 {
		return Handoff{}, errInvalid
	}
	handoffID, _, ok := strings.Cut(states[0], ".")
	if !ok {
		return Handoff{}, errInvalid
	}
	h, err := s.Handoffs.Update(ctx, handoffID, func(h *Handoff) error {
		switch {
		case !matches(states[0], h.StateHash):
			return errInvalid
		case h.ContextID != a.ContextID:
			return errContext
		case h.Step == StepUsed || h.Step == StepHeld: // Before the cookie, which the first visit took away.
			return errUsed
		case !matches(a.Cookie(h.ID), h.CookieHash):
			return errSession
		case s.Now().After(h.ExpiresAt):
			return errExpired
		}
		h.Step = StepUsed
		return nil
	})
	if errors.Is(err, errContext) || errors.Is(err, errSession) {
		return Handoff{}, errors.Join(err, s.report(ctx, handoffID, a, err))
	}
	if errors.Is(err, ErrNotFound) {
		return Handoff{}, errInvalid
	}
	return h, err
}

// report records a mismatch in the audit of the tenant whose handoff it was.
func (s *Service) report(ctx context.Context, handoffID string, a Answer, refused error) error {
	h, err := s.Handoffs.Get(ctx, handoffID)
	if err != nil {
		return err
	}
	return s.Audit.Deny(ctx, h.caller(a.RequestID, a.SourceIP), audit.ConnectionConnect, h.ConnectionID, string(fault.From(refused).Code))
}

// checkIssuer compares iss by simple string comparison (RFC 9207 2.4). It must
// be there when the server promises it, in error answers too.
func (s *Service) checkIssuer(ctx context.Context, caller auth.Caller, connectionID string, a Answer, target method.Target) error {
	oauth := target.Scheme.OAuth
	if oauth == nil {
		return nil
	}
	want := oauth.Issuer
	if strings.Contains(want, "{") {
		expanded, err := catalog.Expand(want, target.Values)
		if err != nil {
			return err
		}
		want = expanded
	}
	got, present := a.Query["iss"]
	if want == "" || !present && !oauth.IssuerRequired {
		return nil
	}
	if len(got) == 1 && got[0] == want {
		return nil
	}
	return errors.Join(errIssuer, s.Audit.Deny(ctx, caller, audit.ConnectionConnect, connectionID, string(fault.CodeIssuerMismatch)))
}

// deny ends a handoff that the person or the provider refused. The provider's
// words are neither stored nor shown.
func (s *Service) deny(ctx context.Context, caller auth.Caller, h Handoff, c connection.Connection) (Completed, error) {
	if err := s.Audit.Deny(ctx, caller, audit.ConnectionConnect, c.ID, string(fault.CodeOAuthDenied)); err != nil {
		return Completed{Handoff: h}, err
	}
	c, err := connection.Transition(ctx, s.Connections, s.Events, s.Now, c.Tenant, c.ID, func(c *connection.Connection) error {
		c.Handoff = nil
		if c.Lifecycle == connection.Pending {
			c.Health.Reason = connection.ReasonHandoffDenied
		}
		return nil
	})
	return Completed{Handoff: h, Connection: c, Denied: true}, err
}

// exchange redeems the code and establishes the credential. Tokens that cannot
// be used are revoked, so that a refused connect leaves nothing alive, unless they
// were refused for being less than what is connected: they are of the same
// account, and with them a system may revoke that too (RFC 7009 2.1).
func (s *Service) exchange(ctx context.Context, caller auth.Caller, h Handoff, c connection.Connection, code secret.Bytes, query url.Values) (connection.Connection, error) {
	if err := connection.Pass(ctx, s.Gate, &c); err != nil {
		return c, errors.Join(err, s.Audit.Deny(ctx, caller, audit.ConnectionConnect, c.ID, string(fault.From(err).Code)))
	}
	target, err := s.Templates.ResolveGrant(ctx, c)
	if err != nil {
		return c, err
	}
	target.Scopes = h.Requested
	if !h.Deferred { // Else it was checked while the signature was fresh.
		err = s.checkSignature(ctx, caller, c, target, query)
	}
	if err != nil {
		return c, err
	}
	w, err := s.openVerifier(ctx, h)
	if err != nil {
		return c, err
	}
	m, ok := authorizer(target.Scheme)
	if !ok {
		return c, errInvalid
	}
	request, err := m.Exchange(target, code, w.verifier(target))
	if err != nil {
		return c, errors.Join(err, s.Audit.Deny(ctx, caller, audit.ConnectionConnect, c.ID, string(fault.From(err).Code)))
	}
	token, client, err := s.redeem(ctx, c, request, target)
	if errors.Is(err, method.Definitive) {
		return c, fault.New(fault.Unprocessable, fault.CodeProviderError, "The system refused to issue a token.").WithRemedy("reconnect")
	}
	if err != nil {
		return c, err
	}
	candidate := established{Token: token, MintedBy: client, AllowAccountChange: h.AllowAccountChange, By: &h, Wanted: h.Account}
	connected, err := s.activate(ctx, caller, c, target, candidate, w.Nonce, query)
	if err != nil {
		if !fault.Has(err, fault.CodeConnectionInUse) && !s.serves(ctx, c, token) {
			s.drop(ctx, target, token)
		}
		err = errors.Join(err, s.Audit.Deny(ctx, caller, audit.ConnectionConnect, c.ID, string(fault.From(err).Code)))
	}
	return connected, err
}

// activate verifies what the exchange brought and makes it current.
func (s *Service) activate(ctx context.Context, caller auth.Caller, c connection.Connection, target method.Target, e established, nonce string, query url.Values) (connection.Connection, error) {
	subject, err := s.checkIDToken(ctx, target, e.Token, nonce)
	if err != nil {
		return c, err
	}
	if e.Captured, err = s.capture(ctx, target, e.Token, query, nil); err != nil {
		return c, err
	}
	if e, err = s.tried(ctx, c, target, e); err != nil {
		return c, err
	}
	if err := outcomeFault(e.Probe.Outcome); err != nil {
		return c, err
	}
	if subject != "" && e.Probe.AccountID == "" && target.Scheme.Accounts == nil {
		e.Account = connection.Account{ID: subject}
	}
	return s.establish(ctx, caller, c, target, e)
}

// serves reports whether the record hands the token out. A write that failed may
// have got through, so a record that cannot be read is taken to.
func (s *Service) serves(ctx context.Context, c connection.Connection, token method.Token) bool {
	stored, err := s.Connections.Get(ctx, c.Tenant, c.ID)
	if errors.Is(err, connection.ErrNotFound) || err == nil && len(stored.Lease) == 0 {
		return false
	}
	if err != nil {
		return true
	}
	plain, err := s.Sealer.Open(ctx, stored.Place(), stored.Lease)
	if err != nil {
		return true
	}
	leasable, err := vault.DecodeLeasable(plain)
	return err != nil || leasable.AccessToken.Equal(token.AccessToken)
}

// drop revokes tokens that will not be used. It may fail: they are forgotten
// in any case, and expire by themselves.
func (s *Service) drop(ctx context.Context, target method.Target, token method.Token) {
	m, _ := method.For(target.Scheme.Type)
	revoker, ok := m.(method.Revoker)
	if !ok {
		return
	}
	victim, hint := token.RefreshToken, "refresh_token"
	if victim.IsZero() {
		victim, hint = token.AccessToken, "access_token"
	}
	if _, err := revoker.Revoke(ctx, s.Reach, target, victim, hint); err != nil {
		slog.WarnContext(ctx, "revoke unused token", "connector", target.Connector.ID, "error", err)
	}
}
