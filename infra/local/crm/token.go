package crm

import (
	"net/http"
	"net/url"
)

// token answers POST /oauth/token.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Pragma", "no-cache")
	clientID, err := p.clientForm(r)
	if err != nil {
		p.writeError(w, err)
		return
	}
	answer, err := p.grantFor(clientID, r.PostForm)
	if err != nil {
		p.writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

// revoke answers POST /oauth/revoke. The token_type_hint is not needed to find
// a token.
func (p *Provider) revoke(w http.ResponseWriter, r *http.Request) {
	clientID, err := p.clientForm(r)
	if err != nil {
		p.writeError(w, err)
		return
	}
	if r.PostForm.Get("token") == "" {
		p.writeError(w, invalidRequest("token is missing."))
		return
	}
	if err := p.revokeToken(clientID, r.PostForm.Get("token")); err != nil {
		p.writeError(w, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// clientForm parses the form of a client's request and authenticates the
// client. Parameters in the query are ignored and a repeated one is refused
// (RFC 6749, section 3.2).
func (p *Provider) clientForm(r *http.Request) (string, error) {
	if err := r.ParseForm(); err != nil {
		return "", invalidRequest("The body must be a form of at most 64 KiB.")
	}
	for _, values := range r.PostForm {
		if len(values) > 1 {
			return "", invalidRequest("A parameter is repeated.")
		}
	}
	return p.authenticate(r)
}

func (p *Provider) grantFor(clientID string, form url.Values) (issued, error) {
	switch form.Get("grant_type") {
	case "authorization_code":
		return p.exchange(clientID, form.Get("code"), form.Get("redirect_uri"), form.Get("code_verifier"))
	case "refresh_token":
		var scopes []string
		if form.Has("scope") {
			parsed, err := parseScopes(form.Get("scope"))
			if err != nil {
				return issued{}, err
			}
			scopes = parsed
		}
		return p.rotate(clientID, form.Get("refresh_token"), scopes)
	case "client_credentials":
		scopes, err := parseScopes(form.Get("scope"))
		if err != nil {
			return issued{}, err
		}
		return p.clientGrant(clientID, scopes)
	case "":
		return issued{}, invalidRequest("grant_type is missing.")
	}
	return issued{}, oauthError{code: "unsupported_grant_type", detail: "This grant type is not supported."}
}
