package catalogtest

import (
	"errors"
	"maps"
	"net/http"
	"strings"
)

// deviceGrant is the grant type of RFC 8628 3.4.
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// pairing is a device code that waits for a person.
type pairing struct {
	*grant
	user string
	done bool
}

// authorizeDevice is the device authorization endpoint (RFC 8628 3.1).
func (p *Provider) authorizeDevice(req *http.Request, body string) (int, any) {
	form, err := p.form(req, body, "")
	if err != nil {
		p.complain("device: %v", err)
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	if form == nil {
		return refuse(http.StatusUnauthorized, "invalid_client")
	}
	want, g := map[string]string{}, new(grant)
	if form.Has("scope") || len(p.oauth.DefaultScopes) > 0 {
		want["scope"], g.scopes = form.Get("scope"), strings.Fields(form.Get("scope"))
	}
	if err := p.permitted(g.scopes); err != nil {
		p.complain("device: %v", err)
	}
	if !p.expect(Device, form, want) {
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	code, user := p.issue("device"), p.issue("user")
	p.pairings[code] = &pairing{grant: g, user: user}
	return http.StatusOK, map[string]any{
		"device_code": code, "user_code": user, "verification_uri": "https://" + req.URL.Host + "/enter", "expires_in": 600, "interval": 5,
	}
}

// Enter is what a person does who enters the user code and agrees.
func (p *Provider) Enter(userCode string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, waiting := range p.pairings {
		if waiting.user == userCode {
			waiting.done = true
			return nil
		}
	}
	return errors.New("no such user code")
}

// redeemDevice answers a poll.
func (p *Provider) redeemDevice(code string, given map[string][]string) (int, any) {
	want := map[string]string{"grant_type": deviceGrant, "device_code": code}
	maps.Copy(want, p.further())
	if !p.expect(Token, given, want) {
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	waiting, ok := p.pairings[code]
	switch {
	case !ok:
		return refuse(http.StatusBadRequest, "invalid_grant")
	case !waiting.done:
		return refuse(http.StatusBadRequest, "authorization_pending")
	}
	delete(p.pairings, code)
	refresh := ""
	if p.oauth.Refresh.Supported {
		refresh = p.newRefresh(waiting.grant)
	}
	return http.StatusOK, p.tokens(waiting.grant, refresh, true)
}
