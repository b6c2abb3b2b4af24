package method

import (
	"cmp"
	"context"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// JWTBearer is the grant of RFC 7523 2.1: a JWT that the tenant's key signs, or
// one that a person gave, is the authorization.
type JWTBearer struct{}

// The parameters of RFC 7523 2.
const (
	grantJWTBearer      = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	clientAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	authPrivateKeyJWT   = "private_key_jwt"
)

// Type implements Method.
func (JWTBearer) Type() string { return "oauth2_jwt_bearer" }

// Apply implements Method.
func (JWTBearer) Apply(t Target, _ map[string]secret.Bytes, token Token) (vault.Leasable, error) {
	return bearer(t, token)
}

// Describe shows the public half of a key that was given.
func (JWTBearer) Describe(fields map[string]secret.Bytes) Description {
	return Description{PublicKey: publicKey(fields[fieldPrivateKey])}
}

// Check implements Checker.
func (JWTBearer) Check(t Target, fields map[string]secret.Bytes) error {
	return checkPrivateKey(t, fields)
}

// Grant implements Granter.
func (JWTBearer) Grant(t Target, fields map[string]secret.Bytes) (Request, error) {
	d, err := described(t)
	if err != nil {
		return nil, err
	}
	return assertionGrant(t, d, fields, openVariables(t, fields))
}

// Revoke tells the provider to forget the token.
func (JWTBearer) Revoke(ctx context.Context, reach Reach, t Target, token secret.Bytes, hint string) (Revocation, error) {
	return revoke(ctx, reach, t, token, hint)
}

// assertionGrant returns the request with the assertion that d describes.
func assertionGrant(t Target, d catalog.Assertion, fields map[string]secret.Bytes, vars map[string]string) (TokenRequest, error) {
	form := map[string]secret.Bytes{"grant_type": secret.FromString(grantJWTBearer)}
	if !d.Scope {
		requestScopes(t, form)
	}
	request, err := newFirstRequest(t, form, fields)
	if err != nil {
		return TokenRequest{}, err
	}
	a, err := newAssertion(t, d, vars, "assertion", fields[fieldPrivateKey])
	request.Assertions = append(request.Assertions, a)
	return request, err
}

// described returns what the catalog says of the scheme's assertion.
func described(t Target) (catalog.Assertion, error) {
	if t.Scheme.Assertion == nil {
		return catalog.Assertion{}, fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "The auth scheme does not say what to sign.")
	}
	d := *t.Scheme.Assertion
	d.Issuer = cmp.Or(d.Issuer, "{"+fieldClientID+"}")
	return d, nil
}

// clientAssertion returns the JWT with which the client authenticates (RFC 7523
// 2.2, OpenID Connect Core 9). Where the scheme's assertion is a grant, the
// client's has the same key and nothing else of it.
func clientAssertion(t Target, fields map[string]secret.Bytes) (Assertion, error) {
	d, err := described(t)
	if err != nil {
		return Assertion{}, err
	}
	switch t.Scheme.Type {
	case JWTBearer{}.Type(), TokenExchange{}.Type():
		d = catalog.Assertion{Algorithm: d.Algorithm, KeyID: d.KeyID, Seconds: d.Seconds, Thumb: d.Thumb, Issuer: "{" + fieldClientID + "}"}
	}
	d.Subject = cmp.Or(d.Subject, "{"+fieldClientID+"}")
	return newAssertion(t, d, openVariables(t, fields), "client_assertion", fields[fieldPrivateKey])
}

// requestScopes adds the scopes as a parameter of the request (RFC 6749 3.3).
func requestScopes(t Target, form map[string]secret.Bytes) {
	if len(t.Scopes) > 0 {
		form["scope"] = secret.FromString(strings.Join(t.Scopes, separator(t.Scheme.OAuth)))
	}
}
