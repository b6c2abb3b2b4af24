package crm

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"time"
)

// A grant is what one consent, or one client credentials request, allows. Codes
// and tokens point to it; deleting it ends them all.
type grant struct {
	Client  string    `json:"client"`
	Account string    `json:"account"` // Empty for client credentials.
	Scopes  []string  `json:"scopes"`
	Expires time.Time `json:"expires"`
}

type code struct {
	Grant       string    `json:"grant"`
	RedirectURI string    `json:"redirectUri"`
	Challenge   string    `json:"challenge"`
	Expires     time.Time `json:"expires"`
	Used        bool      `json:"used"`
}

type access struct {
	Grant   string    `json:"grant"`
	Scopes  []string  `json:"scopes"`
	Expires time.Time `json:"expires"`
}

type refresh struct {
	Grant   string    `json:"grant"`
	Expires time.Time `json:"expires"`
	Used    bool      `json:"used"`
}

// issued is a successful token answer (RFC 6749, section 5.1).
type issued struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token,omitempty"`
	Scope        string `json:"scope"`
}

// approve records a consent and returns its authorization code.
func (p *Provider) approve(request authorizationRequest, account string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := newSecret("grant_")
	p.state.Grants[id] = grant{
		Client:  request.ClientID,
		Account: account,
		Scopes:  request.Scopes,
		Expires: p.now().Add(refreshLifetime),
	}
	secret := newSecret("crm_code_")
	p.state.Codes[digest(secret)] = code{
		Grant:       id,
		RedirectURI: request.RedirectURI,
		Challenge:   request.Challenge,
		Expires:     p.now().Add(codeLifetime),
	}
	p.state.Stats.Authorizations++
	return secret, p.save()
}

// exchange turns an authorization code into tokens, once. A second use revokes
// the grant with every token it gave (RFC 6749, section 4.1.2).
func (p *Provider) exchange(clientID, secret, redirectURI, verifier string) (issued, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.state.Codes[digest(secret)]
	g, live := p.state.Grants[c.Grant]
	if !ok || !live || g.Client != clientID {
		return issued{}, invalidGrant("The authorization code is unknown.")
	}
	if c.Used {
		delete(p.state.Grants, c.Grant)
		return issued{}, p.refused(invalidGrant("The authorization code was used before; its tokens are revoked."))
	}
	if !p.now().Before(c.Expires) {
		return issued{}, invalidGrant("The authorization code has expired.")
	}
	if c.RedirectURI != redirectURI {
		return issued{}, invalidGrant("redirect_uri differs from the authorization request.")
	}
	if !verifies(verifier, c.Challenge) {
		return issued{}, invalidGrant("code_verifier does not match code_challenge.")
	}
	c.Used = true
	p.state.Codes[digest(secret)] = c
	p.state.Stats.CodesExchanged++
	return p.issue(c.Grant, g.Scopes, true)
}

// rotate consumes a refresh token and returns its successor. Presenting a
// consumed one revokes the whole family (RFC 9700, section 4.14.2).
func (p *Provider) rotate(clientID, secret string, scopes []string) (issued, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r, ok := p.state.Refresh[digest(secret)]
	g, live := p.state.Grants[r.Grant]
	if !ok || !live || g.Client != clientID {
		return issued{}, invalidGrant("The refresh token is unknown, expired or revoked.")
	}
	if r.Used {
		p.state.Stats.RefreshReuse++
		delete(p.state.Grants, r.Grant)
		return issued{}, p.refused(invalidGrant("The refresh token was used before; the grant is revoked."))
	}
	if !p.now().Before(r.Expires) {
		return issued{}, invalidGrant("The refresh token is unknown, expired or revoked.")
	}
	if len(scopes) == 0 {
		scopes = g.Scopes
	}
	if !contains(g.Scopes, scopes) {
		return issued{}, oauthError{code: "invalid_scope", detail: "The scope exceeds what was granted."}
	}
	r.Used = true
	p.state.Refresh[digest(secret)] = r
	g.Expires = p.now().Add(refreshLifetime)
	p.state.Grants[r.Grant] = g
	p.state.Stats.Refreshes++
	return p.issue(r.Grant, scopes, true)
}

// clientGrant issues an access token for the client itself.
func (p *Provider) clientGrant(clientID string, scopes []string) (issued, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := newSecret("grant_")
	p.state.Grants[id] = grant{Client: clientID, Scopes: scopes, Expires: p.now().Add(p.accessLifetime())}
	return p.issue(id, scopes, false)
}

// revokeToken ends a token: an access token alone, a refresh token with its
// whole grant (RFC 7009, section 2.1). A token nobody knows is no error.
func (p *Provider) revokeToken(clientID, secret string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, isAccess := p.state.Access[digest(secret)]
	r, isRefresh := p.state.Refresh[digest(secret)]
	g, live := p.state.Grants[a.Grant+r.Grant] // One of the two is empty.
	if !live {
		return nil
	}
	if g.Client != clientID {
		return oauthError{code: "unauthorized_client", detail: "The token belongs to another client."}
	}
	if isAccess {
		delete(p.state.Access, digest(secret))
	}
	if isRefresh {
		delete(p.state.Grants, r.Grant)
	}
	p.state.Stats.Revocations++
	return p.save()
}

// issue makes the tokens of a grant. The caller holds p.mu.
func (p *Provider) issue(grantID string, scopes []string, refreshable bool) (issued, error) {
	answer := issued{
		AccessToken: newSecret("crm_access_"),
		TokenType:   "Bearer",
		ExpiresIn:   p.options.AccessTokenSeconds,
		Scope:       joinScopes(scopes),
	}
	p.state.Access[digest(answer.AccessToken)] = access{
		Grant: grantID, Scopes: scopes, Expires: p.now().Add(p.accessLifetime()),
	}
	if refreshable {
		answer.RefreshToken = newSecret("crm_refresh_")
		p.state.Refresh[digest(answer.RefreshToken)] = refresh{
			Grant: grantID, Expires: p.now().Add(refreshLifetime),
		}
	}
	return answer, p.save()
}

// refused saves what a refusal changed and returns it. The caller holds p.mu.
func (p *Provider) refused(refusal error) error {
	if err := p.save(); err != nil {
		return err
	}
	return refusal
}

func (p *Provider) accessLifetime() time.Duration {
	return time.Duration(p.options.AccessTokenSeconds) * time.Second
}

// verifies checks a PKCE verifier (RFC 7636, section 4.6).
func verifies(verifier, challenge string) bool {
	sum := sha256.Sum256([]byte(verifier))
	computed := base64.RawURLEncoding.EncodeToString(sum[:])
	return len(verifier) >= 43 && len(verifier) <= 128 &&
		subtle.ConstantTimeCompare([]byte(computed), []byte(challenge)) == 1
}

func contains(granted, wanted []string) bool {
	for _, scope := range wanted {
		if !slices.Contains(granted, scope) {
			return false
		}
	}
	return true
}
