package walktest_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

const (
	suiteTalk    = "https://1234567-sb1.suitetalk.api.netsuite.com"
	suiteToken   = suiteTalk + "/services/rest/auth/oauth2/v1/token"
	suiteCatalog = suiteTalk + "/services/rest/record/v1/metadata-catalog"
	suiteClient  = "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ABCDEF"
	suiteScopes  = "rest_webservices,restlets"
)

// netSuite is one account of NetSuite, as Oracle documents its machine to machine
// grant and its token-based authentication.
type netSuite struct {
	tba func(*http.Request) bool // Checks a signed request.

	mu           sync.Mutex
	certificates map[string]crypto.PublicKey // By id.
	algorithm    string
	access       map[string]bool
	shown        []string // Key ids, in order.
	asked        []string // Everything else that was asked.
}

func (n *netSuite) Do(r *http.Request) (*http.Response, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	status, answer := http.StatusNotFound, any(nil)
	switch address := r.Method + " " + r.URL.String(); address {
	case "POST " + suiteToken:
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		status, answer = n.grant(string(body))
	case "GET " + suiteCatalog:
		token, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		status, answer = http.StatusUnauthorized, map[string]any{"title": "Unauthorized"}
		if isBearer && n.access[token] || n.tba != nil && n.tba(r) {
			status, answer = http.StatusOK, map[string]any{"items": []any{}}
		}
	default:
		n.asked = append(n.asked, address)
	}
	encoded, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(encoded))), Request: r,
	}, nil
}

// grant checks the request as "The Request Token Structure" has it.
func (n *netSuite) grant(body string) (int, any) {
	refused := func(code string) (int, any) { return http.StatusBadRequest, map[string]any{"error": code} }
	form, err := url.ParseQuery(body)
	if err != nil || form.Get("grant_type") != "client_credentials" || form.Has("scope") || form.Has("client_secret") ||
		form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		return refused("invalid_request")
	}
	signed, err := jose.ParseSignedCompact(form.Get("client_assertion"), []jose.SignatureAlgorithm{jose.PS256, jose.ES256})
	if err != nil {
		return refused("invalid_client")
	}
	header := signed.Signatures[0].Header
	n.shown = append(n.shown, header.KeyID)
	payload, err := signed.Verify(n.certificates[header.KeyID])
	if err != nil || header.Algorithm != n.algorithm {
		return refused("invalid_client")
	}
	var claims struct {
		Issuer   string `json:"iss"`
		Audience string `json:"aud"`
		Scope    string `json:"scope"`
		IssuedAt int64  `json:"iat"`
		Expires  int64  `json:"exp"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil || claims.Issuer != suiteClient || claims.Audience != suiteToken ||
		claims.Scope != suiteScopes || claims.Expires-claims.IssuedAt >= 3600 || claims.Expires <= claims.IssuedAt {
		return refused("invalid_client")
	}
	token := "access-" + rand.Text()
	n.access[token] = true
	return http.StatusOK, map[string]any{"access_token": token, "expires_in": "3600", "token_type": "bearer"}
}

// tenantKey is the one signing key that every tenant has.
type tenantKey method.SigningKey

func (k tenantKey) Find(_ context.Context, _, algorithm, _ string) (method.SigningKey, error) {
	key := method.SigningKey(k)
	key.Algorithm = algorithm
	return key, nil
}

// signsWith lets the world reach the system alone, and sign with a new key. It
// returns the public half.
func (w *world) signsWith(t *testing.T, system method.Doer, algorithm string) crypto.PublicKey {
	t.Helper()
	var key crypto.Signer
	var err error
	if algorithm == "ES256" {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	must(t, err)
	reach := method.Reach{HTTP: system, Keys: methodtest.Keys{methodtest.KeyARN: key}, Now: w.tick, Random: rand.Reader}
	w.templates.SigningKeys = tenantKey{ID: "sgk-1", ARN: methodtest.KeyARN}
	w.connects.Reach, w.checks.Reach, w.leases.Refresher.Reach = reach, reach, reach
	return key.Public()
}
