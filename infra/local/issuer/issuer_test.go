package issuer_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/issuer"
)

const baseURL = "http://127.0.0.1:8787/dev/issuer"

var clock = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func open(t *testing.T, dir string) *issuer.Issuer {
	t.Helper()
	i, err := issuer.Open(dir, baseURL, func() time.Time { return clock })
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func get(t *testing.T, i *issuer.Issuer, path string, into any) {
	t.Helper()
	w := httptest.NewRecorder()
	i.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: got status %d, want 200", path, w.Code)
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		t.Fatal(err)
	}
}

// verify checks the signature of token against the published keys and returns
// its claims.
func verify(t *testing.T, i *issuer.Issuer, token string) map[string]any {
	t.Helper()
	var set jose.JSONWebKeySet
	get(t, i, "/jwks.json", &set)
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	keys := set.Key(parsed.Headers[0].KeyID)
	if len(keys) != 1 {
		t.Fatalf("got %d published keys for the token, want 1", len(keys))
	}
	claims := map[string]any{}
	if err := parsed.Claims(keys[0], &claims); err != nil {
		t.Fatalf("verify: %v", err)
	}
	return claims
}

func TestTokenCarriesTheClaims(t *testing.T) {
	t.Parallel()
	i := open(t, t.TempDir())
	token, err := i.Token(issuer.Claims{
		Tenant: "acme", Subject: "dev@example.com", Scopes: []string{"connections:read", "connections:write"},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := verify(t, i, token)
	if id, _ := got["jti"].(string); len(id) < 20 {
		t.Errorf("jti: got %q, want a random identifier", id)
	}
	delete(got, "jti")
	want := map[string]any{
		"iss": baseURL, "sub": "dev@example.com", "aud": "tenon", "client_id": "tenon-dev",
		"tenant": "acme", "scope": "connections:read connections:write",
		"iat": float64(clock.Unix()), "nbf": float64(clock.Unix()), "exp": float64(clock.Add(8 * time.Hour).Unix()),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestTokenSurvivesARestart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "issuer")
	token, err := open(t, dir).Token(issuer.Claims{Tenant: "acme", Subject: "a"})
	if err != nil {
		t.Fatal(err)
	}
	verify(t, open(t, dir), token)

	info, err := os.Stat(filepath.Join(dir, "signing-key.json"))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("key file mode: got %o, want 600", got)
	}
}

func TestPublishedDocuments(t *testing.T) {
	t.Parallel()
	i := open(t, t.TempDir())
	var discovery map[string]any
	get(t, i, "/.well-known/openid-configuration", &discovery)
	if got, want := discovery["issuer"], baseURL; got != want {
		t.Errorf("issuer: got %v, want %v", got, want)
	}
	if got, want := discovery["jwks_uri"], baseURL+"/jwks.json"; got != want {
		t.Errorf("jwks_uri: got %v, want %v", got, want)
	}
	var set struct{ Keys []map[string]any }
	get(t, i, "/jwks.json", &set)
	for _, private := range []string{"d", "p", "q", "dp", "dq", "qi"} {
		if _, ok := set.Keys[0][private]; ok {
			t.Errorf("the published key contains the private member %q", private)
		}
	}
}

func TestOpenRefusesABadKeyFile(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"not JSON":   "x",
		"public key": `{"kty":"RSA","n":"AQAB","e":"AQAB"}`,
		"symmetric":  `{"kty":"oct","k":"AQAB"}`,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "signing-key.json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := issuer.Open(dir, baseURL, time.Now); err == nil {
			t.Errorf("%s: opened, want an error", name)
		}
	}
}
