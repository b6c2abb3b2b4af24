package crm

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

const (
	demoClientID   = "tenon-dev"
	demoClientName = "Tenon (local)"
	maxClients     = 1000
)

type client struct {
	Name         string   `json:"name"`
	SecretDigest string   `json:"secretDigest"`
	RedirectURIs []string `json:"redirectUris"`
}

// register answers POST /clients with the member names of RFC 7591: the body
// {"client_name", "redirect_uris"} becomes a client and its secret.
func (p *Provider) register(w http.ResponseWriter, r *http.Request) {
	if p.foreign(r) {
		http.Error(w, "A page of another origin may not register a client.", http.StatusForbidden)
		return
	}
	var request struct {
		Name         string   `json:"client_name"`
		RedirectURIs []string `json:"redirect_uris"`
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		p.writeError(w, oauthError{code: "invalid_client_metadata", detail: "The body is not a JSON object of client metadata."})
		return
	}
	if request.Name == "" || len(request.Name) > 100 {
		p.writeError(w, oauthError{code: "invalid_client_metadata", detail: "client_name must have 1 to 100 bytes."})
		return
	}
	if slices.ContainsFunc(request.RedirectURIs, func(uri string) bool { return !absolute(uri) }) {
		p.writeError(w, oauthError{code: "invalid_redirect_uri", detail: "A redirect URI must be an absolute http or https URL without fragment."})
		return
	}
	id, secret := newSecret("client_"), newSecret("crm_secret_")
	if err := p.addClient(id, client{request.Name, digest(secret), request.RedirectURIs}); err != nil {
		p.writeError(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]any{
		"client_id":                id,
		"client_secret":            secret,
		"client_secret_expires_at": 0,
		"client_name":              request.Name,
		"redirect_uris":            request.RedirectURIs,
	})
}

func (p *Provider) addClient(id string, c client) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.state.Clients) >= maxClients {
		return oauthError{code: "invalid_client_metadata", detail: "There are too many clients."}
	}
	p.state.Clients[id] = c
	return p.save()
}

func (p *Provider) client(id string) (client, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.state.Clients[id]
	return c, ok
}

// redirects reports whether the client may be answered at uri. Registered URIs
// match exactly; the demo client also accepts a plain path below CallbackPrefix
// of a configured origin.
func (p *Provider) redirects(clientID string, c client, uri string) bool {
	if slices.Contains(c.RedirectURIs, uri) {
		return true
	}
	if clientID != demoClientID {
		return false
	}
	for _, origin := range p.options.RedirectOrigins {
		rest, ok := strings.CutPrefix(uri, origin)
		if !ok || !strings.HasPrefix(rest, CallbackPrefix) {
			continue
		}
		return path.Clean(rest) == rest && !strings.ContainsAny(rest, "?#%\\")
	}
	return false
}

// authenticate returns the client that sent a form, by client_secret_basic or
// client_secret_post (RFC 6749, section 2.3.1) but not by both.
func (p *Provider) authenticate(r *http.Request) (string, error) {
	id, secret, basic := r.BasicAuth()
	if basic {
		if r.PostForm.Has("client_secret") {
			return "", invalidRequest("Use one method of client authentication.")
		}
		id, secret = unescape(id), unescape(secret)
	} else {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	c, ok := p.client(id)
	match := subtle.ConstantTimeCompare([]byte(digest(secret)), []byte(c.SecretDigest)) == 1
	if !ok || !match || (basic && r.PostForm.Has("client_id") && r.PostForm.Get("client_id") != id) {
		return "", oauthError{code: "invalid_client", detail: "The client is unknown or its secret is wrong."}
	}
	return id, nil
}

// unescape undoes the form encoding of Basic credentials; malformed encoding
// becomes a value that matches nothing.
func unescape(s string) string {
	value, err := url.QueryUnescape(s)
	if err != nil {
		return ""
	}
	return value
}

func absolute(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil &&
		!strings.Contains(uri, "#")
}
