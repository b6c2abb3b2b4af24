package methodtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

func (p *Provider) serve(req *http.Request, body string) (int, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch req.Method + " " + req.URL.Path {
	case "POST /token":
		return p.token(req, body)
	case "POST /login":
		return p.login(body)
	case "POST /revoke":
		return p.revoke(req, body)
	case "GET /me":
		return p.me(req)
	}
	return http.StatusNotFound, "not found"
}

func (p *Provider) token(req *http.Request, body string) (int, string) {
	form, err := url.ParseQuery(body)
	if err != nil || req.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		return refuse("invalid_request")
	}
	if !known(req, form) && form.Get("assertion") == "" {
		return encode(http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
	}
	switch form.Get("grant_type") {
	case "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:token-exchange":
		if strings.Count(form.Get("assertion")+form.Get("subject_token"), ".") != 2 {
			return refuse("invalid_grant")
		}
		p.issued++
		return p.answer(fmt.Sprintf("family-%d", p.issued), "")
	case "refresh_token":
		return p.rotate(form.Get("refresh_token"))
	case "client_credentials":
		p.issued++
		return p.answer(fmt.Sprintf("family-%d", p.issued), "")
	case "authorization_code":
		p.issued++
		family := fmt.Sprintf("family-%d", p.issued)
		return p.answer(family, p.newRefresh(family))
	}
	return refuse("unsupported_grant_type")
}

// login gives an access token of a family of its own for a user and a password.
func (p *Provider) login(body string) (int, string) {
	var given struct{ User, Password string }
	if err := json.Unmarshal([]byte(body), &given); err != nil || given.User != ClientID || given.Password != ClientSecret {
		return encode(http.StatusUnauthorized, map[string]any{"message": "login failed"})
	}
	p.issued++
	return p.answer(fmt.Sprintf("family-%d", p.issued), "")
}

// rotate answers a refresh. A token that was rotated away is a reuse.
func (p *Provider) rotate(old string) (int, string) {
	p.uses[old]++
	if family, spent := p.spent[old]; spent && p.Strict {
		p.dead = append(p.dead, family)
		return refuse("invalid_grant")
	}
	family, ok := p.refresh[old]
	if !ok || slices.Contains(p.dead, family) {
		return refuse("invalid_grant")
	}
	switch {
	case p.Repeat:
		return p.answer(family, old)
	case !p.Rotate:
		return p.answer(family, "")
	}
	if p.Strict {
		delete(p.refresh, old)
		p.spent[old] = family
	}
	return p.answer(family, p.newRefresh(family))
}

func (p *Provider) revoke(req *http.Request, body string) (int, string) {
	form, err := url.ParseQuery(body)
	if err != nil || !known(req, form) {
		return encode(http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
	}
	p.forget(form.Get("token"))
	return http.StatusOK, ""
}

func (p *Provider) me(req *http.Request) (int, string) {
	token, _ := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
	family, ok := p.access[token]
	if !ok || slices.Contains(p.dead, family) {
		return encode(http.StatusUnauthorized, map[string]any{"error": "invalid_token"})
	}
	return encode(http.StatusOK, p.Account)
}

func (p *Provider) answer(family, refresh string) (int, string) {
	members := map[string]any{"access_token": p.newAccess(family), "token_type": "Bearer"}
	if p.Lifetime > 0 {
		members["expires_in"] = p.Lifetime
	}
	if refresh != "" {
		members["refresh_token"] = refresh
	}
	maps.Copy(members, p.Extra)
	return encode(http.StatusOK, members)
}

func (p *Provider) newAccess(family string) string {
	p.issued++
	token := fmt.Sprintf("access-canary-%d", p.issued)
	p.access[token] = family
	return token
}

func (p *Provider) newRefresh(family string) string {
	p.issued++
	token := fmt.Sprintf("refresh-canary-%d", p.issued)
	p.refresh[token] = family
	return token
}

func (p *Provider) forget(token string) {
	for _, tokens := range []map[string]string{p.access, p.refresh, p.spent} {
		if family, ok := tokens[token]; ok {
			p.dead = append(p.dead, family)
		}
	}
}

// known checks the client, given either way of RFC 6749 2.3.1. What one signs is
// not verified here.
func known(req *http.Request, form url.Values) bool {
	if strings.Count(form.Get("client_assertion"), ".") == 2 {
		return form.Get("client_id") == ClientID
	}
	id, secret, ok := req.BasicAuth()
	if !ok {
		id, secret = form.Get("client_id"), form.Get("client_secret")
	}
	return id == ClientID && secret == ClientSecret
}

func refuse(code string) (int, string) {
	return encode(http.StatusBadRequest, map[string]any{"error": code})
}
