package crm

import (
	"net/http"
	"slices"
	"strings"
)

// account is a demo person and the CRM account the person belongs to.
type account struct {
	Subject     string `json:"sub"`
	Name        string `json:"name"`
	Email       string `json:"email,omitempty"`
	AccountID   string `json:"account_id"`
	AccountName string `json:"account_name"`
}

// accounts are the people one can be on the consent page.
func accounts() map[string]account {
	return map[string]account{
		"alice": {"user_alice", "Alice Archer", "alice@crm.example", "acct_archer", "Archer & Co."},
		"bob":   {"user_bob", "Bob Baker", "bob@crm.example", "acct_baker", "Baker Ltd."},
	}
}

// userinfo answers GET /oauth/userinfo with the account a token speaks for.
func (p *Provider) userinfo(w http.ResponseWriter, r *http.Request) {
	who, ok := p.bearer(w, r, "")
	if ok {
		writeJSON(w, http.StatusOK, who)
	}
}

// bearer returns the account of the request's access token, or answers 401 or
// 403 with the challenge of RFC 6750, section 3. An empty scope asks for a valid
// token only.
func (p *Provider) bearer(w http.ResponseWriter, r *http.Request, scope string) (account, bool) {
	p.mu.Lock()
	p.state.Stats.APICalls++
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token, known := p.state.Access[digest(secret)]
	g, live := p.state.Grants[token.Grant]
	expired := !p.now().Before(token.Expires)
	p.mu.Unlock()

	const realm = `Bearer realm="Tenon Demo CRM"`
	switch {
	case !strings.EqualFold(scheme, "Bearer"):
		challenge(w, http.StatusUnauthorized, realm, "unauthorized", "An access token is needed.")
	case !known || !live:
		challenge(w, http.StatusUnauthorized, realm+`, error="invalid_token"`, "invalid_token", "The access token is unknown or revoked.")
	case expired:
		challenge(w, http.StatusUnauthorized, realm+`, error="invalid_token", error_description="The access token expired"`,
			"invalid_token", "The access token expired.")
	case scope != "" && !slices.Contains(token.Scopes, scope):
		challenge(w, http.StatusForbidden, realm+`, error="insufficient_scope", scope="`+scope+`"`,
			"insufficient_scope", "The scope "+scope+" is needed.")
	default:
		return owner(g), true
	}
	return account{}, false
}

// owner is the account a grant speaks for. A client that speaks for itself has
// an account of its own.
func owner(g grant) account {
	if g.Account == "" {
		return account{Subject: g.Client, Name: g.Client, AccountID: "acct_" + g.Client, AccountName: g.Client}
	}
	return accounts()[g.Account]
}

func challenge(w http.ResponseWriter, status int, header, code, detail string) {
	w.Header().Set("WWW-Authenticate", header)
	writeJSON(w, status, map[string]string{"error": code, "error_description": detail})
}

// stats answers GET /stats.
func (p *Provider) stats(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	stats := p.state.Stats
	p.mu.Unlock()
	writeJSON(w, http.StatusOK, stats)
}
