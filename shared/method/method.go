// Package method holds the ways of authenticating: one file per auth scheme,
// one line each in All. It turns credential material into what goes on a
// request, without I/O, and speaks to token endpoints through the HTTP client
// it is given. It depends on packages catalog, fault, secret and vault, on
// golang.org/x/oauth2 for token requests, on go-jose for JWTs, and on
// golang.org/x/crypto/ssh and go-pkcs12 to read keys.
//
// A scheme is a Method; what else it can do is found by type assertion, so a
// scheme implements nothing it does not have.
package method

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Target is a connector's scheme with the values of one connection: everything
// a method needs to know about the other side.
type Target struct {
	// Provider names who stands behind the endpoints, for all tenants alike: what
	// is known of its health is kept under this name.
	Provider string
	// HostGiven says that the token endpoint's host depends on what the connection
	// says: that it cannot be reached tells nothing of the provider.
	HostGiven    bool
	Tenant       string // Whose connection it is.
	Connection   string // Its id.
	ExternalID   string // Of the tenant, for aws_assume_role; never of whoever made the template.
	Connector    catalog.Connector
	Scheme       catalog.Scheme
	Values       map[string]catalog.Value // Inputs and captures.
	ClientKey    int                      // Names the template's client; it travels with the answer.
	ClientID     string
	ClientSecret secret.Bytes
	ClientNoted  bool // It is noted that a client of the template was refused.
	SigningKey   SigningKey
	Scopes       []string // To be asked for.
	// TemplateScopes are those that the template asks for, or the connector where
	// the template names none.
	TemplateScopes []string
	RedirectURI    string
	// TemplateRevision is that of the template whose values these are, and Hosts
	// what a credential is bound to, by input: connection.Connection.Hosts.
	TemplateRevision int
	Hosts            map[string]string
}

// SigningKey is the key of a tenant that signs the scheme's assertion; zero where
// nothing is signed with a key of ours.
type SigningKey struct {
	ID         string // Of the tenant's key, and kid of the JWKS.
	ARN        string // At the key service.
	Algorithm  string // RS256, PS256, ES256.
	Thumbprint string // x5t#S256 of its certificate, base64url.
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
	// Describe returns what may be shown of a credential that was checked.
	Describe(fields map[string]secret.Bytes) Description
}

// Description is what may be shown of a static credential after it was saved.
type Description struct {
	Last4     string
	User      string
	ExpiresAt time.Time // As the credential itself says; zero when it does not.
	PublicKey string    // What is registered at the system: a certificate, an OpenSSH key.
}

// Checker is a Static whose credential can be wrong in itself, whatever the
// system says: a file of another form, a key that does not fit its certificate.
type Checker interface {
	// Check returns a fault with code validation_failed and a pointer
	// /credential/<name> for each field that is wrong, and never a value.
	Check(t Target, fields map[string]secret.Bytes) error
}

// Generator is a Static that can make a credential of its own, whose public half
// a person registers at the system before it is used.
type Generator interface {
	Generate(random io.Reader, t Target, now time.Time) (fields map[string]secret.Bytes, err error)
}

// Authorizer is a Method with a handoff in the browser. It is a Redirector or a
// Preparer as well.
type Authorizer interface {
	// Exchange returns the request that redeems the code. The verifier is that of
	// PKCE, or what a Preparer kept.
	Exchange(t Target, code, verifier secret.Bytes) (Request, error)
}

// Redirector is an Authorizer whose browser can be sent to the system at once.
type Redirector interface {
	AuthorizeURL(t Target, h Authorization) (string, error)
}

// Preparer is an Authorizer that asks the system something before the browser
// goes there, and whose system answers in another form than RFC 6749 4.1.2.
type Preparer interface {
	// Prepare asks the system once and returns where the browser is sent, and what
	// is kept, sealed, until the answer is exchanged. Its Exchange refuses with
	// Mismatched a code that is not the answer to what was kept.
	Prepare(ctx context.Context, reach Reach, t Target, h Authorization) (address string, kept secret.Bytes, err error)
	// Answer reads what the browser brought back. The code is zero where it holds
	// none, or more than one.
	Answer(query url.Values) (code secret.Bytes, denied bool)
}

// Refresher is a Method that gets a new access token without a person. The
// request is sent by the caller, who must have recorded its intent.
type Refresher interface {
	Refresh(t Target, refreshToken secret.Bytes) (Request, error)
}

// Granter is a Method that gets tokens from what is kept, which stays what it
// is: nothing is lost with an answer that is.
type Granter interface {
	Grant(t Target, fields map[string]secret.Bytes) (Request, error)
}

// Request asks for a token, once.
type Request interface {
	// Send makes the request exactly once. The answer has the form of RFC 6749
	// 5.1 or 5.2, whatever the system speaks. An error wraps ErrNotSent when the
	// system cannot have seen the request.
	Send(ctx context.Context, reach Reach) (Answer, error)
}

// Verifier is a Method that proves itself in another way than by the
// connector's verification request.
type Verifier interface {
	// Verify is as the function Verify.
	Verify(ctx context.Context, reach Reach, t Target, l vault.Leasable) (Probe, error)
}

// Signer is a Method whose credential signs every request instead of standing in
// it.
type Signer interface {
	// Sign adds the signature to a request that is complete otherwise.
	Sign(r *http.Request, body []byte, t Target, l vault.Leasable, reach Reach) error
}

// Revoker is a Method whose tokens the provider can be told to forget.
type Revoker interface {
	Revoke(ctx context.Context, reach Reach, t Target, token secret.Bytes, hint string) (Revocation, error)
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
	return []Method{
		APIKey{}, Basic{}, AuthorizationCode{}, ClientCredentials{},
		ClientCertificate{}, JWTBearer{}, TokenExchange{}, ServiceAccount{}, DeviceCode{},
		OAuth1{}, NetSuiteTBA{}, SessionToken{}, AssumeRole{}, AccessKey{}, SSHKey{}, Database{}, None{},
	}
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
