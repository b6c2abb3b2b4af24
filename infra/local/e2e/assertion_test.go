package e2e_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// TestAssertions shows a server that is not ours what the auth methods sign: its
// own library verifies it.
func TestAssertions(t *testing.T) {
	t.Parallel()
	c := startCertified(t)
	for _, algorithm := range []string{"RS256", "PS256", "ES256"} {
		t.Run("OAF-21 private_key_jwt "+algorithm, func(t *testing.T) { testPrivateKeyJWT(t, c, algorithm) })
		t.Run("JWT bearer "+algorithm, func(t *testing.T) { testJWTBearer(t, c, algorithm) })
	}
	t.Run("CRD-07 refused", func(t *testing.T) { testAssertionRefused(t, c) })
	t.Run("CRD-07 repeated after a lost answer", func(t *testing.T) { testAssertionRepeated(t, c) })
	t.Run("service account", func(t *testing.T) { testServiceAccount(t, c) })
	t.Run("token exchange", func(t *testing.T) { testTokenExchange(t, c) })
}

// privateKeyJWT is a target whose client authenticates with its key.
func privateKeyJWT(c *certified, schemeType, clientID string, key method.SigningKey) method.Target {
	target := c.target(schemeType, clientID, key, catalog.Assertion{Algorithm: key.Algorithm})
	target.Scheme.OAuth.ClientAuth = "private_key_jwt"
	target.Scopes = []string{"crm.read"}
	return target
}

// testPrivateKeyJWT is a client that has no secret.
//
// Proves oauth2_client_credentials: the certified OAuth server (oidc-provider), by private_key_jwt with RS256, PS256
// and ES256.
func testPrivateKeyJWT(t *testing.T, c *certified, algorithm string) {
	id := "pkjwt-" + algorithm
	key, public := c.keys.create(t, algorithm)
	c.register(t, id, map[string]any{"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": algorithm}, public)
	granted, err := method.ClientCredentials{}.Grant(privateKeyJWT(c, "oauth2_client_credentials", id, key), nil)
	token, err := c.redeem(t.Context(), c.reach, granted, err)
	if err != nil || c.owner(t, token) != id {
		t.Fatalf("client credentials: got %q, %v", c.owner(t, token), err)
	}

	target := privateKeyJWT(c, "oauth2_authorization_code", id, key)
	target.Scopes = []string{"openid", "offline_access", "crm.read"}
	var m method.AuthorizationCode
	code, verifier := c.code(t, target)
	exchange, err := m.Exchange(target, code, verifier)
	first, err := c.redeem(t.Context(), c.reach, exchange, err)
	if err != nil || c.owner(t, first) != "alice" {
		t.Fatalf("code exchange: got %q, %v", c.owner(t, first), err)
	}
	refresh, err := m.Refresh(target, first.RefreshToken)
	second, err := c.redeem(t.Context(), c.reach, refresh, err)
	if err != nil || c.owner(t, second) != "alice" || second.RefreshToken.IsZero() {
		t.Fatalf("refresh: got %q, %v", c.owner(t, second), err)
	}
	if outcome, err := m.Revoke(t.Context(), c.reach, target, second.RefreshToken, "refresh_token"); outcome != method.Revoked || err != nil {
		t.Errorf("revocation: got %s, %v", outcome, err)
	}
	again, err := m.Refresh(target, second.RefreshToken)
	if _, err := c.redeem(t.Context(), c.reach, again, err); !errors.Is(err, method.Definitive) {
		t.Errorf("refresh with a revoked token: got %v", err)
	}
}

// testJWTBearer is a grant like Salesforce's: for a person, to the login host.
//
// Proves oauth2_jwt_bearer: the certified OAuth server (oidc-provider), with RS256, PS256 and ES256 of the key
// service.
func testJWTBearer(t *testing.T, c *certified, algorithm string) {
	id := "bearer-" + algorithm
	key, public := c.keys.create(t, algorithm)
	c.register(t, id, nil, public)
	a := catalog.Assertion{Algorithm: algorithm, Subject: "{username}", Audience: "{issuer}", Seconds: 180}
	target := c.target("oauth2_jwt_bearer", id, key, a, "username", "ann@example.com")
	target.Scopes = []string{"crm.read"}
	granted, err := method.JWTBearer{}.Grant(target, nil)
	token, err := c.redeem(t.Context(), c.reach, granted, err)
	if err != nil || c.owner(t, token) != "ann@example.com" || len(token.Scopes) != 1 {
		t.Fatalf("got %q with scopes %v, %v", c.owner(t, token), token.Scopes, err)
	}
}

// testAssertionRefused spoils one thing each; the server says no to the grant, or
// to the client.
func testAssertionRefused(t *testing.T, c *certified) {
	key, public := c.keys.create(t, "ES256")
	other, _ := c.keys.create(t, "ES256")
	c.register(t, "refused-bearer", nil, public)
	c.register(t, "refused-client", map[string]any{"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256"}, public)
	one := make([]byte, 16)
	for _, tt := range []struct {
		name  string
		spoil func(*method.Target, *method.Reach)
	}{
		{"audience", func(t *method.Target, _ *method.Reach) { t.Scheme.Assertion.Audience = "https://other.example.com" }},
		{"issuer", func(t *method.Target, _ *method.Reach) { t.Scheme.Assertion.Issuer = "someone" }},
		{"expired", func(_ *method.Target, r *method.Reach) {
			r.Now = func() time.Time { return time.Now().Add(-time.Hour) }
		}},
		{"key of another tenant", func(t *method.Target, _ *method.Reach) { t.SigningKey.ARN = other.ARN }},
		{"key id that is not known", func(t *method.Target, _ *method.Reach) { t.SigningKey = other }},
		{"shown before", func(_ *method.Target, r *method.Reach) { r.Random = bytes.NewReader(one) }},
	} {
		for _, grant := range []bool{true, false} {
			target := c.target("oauth2_jwt_bearer", "refused-bearer", key, catalog.Assertion{Algorithm: "ES256"})
			want := error(method.Definitive)
			if !grant {
				target = privateKeyJWT(c, "oauth2_client_credentials", "refused-client", key)
				want = method.ClientRefused
			}
			m, _ := method.For(target.Scheme.Type)
			if tt.name == "shown before" {
				reach := c.reach
				reach.Random = bytes.NewReader(one)
				request, err := m.(method.Granter).Grant(target, nil)
				if _, err := c.redeem(t.Context(), reach, request, err); err != nil {
					t.Fatalf("shown for the first time: %v", err)
				}
			}
			reach := c.reach
			tt.spoil(&target, &reach)
			request, err := m.(method.Granter).Grant(target, nil)
			if _, err = c.redeem(t.Context(), reach, request, err); !errors.Is(err, want) {
				t.Errorf("%s, %s: got %v, want %v", tt.name, target.Scheme.Type, err, want)
			}
		}
	}
}

// testAssertionRepeated sends a request again whose answer was lost: the server,
// which saw the first assertion, takes the second.
func testAssertionRepeated(t *testing.T, c *certified) {
	key, public := c.keys.create(t, "ES256")
	c.register(t, "repeated", nil, public)
	c.fault(t, &environment{}, "repeated", jwtBearer, 1, map[string]any{"drop": "after"})
	granted, err := method.JWTBearer{}.Grant(c.target("oauth2_jwt_bearer", "repeated", key, catalog.Assertion{Algorithm: "ES256"}), nil)
	if _, err := c.redeem(t.Context(), c.reach, granted, err); err == nil {
		t.Fatal("the answer was not lost")
	}
	if _, err := c.redeem(t.Context(), c.reach, granted, err); err != nil {
		t.Errorf("repeated: %v", err)
	}
}

// testServiceAccount is a grant like Google's: no client, a key file or none.
//
// Proves service_account_key: the certified OAuth server (oidc-provider) with a token endpoint of this form, by key
// file and without one.
func testServiceAccount(t *testing.T, c *certified) {
	const account = "robot@project.example.com"
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(map[string]string{
		"type": "service_account", "client_email": account, "private_key_id": "file-key", "token_uri": c.issuer + "/token",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	})
	if err != nil {
		t.Fatal(err)
	}
	key, public := c.keys.create(t, "RS256")
	c.register(t, account, nil, registered(private.Public(), "file-key", "RS256"), public)
	for name, fields := range map[string]map[string]secret.Bytes{"key file": {"key": secret.New(file)}, "the tenant's key": nil} {
		target := c.target("service_account_key", "", key, catalog.Assertion{Seconds: 3600}, "serviceAccount", account, "subject", "ann@example.com")
		target.Scheme.OAuth.TokenURL, target.Scopes = "{issuer}/service-account/token", []string{"crm.read"}
		if err := (method.ServiceAccount{}).Check(target, fields); err != nil {
			t.Errorf("%s: check: %v", name, err)
		}
		granted, err := method.ServiceAccount{}.Grant(target, fields)
		token, err := c.redeem(t.Context(), c.reach, granted, err)
		if err != nil || c.owner(t, token) != "ann@example.com" || len(token.Scopes) != 1 {
			t.Errorf("%s: got %q with scopes %v, %v", name, c.owner(t, token), token.Scopes, err)
		}
	}
}

// testTokenExchange shows an assertion of ours, and a token that was given.
//
// Proves oauth2_token_exchange: the certified OAuth server (oidc-provider) with a grant of RFC 8693, whose
// verification is that of jose.
func testTokenExchange(t *testing.T, c *certified) {
	key, public := c.keys.create(t, "ES256")
	c.register(t, "exchange", map[string]any{"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256"}, public)
	target := c.target("oauth2_token_exchange", "exchange", key, catalog.Assertion{Algorithm: "ES256", Subject: "{username}"}, "username", "ann@example.com")
	target.Scheme.OAuth.ClientAuth, target.Scheme.OAuth.Exchange = "private_key_jwt", &catalog.Exchange{Audience: "api"}
	exchange := func(fields map[string]secret.Bytes) (method.Token, error) {
		request, err := method.TokenExchange{}.Grant(target, fields)
		return c.redeem(t.Context(), c.reach, request, err)
	}
	ours, err := exchange(nil)
	if err != nil || c.owner(t, ours) != "ann@example.com" {
		t.Fatalf("our assertion: got %q, %v", c.owner(t, ours), err)
	}
	target.Scheme.OAuth.Exchange = &catalog.Exchange{
		SubjectTokenType: "urn:ietf:params:oauth:token-type:access_token", ActorTokenType: "urn:ietf:params:oauth:token-type:jwt",
	}
	given := map[string]secret.Bytes{"subjectToken": ours.AccessToken}
	got, err := exchange(given)
	if err != nil || c.owner(t, got) != "ann@example.com" {
		t.Fatalf("a given token: got %q, %v", c.owner(t, got), err)
	}
	c.fault(t, &environment{}, "exchange", tokenExchange, 1, map[string]any{"json": map[string]any{
		"set": map[string]any{"issued_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
	}})
	if _, err := exchange(given); !fault.Has(err, fault.CodeProviderError) {
		t.Errorf("OAF-26 another token type: got %v", err)
	}
	c.control(t, &environment{}, http.MethodPost, "/_lab/expire", map[string]string{"clientId": "exchange", "model": "ClientCredentials"}, nil)
	if _, err := exchange(given); !errors.Is(err, method.Definitive) {
		t.Errorf("an expired token: got %v", err)
	}
	target.Scheme.OAuth.Exchange = &catalog.Exchange{Audience: "elsewhere"}
	if _, err := exchange(nil); !fault.Has(err, fault.CodeProviderError) {
		t.Errorf("an audience that is not known: got %v", err)
	}
}

// TestJWTBearer1000ES256 has a thousand signatures of the key service accepted:
// those with a short r or s, one in 128, are among them.
func TestJWTBearer1000ES256(t *testing.T) {
	t.Parallel()
	const count = 1000
	c := startCertified(t)
	key, public := c.keys.create(t, "ES256")
	c.register(t, "thousand", nil, public)
	granted, err := method.JWTBearer{}.Grant(c.target("oauth2_jwt_bearer", "thousand", key, catalog.Assertion{Algorithm: "ES256"}), nil)
	if err != nil {
		t.Fatal(err)
	}
	var (
		left     atomic.Int64
		workers  sync.WaitGroup
		refusals = make(chan error, 4)
	)
	left.Store(int64(count))
	begun := time.Now()
	for range cap(refusals) {
		workers.Go(func() {
			for left.Add(-1) >= 0 {
				if _, err := c.redeem(t.Context(), c.reach, granted, nil); err != nil {
					refusals <- fmt.Errorf("with %d left: %w", left.Load(), err)
					return
				}
			}
		})
	}
	workers.Wait()
	close(refusals)
	for err := range refusals {
		t.Error(err)
	}
	t.Logf("%d assertions in %.1f s", count, time.Since(begun).Seconds())
}
