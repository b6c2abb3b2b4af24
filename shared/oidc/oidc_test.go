package oidc_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/oidc"
	"github.com/tenonhq/tenon/shared/secret"
)

var _ connect.IDTokenVerifier = oidc.Verifier{}

func TestValidTokens(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256, jose.EdDSA} {
		p := newProvider(t, algorithm)
		subject, err := p.verify(t, p.sign(t, claims()))
		if err != nil || subject != "user-1" {
			t.Errorf("%s: got %q, %v", algorithm, subject, err)
		}
		if p.fetched != 1 {
			t.Errorf("%s: the key set was fetched %d times", algorithm, p.fetched)
		}
	}
}

func TestClaims(t *testing.T) {
	t.Parallel()
	p := newProvider(t, jose.ES256)
	for name, tc := range map[string]struct {
		change map[string]any // A nil value removes the claim.
		ok     bool
	}{
		"as it should be":                {nil, true},
		"audience in a list":             {map[string]any{"aud": []string{clientID}}, true},
		"authorized party":               {map[string]any{"azp": clientID}, true},
		"two audiences and a party":      {map[string]any{"aud": []string{clientID, "other"}, "azp": clientID}, true},
		"expires in a second":            {map[string]any{"exp": now.Add(time.Second).Unix()}, true},
		"wrong nonce":                    {map[string]any{"nonce": "other"}, false},
		"no nonce":                       {map[string]any{"nonce": nil}, false},
		"wrong audience":                 {map[string]any{"aud": "other"}, false},
		"no audience":                    {map[string]any{"aud": nil}, false},
		"wrong issuer":                   {map[string]any{"iss": "https://login.evil.com"}, false},
		"issuer with a slash":            {map[string]any{"iss": issuer + "/"}, false},
		"no issuer":                      {map[string]any{"iss": nil}, false},
		"expired":                        {map[string]any{"exp": now.Add(-time.Second).Unix()}, false},
		"no expiry":                      {map[string]any{"exp": nil}, false},
		"valid in an hour":               {map[string]any{"nbf": now.Add(time.Hour).Unix()}, false},
		"wrong authorized party":         {map[string]any{"azp": "other"}, false},
		"two audiences without a party":  {map[string]any{"aud": []string{clientID, "other"}}, false},
		"two audiences, party the other": {map[string]any{"aud": []string{clientID, "other"}, "azp": "other"}, false},
		"no subject":                     {map[string]any{"sub": nil}, false},
	} {
		c := claims()
		maps.Copy(c, tc.change)
		maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
		subject, err := p.verify(t, p.sign(t, c))
		if ok := err == nil; ok != tc.ok || (subject != "") != tc.ok {
			t.Errorf("%s: got %q, %v", name, subject, err)
		}
	}
}

func TestForgedSignatures(t *testing.T) {
	t.Parallel()
	p, stranger := newProvider(t, jose.RS256), newProvider(t, jose.RS256)
	good := p.sign(t, claims())
	parts := strings.Split(good, ".")
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for name, token := range map[string]string{
		"another key of the same id":  stranger.sign(t, claims()),
		"no algorithm":                part(`{"alg":"none"}`) + "." + parts[1] + ".",
		"no algorithm, the signature": part(`{"alg":"none","kid":"k1"}`) + "." + parts[1] + "." + parts[2],
		"no algorithm, in capitals":   part(`{"alg":"NONE"}`) + "." + parts[1] + ".",
		"no signature":                parts[0] + "." + parts[1] + ".",
		"claims changed":              parts[0] + "." + part(`{"sub":"admin"}`) + "." + parts[2],
		"an HMAC with the public key": p.signWithPublicKey(t, "PUBLIC KEY"),
		"a key inside the token":      stranger.signWithOwnKey(t, claims()),
		"not a token":                 "canary-token",
		"nothing":                     "",
	} {
		subject, err := p.verify(t, token)
		if err == nil || subject != "" {
			t.Errorf("%s: accepted for %q", name, subject)
		}
	}
	if _, err := p.verify(t, good); err != nil {
		t.Errorf("the token all were made from: %v", err)
	}
	other := newProvider(t, jose.ES384)
	if _, err := other.verify(t, other.sign(t, claims())); err == nil {
		t.Error("an algorithm that is not on the list was accepted")
	}
}

// TestOtherKeysOfTheSetArePassedOver: providers publish keys for encryption and
// of kinds not known here beside those for signatures.
func TestOtherKeysOfTheSetArePassedOver(t *testing.T) {
	t.Parallel()
	p := newProvider(t, jose.ES256)
	set := strings.Replace(p.keySet(), `{"keys":[`, `{"keys":[{"kty":"OKP","crv":"X25519","x":"AA"},{"kty":"new"},{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ","kid":"k1"},17,`, 1)
	p.answer = &answer{status: http.StatusOK, body: set}
	if _, err := p.verify(t, p.sign(t, claims())); err != nil {
		t.Error(err)
	}
	if _, err := p.verify(t, sign(t, jose.HS256, []byte("secret-secret-secret-secret-1234"), claims(), nil)); err == nil {
		t.Error("a symmetric key of the set was accepted")
	}
	p.answer.body = strings.Replace(p.keySet(), `"use":"sig"`, `"use":"enc"`, 1)
	if _, err := p.verify(t, p.sign(t, claims())); err == nil {
		t.Error("a key for encryption was accepted")
	}
}

func TestErrorsDoNotHoldTheToken(t *testing.T) {
	t.Parallel()
	p := newProvider(t, jose.ES256)
	late := claims()
	late["nonce"] = "canary-nonce"
	for _, token := range []string{p.sign(t, late), "canary.token.here", "canary-token"} {
		_, err := p.verify(t, token)
		if err == nil || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), token) {
			t.Errorf("got %v", err)
		}
	}
}

func TestRequirementsMustBeNamed(t *testing.T) {
	t.Parallel()
	p := newProvider(t, jose.ES256)
	for name, change := range map[string]func(*connect.IDToken){
		"issuer":   func(w *connect.IDToken) { w.Issuer = "" },
		"audience": func(w *connect.IDToken) { w.ClientID = "" },
		"nonce":    func(w *connect.IDToken) { w.Nonce = "" },
		"key set":  func(w *connect.IDToken) { w.JWKSURL = "" },
	} {
		c := claims()
		maps.DeleteFunc(c, func(claim string, _ any) bool {
			return name == "nonce" && claim == "nonce" || name == "issuer" && claim == "iss"
		})
		wanted := p.wanted(p.sign(t, c))
		change(&wanted)
		if _, err := p.verifier().Verify(t.Context(), wanted); err == nil {
			t.Errorf("accepted without %s", name)
		}
	}
}

func TestKeySetFailures(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]answer{
		"unreachable":     {err: errors.New("egress_denied")},
		"server error":    {status: http.StatusInternalServerError, body: "canary"},
		"redirect":        {status: http.StatusFound, location: "https://login.evil.com/keys"},
		"no key set":      {status: http.StatusOK, body: "<html>canary"},
		"empty key set":   {status: http.StatusOK, body: `{"keys":[]}`},
		"endless key set": {status: http.StatusOK, endless: true},
	} {
		p := newProvider(t, jose.ES256)
		token := p.sign(t, claims())
		p.answer = &answer
		_, err := p.verify(t, token)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		if answer.err != nil && !errors.Is(err, answer.err) {
			t.Errorf("%s: %v lost its cause", name, err)
		}
		if strings.Contains(fmt.Sprint(err), "canary") {
			t.Errorf("%s: the answer is in the error: %v", name, err)
		}
		if p.fetched != 1 {
			t.Errorf("%s: %d requests, want 1", name, p.fetched)
		}
		if p.read > 2<<20 {
			t.Errorf("%s: %d bytes were read", name, p.read)
		}
	}
}

// signWithPublicKey makes the token of the confusion of RS256 with HS256: the
// public key, which everyone has, is taken for the secret.
func (p *provider) signWithPublicKey(t *testing.T, kind string) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(p.key.Public().(*rsa.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	return sign(t, jose.HS256, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), claims(), nil)
}

// signWithOwnKey puts the signing key into the header of the token.
func (p *provider) signWithOwnKey(t *testing.T, c map[string]any) string {
	t.Helper()
	return sign(t, p.algorithm, p.key, c, &jose.SignerOptions{EmbedJWK: true})
}

func (p *provider) wanted(token string) connect.IDToken {
	return connect.IDToken{Raw: secret.FromString(token), Issuer: issuer, ClientID: clientID, Nonce: nonce, JWKSURL: jwksURL}
}

func (p *provider) verifier() oidc.Verifier {
	return oidc.Verifier{HTTP: p, Now: func() time.Time { return now }}
}

func (p *provider) verify(t *testing.T, token string) (string, error) {
	t.Helper()
	return p.verifier().Verify(t.Context(), p.wanted(token))
}
