package functionstest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Provider is Stripe and Salesforce in one: a method.Doer that knows keys and
// issues tokens. Its refresh tokens are used once; the one before is refused.
type Provider struct {
	mu      sync.Mutex
	calls   []string
	refused string            // Host.
	owners  map[string]string // Tenant by token that works.
	issued  int
}

func newProvider() *Provider { return &Provider{owners: map[string]string{}} }

// Refuse makes the host take no credential any more.
func (p *Provider) Refuse(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refused = host
}

// Granted makes tokens known that the tenant's people granted elsewhere.
func (p *Provider) Granted(tenant string, tokens ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, token := range tokens {
		p.owners[token] = tenant
	}
}

// Calls returns what was asked since the last time: "POST login.salesforce.com/services/oauth2/token".
func (p *Provider) Calls() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	calls := slices.Clone(p.calls)
	p.calls = nil
	return calls
}

// Do implements method.Doer.
func (p *Provider) Do(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, r.Method+" "+r.URL.Host+r.URL.Path)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	status, answer := p.answer(r, form)
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(text)))}, nil
}

func (p *Provider) answer(r *http.Request, form url.Values) (int, any) {
	owner, known := p.owners[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	switch endpoint := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]; {
	case endpoint == "token":
		if r.URL.Host == "identity.xero.com" {
			form.Set("code_verifier", "none") // It has no PKCE.
		}
		return p.token(form, r.URL.Host == p.refused)
	case endpoint == "auth":
		return http.StatusOK, map[string]any{
			"device_code": "fake-code-of-acme", "user_code": "FAKE-CODE", "verification_uri": "https://" + r.URL.Host + "/device", "expires_in": 600,
		}
	case endpoint == "connections" && known && r.URL.Host != p.refused:
		return http.StatusOK, organisations()
	case endpoint == "me" && known:
		return http.StatusOK, map[string]any{"id": "00D-" + owner}
	case endpoint == "revoke" && r.URL.Host != p.refused:
		delete(p.owners, form.Get("token"))
		return http.StatusOK, nil
	case endpoint == "account" && r.URL.Host != p.refused && strings.HasPrefix(r.Header.Get("Authorization"), "Bearer rk_test_fake_acme_"):
		dashboard := map[string]any{"dashboard": map[string]any{"display_name": "Acme GmbH"}}
		return http.StatusOK, map[string]any{"id": "acct_acme", "settings": dashboard}
	case endpoint == "me" && r.Header.Get("X-Api-Key") == LedgerKey:
		return http.StatusOK, nil
	case endpoint == "userinfo" && r.URL.Host != p.refused && known:
		return http.StatusOK, map[string]any{"organization_id": "00D-" + owner, "preferred_username": "ann@" + owner + ".example"}
	}
	return http.StatusUnauthorized, map[string]any{"message": "unknown credential"}
}

// token answers a token request. A code is "fake-code-of-" and the tenant.
func (p *Provider) token(form url.Values, refused bool) (int, any) {
	owner, ok := strings.CutPrefix(form.Get("code")+form.Get("device_code"), "fake-code-of-")
	if old := form.Get("refresh_token"); old != "" {
		owner, ok = p.owners[old]
		delete(p.owners, old)
	} else if form.Get("code_verifier") == "" && !form.Has("device_code") {
		ok = false
	}
	if !ok || refused {
		return http.StatusBadRequest, map[string]any{"error": "invalid_grant"}
	}
	p.issued++
	access, refresh := fmt.Sprintf("fake-access-of-%s-%d", owner, p.issued), fmt.Sprintf("fake-refresh-of-%s-%d", owner, p.issued)
	p.owners[access], p.owners[refresh] = owner, owner
	answer := map[string]any{
		"access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": 7200,
		"scope": "api openid refresh_token", "instance_url": "https://" + owner + ".my.salesforce.com",
		"id": "https://login.salesforce.com/id/00D-" + owner + "/005-ann",
	}
	if form.Has("code") {
		answer["refresh_token_expires_in"] = 30 * 24 * 3600
	}
	return http.StatusOK, answer
}
