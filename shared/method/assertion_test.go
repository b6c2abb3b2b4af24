package method_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

// signedAt is what the clock of these tests says.
var signedAt = time.Date(2026, time.November, 21, 12, 0, 0, 999, time.UTC)

// signer is a provider, the tenant's key, and what was sent.
type signer struct {
	provider *methodtest.Provider
	key      *ecdsa.PrivateKey
	reach    method.Reach
}

func newSigner(t *testing.T) *signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &signer{provider: methodtest.New(), key: key}
	s.reach = method.Reach{
		HTTP: s.provider, Keys: methodtest.Keys{methodtest.KeyARN: key}, Random: rand.Reader, Now: func() time.Time { return signedAt },
	}
	return s
}

// send sends the request and returns its form.
func (s *signer) send(t *testing.T, request method.Request, err error) url.Values {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := request.Send(t.Context(), s.reach); err != nil {
		t.Fatal(err)
	}
	bodies := s.provider.Requests("/token")
	form, err := url.ParseQuery(bodies[len(bodies)-1])
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// opened verifies a JWT and returns its header and claims, without the jti, which
// is another each time.
func opened(t *testing.T, text string, key any) (header, claims map[string]any) {
	t.Helper()
	parsed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.ES256, jose.RS256, jose.PS256})
	if err != nil {
		t.Fatalf("assertion %q: %v", text, err)
	}
	payload, err := parsed.Verify(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	if jti, _ := claims["jti"].(string); len(jti) < 22 {
		t.Errorf("jti: got %q", jti)
	}
	delete(claims, "jti")
	protected := parsed.Signatures[0].Protected
	header = map[string]any{"alg": protected.Algorithm}
	if protected.KeyID != "" {
		header["kid"] = protected.KeyID
	}
	for name, value := range protected.ExtraHeaders {
		header[string(name)] = value
	}
	return header, claims
}

// exactly compares the JWT with a header and claims.
func exactly(t *testing.T, text string, key any, header, claims map[string]any) {
	t.Helper()
	gotHeader, gotClaims := opened(t, text, key)
	if diff := cmp.Diff(header, gotHeader); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(claims, gotClaims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

// stated returns claims with the times that signedAt makes.
func stated(seconds int64, claims map[string]any) map[string]any {
	claims["iat"], claims["exp"] = float64(signedAt.Unix()), float64(signedAt.Unix()+seconds)
	return claims
}

// private is the target of a scheme whose client authenticates with a key.
func private(scheme string, a *catalog.Assertion) method.Target {
	target := methodtest.Target(scheme)
	oauth := *target.Scheme.OAuth
	oauth.ClientAuth = "private_key_jwt"
	target.Scheme.OAuth, target.Scheme.Assertion = &oauth, a
	target.ClientSecret = secret.Bytes{}
	return target
}

const tokenEndpoint = "https://auth.example.com/token"

// Every request of the scheme carries the client's assertion, and nothing of a
// secret.
func TestPrivateKeyJWT(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	target := private("oauth2_authorization_code", &catalog.Assertion{Algorithm: "ES256"})
	code, refresh := secret.FromString("the-code"), secret.FromString("the-refresh-token")
	var m method.AuthorizationCode
	exchange, err := m.Exchange(target, code, code)
	forms := map[string]url.Values{"exchange": s.send(t, exchange, err)}
	again, err := m.Refresh(target, refresh)
	forms["refresh"] = s.send(t, again, err)
	granted := private("oauth2_client_credentials", &catalog.Assertion{Algorithm: "ES256"})
	grant, err := method.ClientCredentials{}.Grant(granted, nil)
	forms["grant"] = s.send(t, grant, err)
	if outcome, err := m.Revoke(t.Context(), s.reach, target, refresh, "refresh_token"); outcome != method.Revoked || err != nil {
		t.Fatalf("revoke: got %s, %v", outcome, err)
	}
	forms["revocation"], err = url.ParseQuery(s.provider.Requests("/revoke")[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range forms {
		t.Log(name)
		if got := form.Get("client_assertion_type"); got != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
			t.Errorf("client_assertion_type: got %q", got)
		}
		if form.Get("client_id") != methodtest.ClientID || form.Has("client_secret") {
			t.Errorf("client: got %q, secret %v", form.Get("client_id"), form.Has("client_secret"))
		}
		exactly(t, form.Get("client_assertion"), s.key.Public(), map[string]any{"alg": "ES256", "typ": "JWT", "kid": "key-1"},
			stated(60, map[string]any{"iss": methodtest.ClientID, "sub": methodtest.ClientID, "aud": tokenEndpoint}))
	}
}

func TestClientOfTheConnectionSigns(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	target := private("oauth2_client_credentials", &catalog.Assertion{Algorithm: "ES256", KeyID: "{certificate}"})
	target.ClientKey = 3
	target.Scheme.Fields = []catalog.Input{{Name: "clientId", Type: catalog.TypeText}, {Name: "certificate", Type: catalog.TypeText}}
	request, err := method.ClientCredentials{}.Grant(target, map[string]secret.Bytes{
		"clientId": secret.FromString(methodtest.ClientID), "certificate": secret.FromString("cert-9"),
	})
	form := s.send(t, request, err)
	exactly(t, form.Get("client_assertion"), s.key.Public(), map[string]any{"alg": "ES256", "typ": "JWT", "kid": "cert-9"},
		stated(60, map[string]any{"iss": methodtest.ClientID, "sub": methodtest.ClientID, "aud": tokenEndpoint}))
	answer, err := request.Send(t.Context(), s.reach)
	if err != nil || answer.ClientKey != 0 {
		t.Errorf("the answer is told of client %d of the template (%v), want none", answer.ClientKey, err)
	}
}

// CRD-07: no two requests show the same assertion, whatever became of the first.
func TestCRD07RetryHasAnotherAssertion(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	request, err := method.JWTBearer{}.Grant(methodtest.Target("oauth2_jwt_bearer"), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.provider.Script("/token", methodtest.Step{Status: 503}, methodtest.Step{Err: errors.New("lost")})
	seen := map[string]bool{}
	for range 3 {
		_, _ = request.Send(t.Context(), s.reach) // What is sent counts.
	}
	for _, body := range s.provider.Requests("/token") {
		form, err := url.ParseQuery(body)
		if err != nil {
			t.Fatal(err)
		}
		seen[strings.Split(form.Get("assertion"), ".")[1]] = true
	}
	if !request.(method.TokenRequest).Form["assertion"].IsZero() {
		t.Error("what was signed stays in the request")
	}
	if len(seen) != 3 {
		t.Errorf("three requests showed %d different sets of claims", len(seen))
	}
}

// What is not signed is not sent, and the error says so and why.
func TestUnsignedIsNotSent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(*method.Reach)
		want  fault.Code
	}{
		{"key that cannot be used", func(r *method.Reach) { r.Keys = methodtest.Keys{} }, fault.CodeCredentialUnavailable},
		{"no key service", func(r *method.Reach) { r.Keys = nil }, fault.CodeSchemeMismatch},
		{"no clock", func(r *method.Reach) { r.Now = nil }, fault.CodeSchemeMismatch},
		{"no randomness", func(r *method.Reach) { r.Random = strings.NewReader("short") }, fault.CodeInternal},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSigner(t)
			tt.spoil(&s.reach)
			request, err := method.JWTBearer{}.Grant(methodtest.Target("oauth2_jwt_bearer"), nil)
			if err != nil {
				t.Fatal(err)
			}
			_, err = request.Send(t.Context(), s.reach)
			if !errors.Is(err, method.ErrNotSent) || fault.From(err).Code != tt.want {
				t.Errorf("got %v, want %s and that nothing was sent", err, tt.want)
			}
			if n := len(s.provider.Requests("/token")); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

func TestTenantWithoutKey(t *testing.T) {
	t.Parallel()
	target := private("oauth2_client_credentials", &catalog.Assertion{Algorithm: "ES256"})
	target.SigningKey = method.SigningKey{}
	if _, err := (method.ClientCredentials{}).Grant(target, nil); !fault.Has(err, fault.CodeCredentialUnavailable) {
		t.Errorf("grant: got %v", err)
	}
	outcome, err := method.ClientCredentials{}.Revoke(t.Context(), newSigner(t).reach, target, secret.FromString("token"), "access_token")
	if outcome != method.NotSupported || err != nil {
		t.Errorf("revoke: got %s, %v", outcome, err)
	}
}

// The catalog's description decides what stands in the assertion; own claims can
// be neither forged nor lengthened.
func TestAssertionAsDescribed(t *testing.T) {
	t.Parallel()
	value := func(text string) catalog.Value { return catalog.Value{Type: catalog.TypeText, Text: text} }
	plain := map[string]any{"iss": methodtest.ClientID, "aud": tokenEndpoint}
	for _, tt := range []struct {
		name   string
		d      catalog.Assertion
		header map[string]any
		claims map[string]any
	}{
		{"defaults", catalog.Assertion{}, map[string]any{"kid": "key-1"}, stated(60, plain)},
		{
			"everything", catalog.Assertion{
				Issuer: "{account}", Subject: "{user}", Audience: "https://{login}/", KeyID: "c-{account}", Seconds: 300, Thumb: true,
				Claims: map[string]string{"role": "{role}", "left": "{absent}", "exp": "9999999999", "jti": "mine", "iss": "forged"},
			},
			map[string]any{"kid": "c-acme", "x5t#S256": "thumb"},
			stated(300, map[string]any{"iss": "acme", "sub": "ann@example.com", "aud": "https://login.example.com/", "role": "r 1"}),
		},
		{"absent subject", catalog.Assertion{Subject: "{absent}"}, map[string]any{"kid": "key-1"}, stated(60, map[string]any{"iss": methodtest.ClientID, "aud": tokenEndpoint})},
		{"too long", catalog.Assertion{Seconds: 90000}, map[string]any{"kid": "key-1"}, stated(3600, map[string]any{"iss": methodtest.ClientID, "aud": tokenEndpoint})},
		{"scope as a claim", catalog.Assertion{Scope: true}, map[string]any{"kid": "key-1"}, stated(60, map[string]any{"iss": methodtest.ClientID, "aud": tokenEndpoint, "scope": "a b"})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSigner(t)
			target := methodtest.Target("oauth2_jwt_bearer")
			target.Scheme.Assertion, target.Scopes = &tt.d, []string{"a", "b"}
			target.SigningKey.Thumbprint = "thumb"
			target.Values = map[string]catalog.Value{"account": value("acme"), "user": value("ann@example.com"), "login": value("login.example.com"), "role": value("r 1")}
			request, err := method.JWTBearer{}.Grant(target, nil)
			form := s.send(t, request, err)
			tt.header["alg"], tt.header["typ"] = "ES256", "JWT"
			exactly(t, form.Get("assertion"), s.key.Public(), tt.header, tt.claims)
			if got := form.Get("scope"); (got == "a b") == tt.d.Scope {
				t.Errorf("scope parameter: got %q", got)
			}
		})
	}
}

// A secret of the credential is nothing that an assertion may state: its payload
// is no secret.
func TestAssertionStatesNoSecret(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("oauth2_jwt_bearer")
	target.Scheme.Fields = []catalog.Input{{Name: "apiKey", Type: catalog.TypeSecret}, {Name: "notes", Type: catalog.TypeFile}}
	target.Scheme.Assertion = &catalog.Assertion{Algorithm: "ES256", Subject: "{apiKey}", Claims: map[string]string{"n": "{notes}"}}
	s := newSigner(t)
	request, err := method.JWTBearer{}.Grant(target, map[string]secret.Bytes{"apiKey": secret.FromString("canary"), "notes": secret.FromString("canary")})
	form := s.send(t, request, err)
	exactly(t, form.Get("assertion"), s.key.Public(), map[string]any{"alg": "ES256", "typ": "JWT", "kid": "key-1"},
		stated(60, map[string]any{"iss": methodtest.ClientID, "aud": tokenEndpoint}))
	target.Scheme.Assertion = &catalog.Assertion{Algorithm: "ES256", Issuer: "{apiKey}"}
	if _, err := (method.JWTBearer{}).Grant(target, map[string]secret.Bytes{"apiKey": secret.FromString("canary")}); err == nil {
		t.Error("an assertion without an issuer was made")
	}
}
