package catalogtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Authorize is the authorization endpoint with a person who agrees: it checks
// the address the browser was sent to against the entry and returns the
// parameters of the callback. The error says what is wrong with the address.
func (p *Provider) Authorize(address string) (url.Values, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("authorize: not a URL")
	}
	if p.Scheme.OAuth1 != nil {
		return p.authorizePair(asked)
	}
	endpoint, err := p.address(p.oauth.AuthorizeURL)
	if err != nil {
		return nil, err
	}
	if asked.Scheme != "https" || asked.Host != endpoint.Host || asked.EscapedPath() != endpoint.EscapedPath() {
		return nil, fmt.Errorf("authorize: sent to %s", asked.Host+asked.EscapedPath())
	}
	if p.shows(asked) {
		return nil, errors.New("authorize: a secret stands in the URL")
	}
	query := asked.Query()
	g, err := p.consent(query, endpoint.Query())
	if err != nil {
		return nil, fmt.Errorf("authorize: %w", err)
	}
	code := p.issue("code")
	p.codes[code] = g
	return p.callback(code, query.Get("state")), nil
}

// consent checks the request of RFC 6749 4.1.1 and RFC 7636 4.3; fixed are
// parameters that stand in the endpoint's address.
func (p *Provider) consent(query, fixed url.Values) (*grant, error) {
	want := map[string]string{"response_type": "code", "client_id": p.ClientID, "redirect_uri": p.RedirectURI, "state": query.Get("state")}
	for name := range fixed {
		want[name] = fixed.Get(name)
	}
	for name, value := range p.oauth.AuthorizeQuery {
		want[name] = value
	}
	g := &grant{redirect: p.RedirectURI}
	if p.oauth.PKCE != "unsupported" {
		g.challenge = query.Get("code_challenge")
		want["code_challenge"], want["code_challenge_method"] = g.challenge, "S256"
		if len(g.challenge) != 43 {
			return nil, errors.New("the PKCE challenge is no SHA-256")
		}
	}
	if query.Has("scope") {
		separator := p.oauth.ScopeSeparator
		if separator == "" {
			separator = " "
		}
		want["scope"], g.scopes = query.Get("scope"), strings.Split(query.Get("scope"), separator)
	}
	if slices.Contains(g.scopes, "openid") {
		want["nonce"], g.nonce = query.Get("nonce"), query.Get("nonce")
	}
	if err := p.permitted(g.scopes); err != nil {
		return nil, err
	}
	if len(want["state"]) < 32 {
		return nil, errors.New("the state can be guessed")
	}
	return g, exactly(want, query)
}

// permitted checks the scopes against those of the entry.
func (p *Provider) permitted(asked []string) error {
	var known []string
	for _, scope := range p.oauth.Scopes {
		known = append(known, scope.Name)
		if scope.Required && !slices.Contains(asked, scope.Name) {
			return fmt.Errorf("scope %s is missing", scope.Name)
		}
	}
	for _, scope := range asked {
		if len(known) > 0 && !slices.Contains(known, scope) {
			return fmt.Errorf("scope %q is not known", scope)
		}
	}
	if len(asked) == 0 && len(p.oauth.DefaultScopes) > 0 {
		return errors.New("no scope is asked for")
	}
	return nil
}

// callback returns what the browser brings back.
func (p *Provider) callback(code, state string) url.Values {
	query := url.Values{"code": {code}, "state": {state}}
	if p.oauth.IssuerRequired {
		query.Set("iss", fill(p.oauth.Issuer, p.vars))
	}
	for _, c := range p.oauth.Capture {
		if c.From == "callback" {
			query.Set(c.Path, p.Captured[c.Name])
		}
	}
	for name, value := range p.Callback {
		query.Set(name, value)
	}
	p.sign(query)
	return query
}

// sign adds the signature where the entry promises one.
func (p *Provider) sign(query url.Values) {
	signing := p.oauth.CallbackHMAC
	if signing == nil {
		return
	}
	query.Set(signing.Timestamp, strconv.FormatInt(p.Now().Unix(), 10))
	for name, template := range signing.Values {
		query.Set(name, fill(template, p.vars))
	}
	query.Set(signing.Parameter, Signature(query, signing.Parameter, p.Secret))
}

// Signature returns the hex HMAC-SHA256 of all parameters but the one that
// holds it, for values that need no encoding in a URL.
func Signature(query url.Values, parameter, key string) string {
	var pairs []string
	for name := range query {
		if name != parameter {
			pairs = append(pairs, name+"="+query.Get(name))
		}
	}
	slices.Sort(pairs)
	hash := hmac.New(sha256.New, []byte(key))
	_, _ = hash.Write([]byte(strings.Join(pairs, "&"))) // Never fails.
	return hex.EncodeToString(hash.Sum(nil))
}

// exactly reports the first parameter that is missing, different, doubled or
// not asked for, without a value.
func exactly(want map[string]string, got url.Values) error {
	for name, value := range want {
		if given := got[name]; len(given) != 1 || given[0] != value {
			return fmt.Errorf("parameter %s is missing, doubled or wrong", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			return fmt.Errorf("parameter %s is not expected", name)
		}
	}
	return nil
}
