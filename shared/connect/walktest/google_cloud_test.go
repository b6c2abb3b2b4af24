package walktest_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
)

const (
	googleRobot = "sync@acme-prod.iam.gserviceaccount.com"
	googleKeyID = "0123456789abcdef" + "0123456789abcdef" + "01234567"
)

// google knows one key of one service account, which may act for ann.
type google struct {
	public crypto.PublicKey
	access string
	shown  map[string]any // Claims of the last assertion that was accepted.
}

func (g *google) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	status, answer := http.StatusNotFound, any(nil)
	switch r.Method + " " + r.URL.String() {
	case "POST https://oauth2.googleapis.com/token":
		status, answer = g.grant(string(body))
	case "POST https://oauth2.googleapis.com/tokeninfo":
		status, answer = http.StatusBadRequest, map[string]any{"error": "invalid_token"}
		if g.access != "" && r.Header.Get("Authorization") == "Bearer "+g.access {
			status, answer = http.StatusOK, map[string]any{"aud": "104857600000000000001", "scope": g.shown["scope"], "expires_in": "3599"}
		}
	}
	encoded, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(string(encoded))), Request: r,
	}, nil
}

func (g *google) grant(body string) (int, any) {
	refused := map[string]any{"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
	form, err := url.ParseQuery(body)
	if err != nil || form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" || len(form) != 2 {
		return http.StatusBadRequest, refused
	}
	signed, err := jose.ParseSignedCompact(form.Get("assertion"), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || signed.Signatures[0].Header.KeyID != googleKeyID {
		return http.StatusBadRequest, refused
	}
	payload, err := signed.Verify(g.public)
	var claims map[string]any
	if err != nil || json.Unmarshal(payload, &claims) != nil || claims["iss"] != googleRobot || claims["aud"] != "https://oauth2.googleapis.com/token" {
		return http.StatusBadRequest, refused
	}
	if sub, delegated := claims["sub"]; delegated && sub != "ann@acme.example" {
		return http.StatusUnauthorized, map[string]any{"error": "unauthorized_client"}
	}
	g.shown, g.access = claims, "ya29."+rand.Text()
	return http.StatusOK, map[string]any{"access_token": g.access, "expires_in": 3599, "token_type": "Bearer"}
}

// googleFile is the key file that Google hands out.
func googleFile(t *testing.T, key *rsa.PrivateKey, endpoint string) map[string]string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	file, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "acme-prod", "private_key_id": googleKeyID, "client_email": googleRobot, "token_uri": endpoint,
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	})
	must(t, err)
	return map[string]string{"key": string(file)}
}

// A service account that knows the tenant's key and one whose key file was
// uploaded ask alike, for themselves or for a user.
func TestGoogleServiceAccounts(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	file := googleFile(t, key, "https://oauth2.googleapis.com/token")
	for name, test := range map[string]struct{ scheme, subject string }{
		"our key": {"service_account", ""}, "our key, for a user": {"service_account", "ann@acme.example"},
		"key file": {"service_account_key", ""}, "key file, for a user": {"service_account_key", "ann@acme.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := entry(t, "google-cloud", handoff, nil)
			made, err := w.templates.Create(t.Context(), ann(), template.Define{Connector: "google-cloud", Name: "Cloud", StableKey: "cloud", Scheme: test.scheme})
			must(t, err)
			g := &google{}
			g.public = w.signsWith(t, g, "RS256")
			ask := connect.New{TemplateID: made.ID, Name: "Cloud", Inputs: map[string]string{}}
			if test.scheme == "service_account" {
				ask.Inputs["serviceAccount"], ask.Inputs["keyId"] = googleRobot, googleKeyID
			} else {
				g.public, ask.Credential = key.Public(), concealed(file)
			}
			if test.subject != "" {
				ask.Inputs["subject"] = test.subject
			}
			c, err := w.connects.Create(t.Context(), ann(), ask)
			must(t, err)
			if got, _ := g.shown["sub"].(string); got != test.subject || g.shown["scope"] != "https://www.googleapis.com/auth/cloud-platform" {
				t.Errorf("claims %v", g.shown)
			}
			w.wantOutcome(t, c.ID, catalog.OK)
			if c.Account.ID != "104857600000000000001" {
				t.Errorf("account %+v", c.Account)
			}
		})
	}
}

// A key file for someone else's token endpoint is refused before it is used.
func TestGoogleKeyFileOfAnotherEndpoint(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	w := entry(t, "google-cloud", handoff, nil)
	made, err := w.templates.Create(t.Context(), ann(), template.Define{Connector: "google-cloud", Name: "Cloud", StableKey: "cloud", Scheme: "service_account_key"})
	must(t, err)
	g := &google{}
	w.signsWith(t, g, "ES256")
	_, err = w.connects.Create(t.Context(), ann(), connect.New{
		TemplateID: made.ID, Name: "Cloud", Credential: concealed(googleFile(t, key, "https://oauth2.googleapis.com.evil.example/token")),
	})
	if !fault.Has(err, fault.CodeValidationFailed) || g.shown != nil {
		t.Errorf("got %v, asked with %v", err, g.shown)
	}
}
