// Package oidc verifies the id_tokens of OpenID providers (OpenID Connect Core
// 1.0, section 3.1.3.7). It implements connect.IDTokenVerifier and depends on
// packages connect and fault and on github.com/coreos/go-oidc.
package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/tenonhq/tenon/shared/connect"
)

// algorithms are the accepted signatures: asymmetric ones, so that a public
// key can never be used as the secret of an HMAC, and never none.
var algorithms = []string{oidc.RS256, oidc.ES256, oidc.PS256, oidc.EdDSA}

// Doer sends one HTTP request, as method.Doer does: it must not reach
// addresses a provider cannot have.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// Verifier verifies id_tokens with keys it fetches through HTTP.
type Verifier struct {
	HTTP Doer
	Now  func() time.Time
}

// Verify implements connect.IDTokenVerifier. The key comes from the key set of
// the template and from nowhere else, whatever the token's header names.
func (v Verifier) Verify(ctx context.Context, token connect.IDToken) (string, error) {
	if token.Issuer == "" || token.ClientID == "" || token.Nonce == "" || token.JWKSURL == "" {
		return "", errors.New("verify id_token: issuer, audience, nonce and key set are required")
	}
	keys, err := v.keys(ctx, token.JWKSURL)
	if err != nil {
		return "", fmt.Errorf("fetch key set: %w", err)
	}
	verifier := oidc.NewVerifier(token.Issuer, &oidc.StaticKeySet{PublicKeys: keys}, &oidc.Config{
		ClientID: token.ClientID, SupportedSigningAlgs: algorithms, Now: v.Now,
	})
	verified, err := verifier.Verify(ctx, token.Raw.Reveal())
	if err != nil {
		return "", fmt.Errorf("verify id_token: %w", err)
	}
	if err := check(verified, token); err != nil {
		return "", fmt.Errorf("verify id_token: %w", err)
	}
	return verified.Subject, nil
}

// check makes the comparisons the library leaves to its caller: nonce (step
// 11), authorized party (steps 4 and 5) and that there is a subject.
func check(verified *oidc.IDToken, token connect.IDToken) error {
	if subtle.ConstantTimeCompare([]byte(verified.Nonce), []byte(token.Nonce)) != 1 {
		return errors.New("nonce differs")
	}
	var claims struct {
		AuthorizedParty string `json:"azp"`
	}
	if err := verified.Claims(&claims); err != nil {
		return err
	}
	others := slices.ContainsFunc(verified.Audience, func(a string) bool { return a != token.ClientID })
	if (others || claims.AuthorizedParty != "") && claims.AuthorizedParty != token.ClientID {
		return errors.New("issued for another party")
	}
	if verified.Subject == "" {
		return errors.New("no subject")
	}
	return nil
}
