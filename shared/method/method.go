// Package method holds the ways of authenticating: one file per auth scheme,
// one line each in All. It turns credential material into what goes on a
// request, without I/O, and speaks to token endpoints through the HTTP client
// it is given. It depends on packages catalog, fault, secret and vault.
//
// A scheme is a Method; what else it can do is found by type assertion, so a
// scheme implements nothing it does not have.
package method

import (
	"context"
	"net/http"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Doer sends one HTTP request. It must not follow redirects, retry, or reach
// addresses a provider cannot have.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Target is a connector's scheme with the values of one connection: everything
// a method needs to know about the other side.
type Target struct {
	// Provider names who stands behind the endpoints, for all tenants alike: what
	// is known of its health is kept under this name.
	Provider string
	// HostGiven says that the token endpoint's host depends on what the connection
	// says: that it cannot be reached tells nothing of the provider.
	HostGiven    bool
	Connector    catalog.Connector
	Scheme       catalog.Scheme
	Values       map[string]catalog.Value // Inputs and captures.
	ClientKey    int                      // Names the template's client; it travels with the answer.
	ClientID     string
	ClientSecret secret.Bytes
	ClientNoted  bool // It is noted that a client of the template was refused.
	Scopes       []string
	RedirectURI  string
}

// BaseURL returns the base URL of the system's API for this account, or nothing
// where the connector names none or a value for it is missing.
func (t Target) BaseURL() string {
	if t.Connector.BaseURL == "" {
		return ""
	}
	address, err := catalog.Expand(t.Connector.BaseURL, t.Values)
	if err != nil {
		return ""
	}
	return address
}

// Method is one auth scheme.
type Method interface {
	// Type is the word of the catalog, such as api_key.
	Type() string
	// Apply returns what a lease hands out. It is pure.
	Apply(t Target, fields map[string]secret.Bytes, token Token) (vault.Leasable, error)
}

// Static is a Method whose credential a person gives.
type Static interface {
	// Describe returns what may be shown of the credential after it was saved.
	Describe(fields map[string]secret.Bytes) (last4, user string)
}

// Authorizer is a Method with a handoff in the browser.
type Authorizer interface {
	AuthorizeURL(t Target, h Authorization) (string, error)
	Exchange(t Target, code, verifier secret.Bytes) (TokenRequest, error)
}

// Refresher is a Method that gets a new access token without a person. The
// request is sent by the caller, who must have recorded its intent.
type Refresher interface {
	Refresh(t Target, refreshToken secret.Bytes) (TokenRequest, error)
}

// Revoker is a Method whose tokens the provider can be told to forget.
type Revoker interface {
	Revoke(ctx context.Context, d Doer, t Target, token secret.Bytes, hint string) (Revocation, error)
}

// Authorization is the variable part of an authorization request.
type Authorization struct {
	State     secret.Bytes
	Challenge string // PKCE S256; empty where the provider does not support it.
	Nonce     string // OIDC; empty unless openid is requested.
}

// Revocation is what became of a revocation.
type Revocation string

// The revocation outcomes.
const (
	Revoked         Revocation = "revoked"
	NotSupported    Revocation = "not_supported"
	RevokePending   Revocation = "pending" // Failed so far; it can be tried again.
	RevokeFailed    Revocation = "failed"  // Refused for good, or given up.
	NothingToRevoke Revocation = "nothing_to_revoke"
)

// All lists the methods.
func All() []Method {
	return []Method{APIKey{}, Basic{}, AuthorizationCode{}, ClientCredentials{}}
}

// For returns the method of a scheme type.
func For(schemeType string) (Method, bool) {
	for _, m := range All() {
		if m.Type() == schemeType {
			return m, true
		}
	}
	return nil, false
}

// Token is a parsed token answer.
type Token struct {
	AccessToken    secret.Bytes
	RefreshToken   secret.Bytes // Zero when the answer had none: the old one stays.
	IDToken        secret.Bytes
	Type           string         // Bearer unless said otherwise.
	Lifetime       time.Duration  // Zero: the answer did not say, or it never expires.
	RefreshExpires time.Duration  // Lifetime of the refresh token; zero: not said.
	Scopes         []string       // As granted; nil when the answer did not say.
	Members        map[string]any // The other members, for captures.
}
