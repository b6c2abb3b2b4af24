package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// JWT is a route's authorizer: the issuer and the audiences it accepts.
type JWT struct {
	Issuer   string
	Audience []string
}

// authorizer checks tokens as the JWT authorizer of an HTTP API does.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
type authorizer struct {
	keys *keyCache
	now  func() time.Time
}

// grant is what a function learns about an accepted token: every claim as a
// string, and the route's scopes the token has.
type grant struct {
	Claims map[string]string `json:"claims"`
	Scopes []string          `json:"scopes"`
}

// refusal is the answer to a request without sufficient token. Its reason is
// safe to show: it quotes nothing of the token.
type refusal struct {
	status int
	reason string // empty: no token at all
}

func (f *refusal) write(w http.ResponseWriter) {
	if f.status == http.StatusForbidden {
		message(w, f.status, "Forbidden")
		return
	}
	challenge := "Bearer"
	if f.reason != "" {
		challenge = fmt.Sprintf(`Bearer scope="" error="invalid_token" error_description=%q`, f.reason)
	}
	w.Header().Set("WWW-Authenticate", challenge)
	message(w, f.status, "Unauthorized")
}

// check accepts a request or says why not. A route with scopes asks for any
// one of them.
func (a *authorizer) check(r *http.Request, auth JWT, scopes []string) (*grant, *refusal) {
	token := r.Header.Get("Authorization")
	if len(token) >= 7 && strings.EqualFold(token[:7], "Bearer ") {
		token = token[7:]
	}
	token = strings.TrimSpace(token)
	if token == "" {
		return nil, &refusal{status: http.StatusUnauthorized}
	}
	claims, err := a.verify(r, token, auth)
	if err != nil {
		return nil, &refusal{status: http.StatusUnauthorized, reason: err.Error()}
	}
	g := &grant{Claims: map[string]string{}}
	for name, value := range claims {
		g.Claims[name] = fmt.Sprint(value)
	}
	if len(scopes) == 0 {
		return g, nil
	}
	held := tokenScopes(claims)
	for _, s := range scopes {
		if slices.Contains(held, s) {
			g.Scopes = append(g.Scopes, s)
		}
	}
	if g.Scopes == nil {
		return nil, &refusal{status: http.StatusForbidden}
	}
	return g, nil
}

// verify checks signature, issuer, audience and times, and returns the claims.
func (a *authorizer) verify(r *http.Request, token string, auth JWT) (map[string]any, error) {
	// The list shuts out "none" and every HMAC algorithm, whatever the key set holds.
	algorithms := []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.ES256}
	signed, err := jose.ParseSignedCompact(token, algorithms)
	if err != nil {
		return nil, errors.New("the token is malformed or uses a signing method that is not allowed")
	}
	header := signed.Signatures[0].Header
	key, err := a.keys.find(r.Context(), auth.Issuer, header.KeyID)
	if err != nil {
		return nil, err
	}
	if key.Algorithm != "" && key.Algorithm != header.Algorithm || key.Use != "" && key.Use != "sig" {
		return nil, errors.New("the token uses a signing method that its key does not allow")
	}
	payload, err := signed.Verify(key)
	if err != nil {
		return nil, errors.New("the token has an invalid signature")
	}
	var claims map[string]any
	decoder := json.NewDecoder(strings.NewReader(string(payload)))
	decoder.UseNumber()
	if err := decoder.Decode(&claims); err != nil {
		return nil, errors.New("the token has no claims")
	}
	return claims, a.checkClaims(claims, auth)
}

func (a *authorizer) checkClaims(claims map[string]any, auth JWT) error {
	if iss, _ := claims["iss"].(string); iss != auth.Issuer {
		return errors.New("the token has another issuer")
	}
	audience, ok := claims["aud"]
	if !ok {
		audience = claims["client_id"]
	}
	accepted := func(s string) bool { return slices.Contains(auth.Audience, s) }
	if !slices.ContainsFunc(stringList(audience), accepted) {
		return errors.New("the token has another audience")
	}
	now := float64(a.now().UnixMilli()) / 1000
	if exp, ok := seconds(claims["exp"]); !ok || exp <= now {
		return errors.New("the token has expired")
	}
	for _, name := range []string{"nbf", "iat"} {
		value, present := claims[name]
		if at, ok := seconds(value); present && (!ok || at > now) {
			return errors.New("the token is not yet valid")
		}
	}
	return nil
}

// tokenScopes reads the scope claim (RFC 8693: words in one string) and the
// scp claim (a string or a list).
func tokenScopes(claims map[string]any) []string {
	var out []string
	for _, name := range []string{"scope", "scp"} {
		for _, s := range stringList(claims[name]) {
			out = append(out, strings.Fields(s)...)
		}
	}
	return out
}

func stringList(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// seconds reads a NumericDate (RFC 7519 section 2).
func seconds(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil && !math.IsInf(f, 0)
}
