package connect

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Grant is what a person granted to another system, by the OAuth client that is
// the template's primary here.
type Grant struct {
	AccessToken  secret.Bytes
	RefreshToken secret.Bytes
	ExpiresAt    time.Time // Of the access token; zero where nobody knows.
	Scopes       []string  // Nil where nobody knows.
	TokenType    string    // Bearer where it is empty.
	// Captured is what the system told with the grant, by the names of the scheme's
	// captures.
	Captured map[string]string
}

// presentTime is how long an access token must live for it to be tried.
const presentTime = 2 * time.Minute

var (
	errNoToken = &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The token is missing or over.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: "/token", Detail: "Needs an access token that is valid, or a refresh token where the system has those."}},
	}
	errNotGranted = fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "This auth scheme takes no token that was granted elsewhere.").
			WithRemedy("fix_input")
)

// checkGrant validates a grant against the scheme and returns what was captured
// with it. What the system can be asked for may be missing.
func (s *Service) checkGrant(target method.Target, g Grant) (map[string]string, error) {
	m, _ := method.For(target.Scheme.Type)
	if _, ok := m.(method.Refresher); !ok || target.Scheme.OAuth == nil {
		return nil, errNotGranted
	}
	if !presentable(target, g, s.Now()) && !renewable(target, g) {
		return nil, errNoToken
	}
	var wrong []fault.Field
	captured := map[string]string{}
	for _, c := range target.Scheme.OAuth.Capture {
		text, ok := g.Captured[c.Name]
		if !ok && c.From == "metadata" {
			continue
		}
		value, err := catalog.CheckCapture(c, strings.TrimSuffix(text, "/"), s.Templates.Catalog.Local)
		if err != nil {
			wrong = append(wrong, fault.Field{Pointer: "/token/captured/" + c.Name, Detail: "Must be what the system told with the grant."})
		}
		captured[c.Name] = value.Text
	}
	for name := range g.Captured {
		if _, ok := captured[name]; !ok {
			wrong = append(wrong, fault.Field{Pointer: "/token/captured", Detail: "Has a member that the auth scheme does not capture."})
			break
		}
	}
	if len(wrong) > 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The token is not valid.", Remedy: "fix_input", Fields: wrong}
	}
	return captured, nil
}

// presentable reports whether the access token is tried before anything else:
// where its end is not known, only if nothing else can be.
func presentable(target method.Target, g Grant, now time.Time) bool {
	if g.ExpiresAt.IsZero() {
		return !g.AccessToken.IsZero() && !renewable(target, g)
	}
	return !g.AccessToken.IsZero() && g.ExpiresAt.After(now.Add(presentTime))
}

// renewable reports whether there is a refresh token that can be used.
func renewable(target method.Target, g Grant) bool {
	return !g.RefreshToken.IsZero() && !target.Scheme.RefreshPolicy().NeverExpires
}

// receive makes the grant the credential of the connection: verified and current
// if the access token still serves, else held, its refresh token stored and not
// used yet.
func (s *Service) receive(ctx context.Context, caller auth.Caller, c connection.Connection, g Grant) (connection.Connection, error) {
	target, err := s.Templates.Address(ctx, c) // Its client is the primary.
	if err != nil {
		return c, err
	}
	if presentable(target, g, s.Now()) {
		e, err := s.present(ctx, c, target, g)
		if err == nil {
			return s.establish(ctx, caller, c, target, e)
		}
		if !renewable(target, g) || !errors.Is(err, errCredential) {
			return c, err
		}
	}
	if !renewable(target, g) {
		return c, errNoToken // It ended meanwhile.
	}
	return s.hold(ctx, caller, c, target, g)
}

// present verifies the access token.
func (s *Service) present(ctx context.Context, c connection.Connection, target method.Target, g Grant) (established, error) {
	e := established{MintedBy: target.ClientKey, Token: method.Token{
		AccessToken: g.AccessToken, RefreshToken: g.RefreshToken, Type: g.TokenType,
	}}
	if len(g.Scopes) > 0 {
		e.Token.Scopes = slices.Clone(g.Scopes)
	}
	if !g.ExpiresAt.IsZero() {
		e.Token.Lifetime = g.ExpiresAt.Sub(s.Now())
	}
	return s.prove(ctx, c, target, e)
}

// prove asks the system about the account behind an access token.
func (s *Service) prove(ctx context.Context, c connection.Connection, target method.Target, e established) (established, error) {
	var err error
	if e.Captured, err = s.capture(ctx, target, e.Token, nil, c.Captured); err != nil {
		return e, err
	}
	if e.Token.Type == "" {
		e.Token.Type = "Bearer"
	}
	if e, err = s.tried(ctx, c, target, e); err != nil {
		return e, err
	}
	e.identify()
	return e, errors.Join(outcomeFault(e.Probe.Outcome), e.pinned(c))
}

// hold stores the refresh token, and then the record that names it.
func (s *Service) hold(ctx context.Context, caller auth.Caller, c connection.Connection, target method.Target, g Grant) (connection.Connection, error) {
	if err := errors.Join(connection.Pass(ctx, s.Gate, &c), s.Sealer.Ready(ctx, c.Tenant)); err != nil {
		return c, err
	}
	now := s.Now().UTC()
	at, err := s.store(ctx, c, established{Token: method.Token{RefreshToken: g.RefreshToken}}, now)
	if err != nil {
		return c, err
	}
	k := connection.Credential{At: at, SetAt: now, SetBy: caller.Actor(), PromotedAt: now, MintedBy: target.ClientKey, Refreshable: true}
	return s.amend(ctx, c, at, func(c *connection.Connection) error {
		if c.Credential != nil || c.Provisioning.IsZero() {
			return errChanged // By another run of the same import.
		}
		if err := place(c, target); err != nil {
			return err
		}
		c.RequestedScopes, c.AccountRequired = target.Scopes, target.Scheme.Accounts != nil // Until it is confirmed.
		granted, reported := slices.Clone(g.Scopes), len(g.Scopes) > 0
		if !reported {
			granted = target.Scopes // RFC 6749 5.1: absent means as requested.
		}
		c.Hold(k)
		c.Grant(granted, reported, target.Scheme)
		return revise(c, "")
	})
}

// place binds the record to the addresses of the target, unless it has those of a
// newer revision of the template.
func place(c *connection.Connection, target method.Target) error {
	if target.TemplateRevision < c.TemplateRevision {
		return errChanged
	}
	c.BaseURL, c.Hosts, c.TemplateRevision = target.BaseURL(), target.Hosts, target.TemplateRevision
	return nil
}

// heldToken opens the access token that a refresh of a held credential brought.
func (s *Service) heldToken(ctx context.Context, c connection.Connection) (method.Token, error) {
	plain, err := s.Sealer.Open(ctx, c.Place(), c.Lease)
	if err != nil {
		return method.Token{}, err
	}
	l, err := vault.DecodeLeasable(plain)
	return method.Token{AccessToken: l.AccessToken, Type: l.TokenType}, err
}
