package method

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/oauth2"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// AuthorizationCode is the OAuth 2.0 authorization code grant with PKCE (RFC
// 6749 4.1, RFC 7636) and refresh.
type AuthorizationCode struct{}

// Type implements Method.
func (AuthorizationCode) Type() string { return "oauth2_authorization_code" }

// Apply implements Method.
func (AuthorizationCode) Apply(t Target, _ map[string]secret.Bytes, token Token) (vault.Leasable, error) {
	return bearer(t, token)
}

// AuthorizeURL returns where the browser is sent (RFC 6749 4.1.1). It holds no
// secret but the state.
func (AuthorizationCode) AuthorizeURL(t Target, h Authorization) (string, error) {
	endpoint, err := catalog.Expand(t.Scheme.OAuth.AuthorizeURL, t.Values)
	if err != nil {
		return "", fmt.Errorf("authorize URL of %s: %w", t.Connector.ID, err)
	}
	config := oauth2.Config{ClientID: t.ClientID, RedirectURL: t.RedirectURI, Endpoint: oauth2.Endpoint{AuthURL: endpoint}}
	var options []oauth2.AuthCodeOption
	if len(t.Scopes) > 0 {
		options = append(options, oauth2.SetAuthURLParam("scope", strings.Join(t.Scopes, separator(t.Scheme.OAuth))))
	}
	for name, value := range t.Scheme.OAuth.AuthorizeQuery {
		options = append(options, oauth2.SetAuthURLParam(name, value))
	}
	if h.Challenge != "" {
		options = append(options, oauth2.SetAuthURLParam("code_challenge", h.Challenge), oauth2.SetAuthURLParam("code_challenge_method", "S256"))
	}
	if h.Nonce != "" {
		options = append(options, oauth2.SetAuthURLParam("nonce", h.Nonce))
	}
	return config.AuthCodeURL(h.State.Reveal(), options...), nil
}

// Exchange returns the request that redeems the code (RFC 6749 4.1.3).
func (AuthorizationCode) Exchange(t Target, code, verifier secret.Bytes) (Request, error) {
	form := map[string]secret.Bytes{
		"grant_type": secret.FromString("authorization_code"), "code": code,
		"redirect_uri": secret.FromString(t.RedirectURI),
	}
	if !verifier.IsZero() {
		form["code_verifier"] = verifier
	}
	return newFirstRequest(t, form, nil)
}

// Refresh returns the refresh request (RFC 6749 6).
func (AuthorizationCode) Refresh(t Target, refreshToken secret.Bytes) (Request, error) {
	form := map[string]secret.Bytes{"grant_type": secret.FromString("refresh_token"), "refresh_token": refreshToken}
	if err := extendRefresh(t, form); err != nil {
		return nil, err
	}
	return newTokenRequest(t, form, nil)
}

// Revoke tells the provider to forget the token (RFC 7009). A token the
// provider does not know any more counts as revoked.
func (AuthorizationCode) Revoke(ctx context.Context, reach Reach, t Target, token secret.Bytes, hint string) (Revocation, error) {
	return revoke(ctx, reach, t, token, hint)
}

// ClientCredentials is the OAuth 2.0 client credentials grant (RFC 6749 4.4).
// Client and secret are the connection's own fields where it has them, else
// those of the template.
type ClientCredentials struct{}

// The field names of a connection's own OAuth client.
const (
	fieldClientID     = "clientId"
	fieldClientSecret = "clientSecret"
)

// Type implements Method.
func (ClientCredentials) Type() string { return "oauth2_client_credentials" }

// Apply implements Method.
func (ClientCredentials) Apply(t Target, _ map[string]secret.Bytes, token Token) (vault.Leasable, error) {
	return bearer(t, token)
}

// Describe shows the client id and the end of the secret.
func (ClientCredentials) Describe(fields map[string]secret.Bytes) Description {
	return Description{Last4: fields[fieldClientSecret].Last4(), User: fields[fieldClientID].Reveal()}
}

// Check implements Checker.
func (ClientCredentials) Check(t Target, fields map[string]secret.Bytes) error {
	return checkPrivateKey(t, fields)
}

// Grant implements Granter.
func (ClientCredentials) Grant(t Target, fields map[string]secret.Bytes) (Request, error) {
	form := map[string]secret.Bytes{"grant_type": secret.FromString("client_credentials")}
	if t.Scheme.Assertion == nil || !t.Scheme.Assertion.Scope {
		requestScopes(t, form)
	}
	if id := fields[fieldClientID]; !id.IsZero() {
		t.ClientKey, t.ClientID, t.ClientSecret = 0, id.Reveal(), fields[fieldClientSecret]
	}
	return newFirstRequest(t, form, fields)
}

// Revoke tells the provider to forget the token, as the client of the template.
// A client of the connection's own is not known here.
func (ClientCredentials) Revoke(ctx context.Context, reach Reach, t Target, token secret.Bytes, hint string) (Revocation, error) {
	if t.ClientID == "" {
		return NotSupported, nil
	}
	return revoke(ctx, reach, t, token, hint)
}

// PKCE reports whether S256 is sent to this server; nil is a server of another
// protocol.
func PKCE(o *catalog.OAuth) bool { return o != nil && o.PKCE != "unsupported" }

func separator(o *catalog.OAuth) string {
	if o.ScopeSeparator != "" {
		return o.ScopeSeparator
	}
	return " "
}

// bearer places an access token.
func bearer(t Target, token Token) (vault.Leasable, error) {
	vars := variables(t, nil)
	vars["accessToken"] = token.AccessToken.Reveal()
	l, err := place(t, vars)
	if err != nil {
		return vault.Leasable{}, err
	}
	l.AccessToken, l.TokenType = token.AccessToken, token.Type
	return l, nil
}

// revoke tells the provider once (RFC 7009). RevokePending is what may be tried
// again; RevokeFailed is a refusal that stays.
func revoke(ctx context.Context, reach Reach, t Target, token secret.Bytes, hint string) (Revocation, error) {
	if t.Scheme.OAuth.RevokeURL == "" {
		return NotSupported, nil
	}
	if token.IsZero() {
		return NothingToRevoke, nil
	}
	endpoint, err := catalog.Expand(t.Scheme.OAuth.RevokeURL, t.Values)
	if errors.Is(err, catalog.ErrMissing) {
		return NotSupported, nil // An optional input that this account does not have.
	}
	if err != nil {
		return RevokePending, err
	}
	if t.Scheme.OAuth.ClientAuth == authPrivateKeyJWT && t.SigningKey.ARN == "" {
		return NotSupported, nil // The key was the credential's, which is not at hand.
	}
	request, err := authenticated(t, TokenRequest{
		URL: endpoint, Form: map[string]secret.Bytes{"token": token, "token_type_hint": secret.FromString(hint)},
	}, nil)
	if err != nil {
		return RevokePending, err
	}
	answer, err := request.post(ctx, reach)
	if err != nil {
		return RevokePending, err
	}
	if answer.Status == http.StatusOK || answer.Status == http.StatusNoContent {
		return Revoked, nil
	}
	if members, err := decodeMembers(answer.Body.Reveal()); err == nil && errorCode(members) == "invalid_token" {
		return Revoked, nil
	}
	if passing(answer.Status) {
		return RevokePending, nil
	}
	return RevokeFailed, nil
}

// passing reports whether a refused revocation may succeed later: what RFC 7009
// 2.2.1 and RFC 9110 call temporary, and a client whose secret may be put right.
// Any other 4xx is an answer that the same request will always get.
func passing(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	default:
		return status < 400 || status > 499
	}
}
