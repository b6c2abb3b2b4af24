// Package issuer is the OpenID Connect issuer of a local environment. It owns
// one signing key, publishes it, and mints the access tokens that API Gateway's
// JWT authorizer (or its local stand-in) accepts.
//
// It is for one developer's machine: whoever reaches it gets a token for any
// tenant. It depends on the standard library and go-jose only.
package issuer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Audience is the aud claim of every token.
const Audience = "tenon"

// An Issuer signs access tokens and serves its discovery documents.
type Issuer struct {
	baseURL string
	origin  string
	key     jose.JSONWebKey
	signer  jose.Signer
	now     func() time.Time
	mux     *http.ServeMux
}

// Open returns the issuer whose identifier is baseURL. Its signing key is read
// from dir, or created there (mode 0600) on first use, so that tokens stay
// valid after a restart.
func Open(dir, baseURL string, now func() time.Time) (*Issuer, error) {
	base, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("issuer base URL: %w", err)
	}
	if base.Host == "" {
		return nil, fmt.Errorf("issuer base URL %q is not absolute", baseURL)
	}
	key, err := openKey(dir)
	if err != nil {
		return nil, err
	}
	options := (&jose.SignerOptions{}).WithType("at+jwt") // RFC 9068, section 2.1.
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, options)
	if err != nil {
		return nil, fmt.Errorf("issuer signer: %w", err)
	}
	i := &Issuer{
		baseURL: strings.TrimSuffix(baseURL, "/"),
		origin:  base.Scheme + "://" + base.Host,
		key:     key,
		signer:  signer,
		now:     now,
		mux:     http.NewServeMux(),
	}
	i.mux.HandleFunc("GET /.well-known/openid-configuration", i.discovery)
	i.mux.HandleFunc("GET /jwks.json", i.keys)
	return i, nil
}

// ServeHTTP serves /.well-known/openid-configuration and /jwks.json, as paths
// below the base URL.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mux.ServeHTTP(w, r)
}

// BaseURL returns the issuer identifier: the iss claim of every token.
func (i *Issuer) BaseURL() string { return i.baseURL }

// discovery answers the part of OpenID Connect Discovery 1.0 that a verifier
// of access tokens reads. There is no authorization endpoint.
func (i *Issuer) discovery(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, "application/json", http.StatusOK, map[string]any{
		"issuer":                                i.baseURL,
		"jwks_uri":                              i.baseURL + "/jwks.json",
		"response_types_supported":              []string{},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{string(jose.RS256)},
	})
}

func (i *Issuer) keys(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, "application/json", http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.key.Public()}})
}

// writeJSON ignores a failed write: the client has gone and nobody is left to
// be told.
func writeJSON(w http.ResponseWriter, contentType string, status int, body any) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
