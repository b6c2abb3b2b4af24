// Package issuer is the OpenID Connect issuer of a local environment. It owns
// one signing key, publishes it, mints the access tokens that API Gateway's
// JWT authorizer (or its local stand-in) accepts, and signs people in to the
// console by the authorization code flow with PKCE, and to the command line by
// the device flow.
//
// It is for one developer's machine: whoever reaches it gets a token for any
// tenant. What a browser or the console was given is forgotten when the process
// ends; tokens stay valid. It depends on the standard library, go-jose and the
// route table, which has the scopes.
package issuer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Audience is the aud claim of every token.
const Audience = "tenon"

// An Issuer signs access tokens, serves its discovery documents and signs
// people in. Its methods are safe for concurrent use.
type Issuer struct {
	baseURL    string
	origin     string
	path       string
	origins    []string // Where the console may be.
	cookieName string
	key        jose.JSONWebKey
	signer     jose.Signer // Of access tokens.
	identities jose.Signer // Of ID tokens.
	now        func() time.Time
	mux        *http.ServeMux

	mu        sync.Mutex // Guards what follows, and what it holds.
	requests  *held[request]
	sessions  *held[*session]
	codes     *held[*ticket]
	devices   *held[*device]
	refreshes *held[*ticket]
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
	i := &Issuer{
		baseURL:    strings.TrimSuffix(baseURL, "/"),
		origin:     base.Scheme + "://" + base.Host,
		path:       strings.TrimSuffix(base.Path, "/"),
		origins:    origins(base),
		cookieName: "tenon-dev-issuer-" + base.Port(),
		key:        key,
		now:        now,
		mux:        http.NewServeMux(),
		requests:   newHeld[request](10 * time.Minute),
		sessions:   newHeld[*session](sessionLife),
		codes:      newHeld[*ticket](time.Minute),
		devices:    newHeld[*device](deviceLife),
		refreshes:  newHeld[*ticket](sessionLife),
	}
	i.signer, err = newSigner(key, "at+jwt") // RFC 9068, section 2.1.
	if err != nil {
		return nil, err
	}
	i.identities, err = newSigner(key, "JWT")
	if err != nil {
		return nil, err
	}
	i.routes()
	return i, nil
}

func newSigner(key jose.JSONWebKey, kind jose.ContentType) (jose.Signer, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, (&jose.SignerOptions{}).WithType(kind))
	if err != nil {
		return nil, fmt.Errorf("issuer signer: %w", err)
	}
	return signer, nil
}

func (i *Issuer) routes() {
	i.mux.HandleFunc("GET /.well-known/openid-configuration", i.forConsole(i.discovery))
	i.mux.HandleFunc("GET /jwks.json", i.forConsole(i.keys))
	i.mux.HandleFunc("GET /authorize", i.authorize)
	i.mux.HandleFunc("POST /authorize", i.choose)
	i.mux.HandleFunc("POST /device_authorization", i.authorizeDevice)
	i.mux.HandleFunc("GET /device", i.enter)
	i.mux.HandleFunc("POST /device", i.confirm)
	i.mux.HandleFunc("POST /token", i.forConsole(i.exchange))
	i.mux.HandleFunc("GET /end-session", i.endSession)
}

// forConsole lets the console read an answer when it is open under the other
// name of this machine.
func (i *Issuer) forConsole(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		if origin := r.Header.Get("Origin"); slices.Contains(i.origins, origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
		}
		next(w, r)
	}
}

// ServeHTTP serves /.well-known/openid-configuration, /jwks.json, /authorize,
// /device_authorization, /device, /token and /end-session, as paths below the
// base URL.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mux.ServeHTTP(w, r)
}

// BaseURL returns the issuer identifier: the iss claim of every token.
func (i *Issuer) BaseURL() string { return i.baseURL }

// discovery answers the metadata of OpenID Connect Discovery 1.0.
func (i *Issuer) discovery(w http.ResponseWriter, _ *http.Request) {
	all := scopes(func(string) bool { return true })
	writeJSON(w, "application/json", http.StatusOK, map[string]any{
		"issuer":                                i.baseURL,
		"jwks_uri":                              i.baseURL + "/jwks.json",
		"authorization_endpoint":                i.baseURL + "/authorize",
		"token_endpoint":                        i.baseURL + "/token",
		"device_authorization_endpoint":         i.baseURL + "/device_authorization", // RFC 8628, section 4.
		"end_session_endpoint":                  i.baseURL + "/end-session",
		"scopes_supported":                      append(identityScopes(), all...),
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token", deviceGrant},
		"prompt_values_supported":               []string{"none", "login", "select_account"},
		"code_challenge_methods_supported":      []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{"none"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{string(jose.RS256)},
		"claims_supported":                      []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "name", "email", "tenant"},
		"request_uri_parameter_supported":       false,

		"authorization_response_iss_parameter_supported": true,
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
