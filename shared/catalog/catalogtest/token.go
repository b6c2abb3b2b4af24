package catalogtest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// grantToken is the token endpoint.
func (p *Provider) grantToken(req *http.Request, body string) (int, any) {
	form, err := p.form(req, body, p.oauth.TokenFormat)
	if err != nil {
		p.complain("token: %v", err)
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	if form == nil {
		return refuse(http.StatusUnauthorized, "invalid_client")
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		return p.redeem(form)
	case "refresh_token":
		return p.renew(form)
	case deviceGrant:
		return p.redeemDevice(form.Get("device_code"), form)
	case "client_credentials":
		return p.authorizeClient(form)
	case grantJWT:
		return p.assert(form)
	case grantExchange:
		return p.exchangeToken(form)
	}
	p.complain("token: grant type %q", form.Get("grant_type"))
	return refuse(http.StatusBadRequest, "unsupported_grant_type")
}

// parameters reads a body: a JSON object of texts where the format is json, else
// a form.
func parameters(req *http.Request, body, format string) (url.Values, error) {
	kind := req.Header.Get("Content-Type")
	if format != "json" {
		form, err := url.ParseQuery(body)
		if err != nil || kind != "application/x-www-form-urlencoded" {
			return nil, errors.New("the body is no form")
		}
		return form, nil
	}
	var members map[string]string
	if err := json.Unmarshal([]byte(body), &members); err != nil || kind != "application/json" {
		return nil, errors.New("the body is no JSON object of texts")
	}
	form := url.Values{}
	for name, value := range members {
		form.Set(name, value)
	}
	return form, nil
}

// form returns the parameters of a request with the client's taken out: nil when
// the client is not the one that is registered, an error when it shows itself in
// another way than the entry says (RFC 6749 2.3.1).
func (p *Provider) form(req *http.Request, body, format string) (url.Values, error) {
	form, err := parameters(req, body, format)
	if err != nil {
		return nil, err
	}
	user, password, inHeader := req.BasicAuth()
	if inHeader != (p.oauth.ClientAuth == "client_secret_basic") || !inHeader && req.Header.Get("Authorization") != "" {
		return nil, errors.New("client authentication stands in the wrong place")
	}
	want := map[string]string{}
	switch p.oauth.ClientAuth {
	case "client_secret_basic":
		if user != url.QueryEscape(p.ClientID) || password != url.QueryEscape(p.Secret) {
			return nil, nil
		}
	case "client_secret_post":
		want["client_id"], want["client_secret"] = p.ClientID, p.Secret
	default:
		if p.ClientID != "" {
			want["client_id"] = p.ClientID
		}
	}
	for _, name := range []string{"client_id", "client_secret"} {
		value, wanted := want[name]
		if wanted != form.Has(name) {
			return nil, errors.New("client authentication stands in the wrong place")
		}
		if form.Get(name) != value {
			return nil, nil
		}
		form.Del(name)
	}
	if p.oauth.ClientAuth == "private_key_jwt" {
		return p.authenticated(form)
	}
	return form, nil
}

// authenticated is form for a client that shows an assertion (RFC 7523 2.2).
func (p *Provider) authenticated(form url.Values) (url.Values, error) {
	if form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
		return nil, errors.New("client_assertion_type is missing or wrong")
	}
	scope, err := p.verify(form.Get("client_assertion"), p.clientStatement())
	if errors.Is(err, errKey) {
		return nil, nil
	}
	p.claimed = scope
	form.Del("client_assertion")
	form.Del("client_assertion_type")
	return form, err
}

// expect complains of a form that is not exactly this.
func (p *Provider) expect(e Endpoint, form url.Values, want map[string]string) bool {
	if err := exactly(want, form); err != nil {
		p.complain("%s: %v", e, err)
		return false
	}
	return true
}

func (p *Provider) redeem(form url.Values) (int, any) {
	code := form.Get("code")
	g, ok := p.codes[code]
	delete(p.codes, code)
	if !ok {
		return refuse(http.StatusBadRequest, "invalid_grant")
	}
	want := map[string]string{"grant_type": "authorization_code", "code": code, "redirect_uri": g.redirect}
	maps.Copy(want, p.further())
	if g.challenge != "" {
		verifier := form.Get("code_verifier")
		want["code_verifier"] = verifier
		sum := sha256.Sum256([]byte(verifier))
		if base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge {
			return refuse(http.StatusBadRequest, "invalid_grant")
		}
		p.secrets = append(p.secrets, verifier)
	}
	if !p.expect(Token, form, want) {
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	refresh := ""
	if p.oauth.Refresh.Supported {
		refresh = p.newRefresh(g)
	}
	return http.StatusOK, p.tokens(g, refresh, true)
}

// renew answers a refresh by the provider's policy.
func (p *Provider) renew(form url.Values) (int, any) {
	old := form.Get("refresh_token")
	want := map[string]string{"grant_type": "refresh_token", "refresh_token": old}
	vars := maps.Clone(p.vars)
	vars["redirectUri"] = p.RedirectURI
	maps.Copy(want, fillAll(p.oauth.RefreshForm, vars))
	if !p.expect(Token, form, want) {
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	t, ok := p.refresh[old]
	if !ok || t.dead {
		return refuse(http.StatusBadRequest, "invalid_grant")
	}
	now := p.Now()
	if !t.spent.IsZero() && (p.Reuse != "grace" || now.Sub(t.spent) > p.Grace) {
		t.dead = p.Reuse == "revokes_family"
		return refuse(http.StatusBadRequest, "invalid_grant")
	}
	answered := ""
	switch {
	case p.Rotate:
		if t.spent.IsZero() {
			t.spent = now
		}
		answered = p.newRefresh(t.grant)
	case p.Repeat:
		answered = old
	}
	return http.StatusOK, p.tokens(t.grant, answered, false)
}

func (p *Provider) authorizeClient(form url.Values) (int, any) {
	want := map[string]string{"grant_type": "client_credentials"}
	maps.Copy(want, p.further())
	g := p.asked(form, want, p.Scheme.Assertion != nil && p.Scheme.Assertion.Scope, p.claimed)
	if !p.expect(Token, form, want) {
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	return http.StatusOK, p.tokens(g, "", true)
}

// asked is a grant of the scopes that the form asks for or, where the entry says
// that they are a claim, an assertion.
func (p *Provider) asked(form url.Values, want map[string]string, claim bool, claimed string) *grant {
	g, scope := new(grant), form.Get("scope")
	if claim {
		scope = claimed
	} else if form.Has("scope") || len(p.oauth.DefaultScopes) > 0 {
		want["scope"] = scope
	}
	separator := p.oauth.ScopeSeparator
	if separator == "" {
		separator = " "
	}
	if scope != "" {
		g.scopes = strings.Split(scope, separator)
	}
	if err := p.permitted(g.scopes); err != nil {
		p.complain("token: %v", err)
	}
	return g
}

func (p *Provider) newRefresh(g *grant) string {
	refresh := p.issue("refresh")
	p.refresh[refresh] = &token{grant: g}
	return refresh
}

// tokens returns a token answer; only the first of a grant identifies.
func (p *Provider) tokens(g *grant, refresh string, first bool) map[string]any {
	access := p.issue("access")
	p.access[access] = &token{grant: g, until: p.end()}
	granted := g.scopes
	if p.Scopes != nil {
		granted = p.Scopes
	}
	var members any = map[string]any{"access_token": access, "token_type": "Bearer"}
	set := func(path string, value any) { members = place(members, strings.Split(path, "."), value) }
	if p.ExpiresIn != nil {
		set("expires_in", p.ExpiresIn)
	}
	if refresh != "" {
		set("refresh_token", refresh)
	}
	if len(granted) > 0 {
		set("scope", strings.Join(granted, " "))
	}
	if first && p.oauth.JWKSURL != "" && g.nonce != "" {
		set("id_token", "id."+g.nonce+"."+Mark)
	}
	for _, c := range p.oauth.Capture {
		if c.From == "token" {
			set(c.Path, p.Captured[c.Name])
		}
	}
	for name, value := range p.Members {
		set(name, value)
	}
	all, _ := members.(map[string]any)
	maps.DeleteFunc(all, func(_ string, value any) bool { return value == nil })
	return all
}

// end is when an access token that is issued now stops working: what
// expires_in says, read generously, or else what the entry says.
func (p *Provider) end() time.Time {
	seconds, err := strconv.ParseFloat(fmt.Sprint(p.ExpiresIn), 64)
	if err != nil || seconds == 0 {
		seconds = float64(p.oauth.Refresh.AccessSeconds)
	}
	if seconds == 0 || p.oauth.Refresh.NeverExpires {
		return time.Time{}
	}
	return p.Now().Add(time.Duration(seconds * float64(time.Second)))
}

// forget is the revocation endpoint (RFC 7009).
func (p *Provider) forget(req *http.Request, body string) (int, any) {
	form, err := p.form(req, body, "")
	if err != nil {
		p.complain("revoke: %v", err)
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	if form == nil {
		return refuse(http.StatusUnauthorized, "invalid_client")
	}
	victim, hint := form.Get("token"), form.Get("token_type_hint")
	if !p.expect(Revoke, form, map[string]string{"token": victim, "token_type_hint": hint}) {
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	if !slices.Contains([]string{"access_token", "refresh_token"}, hint) {
		p.complain("revoke: hint %q", hint)
	}
	p.revoked = append(p.revoked, victim)
	for _, tokens := range []map[string]*token{p.access, p.refresh} {
		if t, ok := tokens[victim]; ok {
			t.dead = true
		}
	}
	return http.StatusOK, map[string]any{}
}

func refuse(status int, code string) (int, any) { return status, map[string]any{"error": code} }

// further is what a first token request has by the entry's own parameters.
func (p *Provider) further() map[string]string {
	further := map[string]string{}
	for name, text := range fillAll(p.oauth.TokenForm, p.vars) {
		if !unfilled.MatchString(text) {
			further[name] = text
		}
	}
	return further
}
