package issuer

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

// consoleLifetime is how long the console's access and ID tokens are valid.
const consoleLifetime = time.Hour

// tokens is the answer of the token endpoint (RFC 6749, section 5.1).
type tokens struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	Scope        string `json:"scope"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token,omitempty"` // Where openid was asked for.
}

// identity is the payload of an ID token (OpenID Connect Core 1.0, section 2).
type identity struct {
	Issuer   string           `json:"iss"`
	Subject  string           `json:"sub"`
	Audience string           `json:"aud"`
	Expiry   *jwt.NumericDate `json:"exp"`
	IssuedAt *jwt.NumericDate `json:"iat"`
	AuthTime *jwt.NumericDate `json:"auth_time"`
	Nonce    string           `json:"nonce,omitempty"`
	Name     string           `json:"name"`
	Email    string           `json:"email"`
	Tenant   string           `json:"tenant"`
}

// exchange answers POST /token of a public client: the authorization code
// grant with its verifier, the device grant, and the refresh token grant with
// rotation.
func (i *Issuer) exchange(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		refuseToken(w, r, oauthError{"invalid_request", "The form cannot be read."})
		return
	}
	form := r.PostForm
	var answer tokens
	refused := checkClient(r)
	if refused == nil {
		switch form.Get("grant_type") {
		case "authorization_code":
			answer, refused = i.redeem(form)
		case "refresh_token":
			answer, refused = i.refresh(form)
		case deviceGrant:
			answer, refused = i.redeemDevice(form)
		case "":
			refused = &oauthError{"invalid_request", "grant_type is missing."}
		default:
			refused = &oauthError{"unsupported_grant_type", "The grant types are authorization_code, refresh_token and that of devices."}
		}
	}
	if refused != nil {
		refuseToken(w, r, *refused)
		return
	}
	writeJSON(w, "application/json", http.StatusOK, answer)
}

// checkClient refuses other clients and a repeated parameter.
func checkClient(r *http.Request) *oauthError {
	if name := repeated(r.PostForm); name != "" {
		return &oauthError{"invalid_request", name + " is there more than once."}
	}
	if r.Header.Get("Authorization") != "" || r.PostForm.Has("client_secret") {
		return &oauthError{"invalid_client", "The client has no secret."}
	}
	if r.PostForm.Get("client_id") != ConsoleClient {
		return &oauthError{"invalid_client", "The client_id must be " + ConsoleClient + "."}
	}
	return nil
}

func (i *Issuer) redeem(form url.Values) (tokens, *oauthError) {
	for _, name := range []string{"code", "redirect_uri", "code_verifier"} {
		if form.Get(name) == "" {
			return tokens{}, &oauthError{"invalid_request", name + " is missing."}
		}
	}
	g, ok := i.use(i.codes, form.Get("code"))
	if !ok || form.Get("redirect_uri") != g.request.redirectURI || !g.request.proves(form.Get("code_verifier")) {
		return tokens{}, &oauthError{"invalid_grant", "The code is unknown, used or over, or of another redirect_uri or verifier."}
	}
	return i.issue(g, g.request.nonce, g.scopes)
}

func (i *Issuer) refresh(form url.Values) (tokens, *oauthError) {
	if form.Get("refresh_token") == "" {
		return tokens{}, &oauthError{"invalid_request", "refresh_token is missing."}
	}
	g, ok := i.use(i.refreshes, form.Get("refresh_token"))
	if !ok {
		return tokens{}, &oauthError{"invalid_grant", "The refresh token is unknown, used or over."}
	}
	granted := g.scopes
	if asked := strings.Fields(form.Get("scope")); len(asked) > 0 {
		if slices.ContainsFunc(asked, func(s string) bool { return !slices.Contains(g.all(g.scopes), s) }) {
			return tokens{}, &oauthError{"invalid_scope", "The scope is more than was granted."}
		}
		granted = slices.DeleteFunc(slices.Clone(g.scopes), func(s string) bool { return !slices.Contains(asked, s) })
	}
	return i.issue(g, "", granted) // An ID token of a refresh has no nonce (OpenID Connect Core 1.0, section 12.2).
}

// all returns the scopes of OpenID Connect that were asked for, and those of
// the API.
func (g *grant) all(ofAPI []string) []string {
	asked := slices.DeleteFunc(slices.Clone(g.request.scopes), func(s string) bool { return !slices.Contains(identityScopes(), s) })
	return append(asked, ofAPI...)
}

// issue signs the tokens of a grant.
func (i *Issuer) issue(g *grant, nonce string, granted []string) (tokens, *oauthError) {
	p := g.session.person
	access, expiry, err := i.sign(Claims{
		Tenant: p.Tenant, Subject: p.ID, Scopes: granted, Lifetime: consoleLifetime, client: ConsoleClient,
	})
	if err != nil {
		return tokens{}, &oauthError{"server_error", err.Error()}
	}
	answer := tokens{
		AccessToken: access, TokenType: "Bearer", ExpiresIn: int(consoleLifetime / time.Second), Scope: strings.Join(g.all(granted), " "),
	}
	if slices.Contains(g.request.scopes, "openid") {
		answer.IDToken, err = jwt.Signed(i.identities).Claims(identity{
			Issuer: i.baseURL, Subject: p.ID, Audience: ConsoleClient,
			Expiry: jwt.NewNumericDate(expiry), IssuedAt: jwt.NewNumericDate(i.now()), AuthTime: jwt.NewNumericDate(g.session.at),
			Nonce: nonce, Name: p.Name, Email: p.Email, Tenant: p.Tenant,
		}).Serialize()
		if err != nil {
			return tokens{}, &oauthError{"server_error", "The ID token cannot be signed."}
		}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	answer.RefreshToken = i.refreshes.put(&ticket{grant: g}, i.now())
	return answer, nil
}

// refuseToken answers as RFC 6749, section 5.2, says. Only a client that tried
// to authenticate gets a challenge, at which a browser would ask its person.
func refuseToken(w http.ResponseWriter, r *http.Request, refused oauthError) {
	status := http.StatusBadRequest
	switch {
	case refused.code == "server_error":
		status = http.StatusInternalServerError
	case refused.code == "invalid_client" && r.Header.Get("Authorization") != "":
		status = http.StatusUnauthorized
		w.Header().Set("WWW-Authenticate", "Basic")
	}
	writeJSON(w, "application/json", status, map[string]string{"error": refused.code, "error_description": refused.description})
}
