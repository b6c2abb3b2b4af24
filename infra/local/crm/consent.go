package crm

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
)

const browserCookie = "crm_browser"

// consentPage shows who asks for what and lets the person choose an account.
func (p *Provider) consentPage(w http.ResponseWriter, r *http.Request, request authorizationRequest) {
	browser := rand.Text()
	if cookie, err := r.Cookie(browserCookie); err == nil && cookie.Value != "" {
		browser = cookie.Value
	}
	http.SetCookie(w, &http.Cookie{
		Name: browserCookie, Value: browser, Path: p.path + "/oauth/authorize",
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	c, _ := p.client(request.ClientID)
	var texts []string
	for _, text := range scopeTexts() {
		if contains(request.Scopes, text[:1]) {
			texts = append(texts, text[1])
		}
	}
	hint := request.LoginHint
	if _, ok := accounts()[hint]; !ok {
		hint = "alice"
	}
	p.page(w, http.StatusOK, "consent.html", map[string]any{
		"Action":   p.baseURL + "/oauth/authorize",
		"Client":   c.Name,
		"Scopes":   texts,
		"Accounts": accounts(),
		"Hint":     hint,
		"Request":  request,
		"Scope":    joinScopes(request.Scopes),
		"CSRF":     p.formToken(browser, request),
	})
}

// formToken ties a consent form to one browser and one request, so that neither
// another site nor another request can use it.
func (p *Provider) formToken(browser string, request authorizationRequest) string {
	request.LoginHint = "" // It chooses a default, nothing more.
	bound, _ := json.Marshal(request)
	mac := hmac.New(sha256.New, p.state.FormKey)
	mac.Write([]byte(browser + "\n"))
	mac.Write(bound)
	return hex.EncodeToString(mac.Sum(nil))
}

func (p *Provider) boundToBrowser(r *http.Request, request authorizationRequest) bool {
	cookie, err := r.Cookie(browserCookie)
	if err != nil {
		return false
	}
	return hmac.Equal([]byte(p.formToken(cookie.Value, request)), []byte(r.PostForm.Get("csrf")))
}
