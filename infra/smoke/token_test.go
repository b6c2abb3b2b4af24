package smoke_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/smoke"
	"github.com/tenonhq/tenon/shared/secret"
)

// issuer answers like one; metadata may replace what it says of itself.
func issuer(t *testing.T, metadata map[string]string, token http.HandlerFunc) string {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		said := map[string]string{"issuer": server.URL + "/", "token_endpoint": server.URL + "/token"}
		for name, value := range metadata {
			said[name] = value
		}
		if err := json.NewEncoder(w).Encode(said); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("POST /token", token)
	return server.URL
}

func credentials(address string) smoke.Credentials {
	return smoke.Credentials{
		Issuer: address, ClientID: "deploy", Secret: secret.FromString("canary-secret"),
		Scopes: []string{"tenants:admin", "audit:read"}, Audience: "tenon",
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	asked := 0
	var form url.Values
	address := issuer(t, nil, func(w http.ResponseWriter, r *http.Request) {
		asked++
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		form = r.PostForm
		if user, password, ok := r.BasicAuth(); !ok || user != "deploy" || password != "canary-secret" {
			t.Errorf("the client is %q, %v", user, ok)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"fake-token","token_type":"Bearer","expires_in":3600}`)
	})
	tokens, err := credentials(address).Tokens(t.Context(), http.DefaultClient)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if token, err := tokens(t.Context()); err != nil || token != "fake-token" {
			t.Errorf("got %q, %v", token, err)
		}
	}
	want := url.Values{"grant_type": {"client_credentials"}, "scope": {"tenants:admin audit:read"}, "audience": {"tenon"}}
	if diff := cmp.Diff(want, form); diff != "" || asked != 1 {
		t.Errorf("asked %d times (-want +got):\n%s", asked, diff)
	}
}

func TestTokensRefuse(t *testing.T) {
	t.Parallel()
	refusal := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":"invalid_client","error_description":"canary-secret is wrong"}`)
	}
	for name, c := range map[string]struct {
		metadata map[string]string
		want     string
	}{
		"a refusal":                {nil, "the issuer gave no token: 401 Unauthorized invalid_client"},
		"another issuer":           {map[string]string{"issuer": "https://evil.example"}, `says that it is "https://evil.example"`},
		"an endpoint without TLS":  {map[string]string{"token_endpoint": "http://id.example.com/token"}, "is not https"},
		"an issuer without tokens": {map[string]string{"token_endpoint": ""}, "is not https"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tokens, err := credentials(issuer(t, c.metadata, refusal)).Tokens(t.Context(), http.DefaultClient)
			if err == nil {
				_, err = tokens(t.Context())
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
