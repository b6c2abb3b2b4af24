package gateway_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/gateway"
)

const issuer, audience = "https://issuer.test", "tenon"

// signer is a token issuer of the tests.
type signer struct {
	rsa     *rsa.PrivateKey
	ec      *ecdsa.PrivateKey
	now     time.Time
	fetches int
}

func newSigner(t *testing.T) *signer {
	t.Helper()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{rsa: rsaKey, ec: ecKey, now: time.Unix(1_800_000_000, 0)}
}

func (s *signer) keys() *jose.JSONWebKeySet {
	return &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: s.rsa.Public(), KeyID: "rsa", Algorithm: "RS256", Use: "sig"},
		{Key: s.ec.Public(), KeyID: "ec"},
		{Key: s.rsa.Public(), KeyID: "encryption", Use: "enc"},
		{Key: s.rsa.Public(), KeyID: "plain"},
		{Key: s.rsa.Public()},
	}}
}

// source refuses every issuer but its own.
func (s *signer) source(_ context.Context, of string) (*jose.JSONWebKeySet, error) {
	s.fetches++
	if of != issuer {
		return nil, errors.New("unknown issuer")
	}
	return s.keys(), nil
}

func (s *signer) sign(t *testing.T, algorithm jose.SignatureAlgorithm, key any, kid string, claims object) string {
	t.Helper()
	j, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := j.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// claims returns good claims with changes; nil removes a claim.
func (s *signer) claims(changes object) object {
	out := object{
		"iss": issuer, "aud": audience, "sub": "user-1", "scope": "things:read things:list",
		"iat": s.now.Unix() - 10, "exp": s.now.Unix() + 60,
	}
	maps.Copy(out, changes)
	maps.DeleteFunc(out, func(_ string, v any) bool { return v == nil })
	return out
}

func (s *signer) gateway(t *testing.T) *gateway.Gateway {
	t.Helper()
	auth := &gateway.JWT{Issuer: issuer, Audience: []string{"other", audience}}
	return start(t, gateway.Config{Keys: s.source, Now: func() time.Time { return s.now }, Routes: []gateway.Route{
		{Key: "GET /open", Function: "fn", Auth: auth},
		{Key: "GET /scoped", Function: "fn", Auth: auth, Scopes: []string{"things:write", "things:read"}},
	}})
}

func TestTokenMatrix(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	stranger := newSigner(t)
	g := s.gateway(t)
	now := s.now.Unix()
	rs := func(changes object) string { return s.sign(t, jose.RS256, s.rsa, "rsa", s.claims(changes)) }
	unsigned := func(header string) string {
		payload, err := json.Marshal(s.claims(nil))
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
	}
	// The classic confusion: HMAC keyed with the public key's own bytes.
	publicKey, err := json.Marshal(jose.JSONWebKey{Key: s.rsa.Public(), KeyID: "rsa"})
	if err != nil {
		t.Fatal(err)
	}
	good := rs(nil)
	for _, c := range []struct {
		name, path, token string
		want              int
	}{
		{"RS256", "/scoped", good, 200},
		{"ES256", "/scoped", s.sign(t, jose.ES256, s.ec, "ec", s.claims(nil)), 200},
		{"audience in a list", "/scoped", rs(object{"aud": []string{"x", audience}}), 200},
		{"client_id without aud", "/scoped", rs(object{"aud": nil, "client_id": audience}), 200},
		{"scp as a list", "/scoped", rs(object{"scope": nil, "scp": []string{"things:write"}}), 200},
		{"scp as a string", "/scoped", rs(object{"scope": nil, "scp": "a things:write"}), 200},
		{"no scope where none is asked", "/open", rs(object{"scope": nil}), 200},

		{"no token", "/open", "", 401},
		{"no JWT", "/open", "garbage", 401},
		{"expired", "/open", rs(object{"exp": now - 1}), 401},
		{"expires now", "/open", rs(object{"exp": now}), 401},
		{"no expiry", "/open", rs(object{"exp": nil}), 401},
		{"expiry as text", "/open", rs(object{"exp": "2999999999"}), 401},
		{"not yet valid", "/open", rs(object{"nbf": now + 5}), 401},
		{"issued later", "/open", rs(object{"iat": now + 5}), 401},
		{"wrong issuer", "/open", rs(object{"iss": "https://evil.test"}), 401},
		{"no issuer", "/open", rs(object{"iss": nil}), 401},
		{"wrong audience", "/open", rs(object{"aud": "console"}), 401},
		{"aud decides before client_id", "/open", rs(object{"aud": "console", "client_id": audience}), 401},
		{"no audience", "/open", rs(object{"aud": nil}), 401},
		{"unknown kid", "/open", s.sign(t, jose.RS256, s.rsa, "old", s.claims(nil)), 401},
		{"no kid", "/open", s.sign(t, jose.RS256, s.rsa, "", s.claims(nil)), 401},
		{"another's key under our kid", "/open", s.sign(t, jose.RS256, stranger.rsa, "rsa", s.claims(nil)), 401},
		{"encryption key", "/open", s.sign(t, jose.RS256, s.rsa, "encryption", s.claims(nil)), 401},
		{"algorithm the key does not name", "/open", s.sign(t, jose.RS384, s.rsa, "rsa", s.claims(nil)), 401},
		{"PS256", "/open", s.sign(t, jose.PS256, s.rsa, "rsa", s.claims(nil)), 401},
		{"PS256 and a key for any algorithm", "/open", s.sign(t, jose.PS256, s.rsa, "plain", s.claims(nil)), 401},
		{"HS256 with the public key", "/open", s.sign(t, jose.HS256, publicKey, "rsa", s.claims(nil)), 401},
		{"alg none", "/open", unsigned(`{"alg":"none","kid":"rsa"}`), 401},
		{"alg RS256, no signature", "/open", unsigned(`{"alg":"RS256","kid":"rsa"}`), 401},
		{"changed signature", "/open", good[:len(good)-8] + "AAAAAAAA", 401},

		{"other scopes", "/scoped", rs(object{"scope": "things:list"}), 403},
		{"scope by prefix", "/scoped", rs(object{"scope": "things:read-all things"}), 403},
		{"no scope", "/scoped", rs(object{"scope": nil}), 403},
	} {
		r := request("GET", c.path, "")
		if c.token != "" {
			r.Header.Set("Authorization", "Bearer "+c.token)
		}
		res := serve(t, g, r)
		want := map[int]string{401: `{"message":"Unauthorized"}`, 403: `{"message":"Forbidden"}`}[c.want]
		if got := text(t, res); res.StatusCode != c.want || c.want != 200 && got != want {
			t.Errorf("%s: got %d %.80s, want %d", c.name, res.StatusCode, got, c.want)
		}
		if got := res.Header.Get("WWW-Authenticate"); strings.HasPrefix(got, "Bearer") != (c.want == 401) {
			t.Errorf("%s: WWW-Authenticate %q", c.name, got)
		}
	}
}

func TestClaimsReachTheFunctionAsStrings(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	g := s.gateway(t)
	token := s.sign(t, jose.RS256, s.rsa, "rsa", s.claims(object{
		"groups": []string{"a", "b"}, "admin": true, "level": 1.5, "address": object{"city": "Rome"},
	}))
	res := serve(t, g, request("GET", "/scoped", "", "Authorization", token)) // The scheme is optional.
	var got struct {
		RequestContext struct {
			Authorizer struct {
				JWT struct {
					Claims map[string]any
					Scopes []string
				}
			}
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"iss": issuer, "aud": audience, "sub": "user-1", "scope": "things:read things:list",
		"iat": "1799999990", "exp": "1800000060",
		"groups": "[a b]", "admin": "true", "level": "1.5", "address": "map[city:Rome]",
	}
	jwt := got.RequestContext.Authorizer.JWT
	if diff := cmp.Diff(want, jwt.Claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"things:read"}, jwt.Scopes); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}

func TestKeysAreFetchedOnceAndAgainAfterRotation(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	g := s.gateway(t)
	status := func(kid string) int {
		token := s.sign(t, jose.RS256, s.rsa, kid, s.claims(nil))
		return serve(t, g, request("GET", "/open", "", "Authorization", "Bearer "+token)).StatusCode
	}
	for range 3 {
		if got := status("rsa"); got != 200 {
			t.Fatalf("status %d", got)
		}
		status("unknown")
	}
	if s.fetches != 1 {
		t.Errorf("%d fetches, want 1: unknown keys must not cause more at once", s.fetches)
	}
	old := s.rsa
	s.rsa = newSigner(t).rsa
	s.now = s.now.Add(10 * time.Second)
	if status("unknown"); s.fetches != 2 {
		t.Errorf("%d fetches, want 2", s.fetches)
	}
	if got := status("rsa"); got != 200 {
		t.Errorf("new key: status %d", got)
	}
	s.rsa = old
	if got := status("rsa"); got != 401 {
		t.Errorf("old key: status %d", got)
	}
}

func TestDiscoverKeys(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	answer := func(v any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if err := json.NewEncoder(w).Encode(v); err != nil {
				t.Error(err)
			}
		}
	}
	mux.HandleFunc("/tenant/.well-known/openid-configuration", answer(object{"jwks_uri": server.URL + "/keys"}))
	mux.HandleFunc("/keys", answer(s.keys()))
	keys, err := gateway.DiscoverKeys(t.Context(), server.URL+"/tenant/")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(keys.Key("ec")); got != 1 {
		t.Errorf("%d keys named ec, want 1", got)
	}
	if _, err := gateway.DiscoverKeys(t.Context(), server.URL); err == nil {
		t.Error("an issuer without configuration: no error")
	}
}
