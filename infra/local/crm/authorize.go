package crm

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
)

// authorizationRequest is a parsed and accepted authorization request.
type authorizationRequest struct {
	ClientID    string
	RedirectURI string
	Scopes      []string
	State       string
	Challenge   string
	LoginHint   string
}

// authorize answers GET /oauth/authorize with the consent page.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	request, ok := p.accept(w, r, r.URL.Query())
	if ok {
		p.consentPage(w, r, request)
	}
}

// decide answers POST /oauth/authorize: it sends the browser back with a code,
// or with access_denied.
func (p *Provider) decide(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.errorPage(w, http.StatusBadRequest, "The form could not be read.")
		return
	}
	request, ok := p.accept(w, r, r.PostForm)
	if !ok {
		return
	}
	if p.foreign(r) || !p.boundToBrowser(r, request) {
		p.errorPage(w, http.StatusForbidden, "This form was not made for this browser. Start again in the application.")
		return
	}
	answer := url.Values{}
	if r.PostForm.Get("decision") != "allow" {
		answer.Set("error", "access_denied")
		p.sendBack(w, r, request, answer)
		return
	}
	account := r.PostForm.Get("account")
	if _, ok := accounts()[account]; !ok {
		p.errorPage(w, http.StatusBadRequest, "Choose a demo account.")
		return
	}
	code, err := p.approve(request, account)
	if err != nil {
		p.errorPage(w, http.StatusInternalServerError, "The demo CRM could not save its state.")
		return
	}
	answer.Set("code", code)
	p.sendBack(w, r, request, answer)
}

// accept checks the parameters of an authorization request. Until client and
// redirect URI are known to belong together nothing may be sent to that URI
// (RFC 6749, section 4.1.2.1), so those errors are shown here.
func (p *Provider) accept(w http.ResponseWriter, r *http.Request, form url.Values) (authorizationRequest, bool) {
	request := authorizationRequest{
		ClientID:    form.Get("client_id"),
		RedirectURI: form.Get("redirect_uri"),
		State:       form.Get("state"),
		Challenge:   form.Get("code_challenge"),
		LoginHint:   form.Get("login_hint"),
	}
	c, ok := p.client(request.ClientID)
	if !ok || len(form["client_id"]) != 1 {
		p.errorPage(w, http.StatusBadRequest, "The application is not registered here (client_id).")
		return request, false
	}
	if len(form["redirect_uri"]) != 1 || !p.redirects(request.ClientID, c, request.RedirectURI) {
		p.errorPage(w, http.StatusBadRequest, "The application did not register this redirect_uri.")
		return request, false
	}
	var refusal error
	request.Scopes, refusal = parseScopes(form.Get("scope"))
	if err := checkParameters(form); err != nil {
		refusal = err
	}
	if refusal == nil {
		return request, true
	}
	var refused oauthError
	errors.As(refusal, &refused)
	p.sendBack(w, r, request, url.Values{"error": {refused.code}, "error_description": {refused.detail}})
	return request, false
}

func checkParameters(form url.Values) error {
	for _, name := range []string{"response_type", "scope", "state", "code_challenge", "code_challenge_method"} {
		if len(form[name]) > 1 {
			return invalidRequest("A parameter is repeated.")
		}
	}
	if form.Get("response_type") != "code" {
		return oauthError{code: "unsupported_response_type", detail: "response_type must be code."}
	}
	challenge, err := base64.RawURLEncoding.DecodeString(form.Get("code_challenge"))
	if err != nil || len(challenge) != 32 || form.Get("code_challenge_method") != "S256" {
		return invalidRequest("PKCE is required: code_challenge with code_challenge_method S256.")
	}
	return nil
}

// sendBack redirects with 303, so that the browser follows with GET, and adds
// state and iss (RFC 9207).
func (p *Provider) sendBack(w http.ResponseWriter, r *http.Request, request authorizationRequest, answer url.Values) {
	target, err := url.Parse(request.RedirectURI)
	if err != nil {
		p.errorPage(w, http.StatusBadRequest, "The redirect_uri is not a URL.")
		return
	}
	query := target.Query()
	for name, values := range answer {
		query[name] = values
	}
	if request.State != "" {
		query.Set("state", request.State)
	}
	query.Set("iss", p.baseURL)
	target.RawQuery = query.Encode()
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, target.String(), http.StatusSeeOther)
}
