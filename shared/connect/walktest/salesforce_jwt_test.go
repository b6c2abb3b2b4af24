package walktest_test

import (
	"crypto"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// salesforce is an org whose app has a certificate and a user who is
// pre-authorized.
type salesforce struct {
	instance string // What it says the org's host is.
	public   crypto.PublicKey

	mu      sync.Mutex
	access  string
	revoked []string
	asked   []string
}

func (s *salesforce) Do(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.asked = append(s.asked, r.Method+" "+r.URL.String())
	form, _ := url.ParseQuery(string(body)) // A request without a form has none.
	status, answer := http.StatusNotFound, any(nil)
	switch r.URL.String() {
	case "https://acme.my.salesforce.com/services/oauth2/token":
		status, answer = s.grant(form)
	case "https://acme--eu.my.salesforce.com/services/oauth2/userinfo":
		status, answer = http.StatusForbidden, map[string]any{"error": "Bad_OAuth_Token"}
		if r.Header.Get("Authorization") == "Bearer "+s.access {
			status, answer = http.StatusOK, map[string]any{"organization_id": "00D000000000001", "preferred_username": "sync@acme.example"}
		}
	case "https://acme--eu.my.salesforce.com/services/oauth2/revoke":
		s.revoked = append(s.revoked, form.Get("token"))
		status = http.StatusOK
	}
	encoded, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(encoded))), Request: r,
	}, nil
}

func (s *salesforce) grant(form url.Values) (int, any) {
	refused := map[string]any{"error": "invalid_grant", "error_description": "user hasn't approved this consumer"}
	signed, err := jose.ParseSignedCompact(form.Get("assertion"), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		return http.StatusBadRequest, refused
	}
	payload, err := signed.Verify(s.public)
	if err != nil {
		return http.StatusBadRequest, refused
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		return http.StatusBadRequest, refused
	}
	life, _ := claims["exp"].(float64)
	issued, _ := claims["iat"].(float64)
	// The audience is the kind of org, though the request goes to its own host.
	if claims["iss"] != "client-1" || claims["sub"] != "sync@acme.example" || claims["aud"] != "https://test.salesforce.com" || life-issued > 180 {
		return http.StatusBadRequest, refused
	}
	s.access = "00D000000000001!" + form.Get("assertion")[len(form.Get("assertion"))-20:]
	return http.StatusOK, map[string]any{
		"access_token": s.access, "scope": "api id", "instance_url": s.instance, "id": s.instance + "/id/00D/005", "token_type": "Bearer",
	}
}

func org(t *testing.T, instance string) (*world, *salesforce, connect.New) {
	t.Helper()
	w := entry(t, "salesforce", jwtBearer, nil)
	s := &salesforce{instance: instance}
	s.public = w.signsWith(t, s, "RS256")
	return w, s, connect.New{TemplateID: w.made.ID, Name: "Salesforce", Inputs: map[string]string{
		"host": "acme.my.salesforce.com", "audience": "test.salesforce.com", "username": "sync@acme.example",
	}}
}

// Salesforce says no lifetime, and which host the org has; there the token is
// used and revoked.
func TestSalesforceJWT(t *testing.T) {
	t.Parallel()
	w, s, ask := org(t, "https://acme--eu.my.salesforce.com")
	c, err := w.connects.Create(t.Context(), ann(), ask)
	must(t, err)
	if got := c.Credential.ExpiresAt.Sub(c.Credential.PromotedAt); got != time.Hour || c.BaseURL != s.instance {
		t.Errorf("lifetime %s, base URL %s", got, c.BaseURL)
	}
	if diff := cmp.Diff(connection.Account{ID: "00D000000000001", Name: "sync@acme.example"}, c.Account); diff != "" {
		t.Errorf("account (-want +got):\n%s", diff)
	}
	first, err := w.lease(c.ID)
	must(t, err)
	w.advance(time.Hour)
	second, err := w.lease(c.ID)
	must(t, err)
	if second.Credential.AccessToken.Equal(first.Credential.AccessToken) {
		t.Error("the token is the old one")
	}
	w.wantOutcome(t, c.ID, catalog.OK)
	_, err = w.connects.Disconnect(t.Context(), ann(), c.ID, "")
	must(t, err)
	if diff := cmp.Diff([]string{second.Credential.AccessToken.Reveal()}, s.revoked); diff != "" {
		t.Errorf("revoked (-want +got):\n%s", diff)
	}
}

// A host that is not Salesforce's gets no token, whoever says it is the org's.
func TestSalesforceJWTOfAForeignHost(t *testing.T) {
	t.Parallel()
	w, s, ask := org(t, "")
	for _, instance := range []string{
		"https://evil.example.com", "https://acme.my.salesforce.com.evil.example", "https://evil-salesforce.com", "http://acme.my.salesforce.com",
		"https://acme.my.salesforce.com@evil.example", "https://acme.my.salesforce.com:8443", "",
	} {
		s.instance, s.asked = instance, nil
		_, err := w.connects.Create(t.Context(), ann(), ask)
		if !fault.Has(err, fault.CodeProviderError) {
			t.Errorf("%q: got %v, want %s", instance, err, fault.CodeProviderError)
		}
		w.nothing()
		if diff := cmp.Diff([]string{"POST https://acme.my.salesforce.com/services/oauth2/token"}, s.asked); diff != "" {
			t.Errorf("%q: asked (-want +got):\n%s", instance, diff)
		}
	}
}

// A user who is not pre-authorized, and a key whose certificate the app does not
// have, are refused alike.
func TestSalesforceJWTRefused(t *testing.T) {
	t.Parallel()
	w, s, ask := org(t, "https://acme--eu.my.salesforce.com")
	ask.Inputs["username"] = "someone@acme.example"
	_, err := w.connects.Create(t.Context(), ann(), ask)
	if !fault.Has(err, fault.CodeVerificationFailed) {
		t.Errorf("user: got %v", err)
	}
	ask.Inputs["username"] = "sync@acme.example"
	w.signsWith(t, s, "RS256")
	if _, err := w.connects.Create(t.Context(), ann(), ask); !fault.Has(err, fault.CodeVerificationFailed) {
		t.Errorf("key: got %v", err)
	}
	w.nothing()
}
