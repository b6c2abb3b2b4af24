package crm

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// The credentials that always work and that the landing page shows.
const (
	DemoAPIKey   = "crm_key_demo_0123456789abcdef"
	DemoUser     = "demo"
	DemoPassword = "demo-password"
)

const maxKeys = 1000

// createKey answers POST /api/keys: the optional body {"account": "bob"} gets
// a key of that account, alice's by default.
func (p *Provider) createKey(w http.ResponseWriter, r *http.Request) {
	if p.foreign(r) {
		http.Error(w, "A page of another origin may not create a key.", http.StatusForbidden)
		return
	}
	request := struct {
		Account string `json:"account"`
	}{Account: "alice"}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil && !errors.Is(err, io.EOF) {
		p.writeError(w, invalidRequest("The body is not JSON."))
		return
	}
	if _, ok := accounts()[request.Account]; !ok {
		p.writeError(w, invalidRequest("account must be alice or bob."))
		return
	}
	key := newSecret("crm_key_")
	if err := p.addKey(key, request.Account); err != nil {
		p.writeError(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]string{"key": key, "account": request.Account})
}

func (p *Provider) addKey(key, account string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.state.Keys) >= maxKeys {
		return invalidRequest("There are too many keys.")
	}
	p.state.Keys[digest(key)] = account
	return p.save()
}

// keyOwner answers GET /api/key/me with the account of the X-Api-Key header.
func (p *Provider) keyOwner(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.state.Stats.APICalls++
	name, ok := p.state.Keys[digest(r.Header.Get("X-Api-Key"))]
	p.mu.Unlock()
	if !ok {
		challenge(w, http.StatusUnauthorized, `ApiKey realm="Tenon Demo CRM"`, "invalid_key", "A valid X-Api-Key is needed.")
		return
	}
	writeJSON(w, http.StatusOK, accounts()[name])
}

// basicOwner answers GET /api/basic/me for the demo user.
func (p *Provider) basicOwner(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.state.Stats.APICalls++
	p.mu.Unlock()
	user, password, _ := r.BasicAuth()
	if subtle.ConstantTimeCompare([]byte(user+"\n"+password), []byte(DemoUser+"\n"+DemoPassword)) != 1 {
		challenge(w, http.StatusUnauthorized, `Basic realm="Tenon Demo CRM"`, "invalid_user", "The user or the password is wrong.")
		return
	}
	writeJSON(w, http.StatusOK, accounts()["alice"])
}
