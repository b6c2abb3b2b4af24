package catalogtest

import (
	"errors"
	"net/http"
	"net/url"
)

// Temporary is where temporary credentials of OAuth 1.0 are had (RFC 5849 2.1);
// token credentials are had at Token.
const Temporary Endpoint = "temporary"

// pairAnswer is a pair in the form of RFC 5849 2.1 and 2.3.
func pairAnswer(token, secret string, further ...string) plain {
	members := url.Values{"oauth_token": {token}, "oauth_token_secret": {secret}}
	for i := 0; i < len(further); i += 2 {
		members.Set(further[i], further[i+1])
	}
	return plain{header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, body: members.Encode()}
}

// newPair issues a pair whose texts need encoding wherever they stand.
func (p *Provider) newPair() (token string, issued *pair) {
	issued = &pair{secret: p.issue("shared") + " +&=%", verifier: p.issue("verifier")}
	p.count++
	return "token/" + Mark + "+" + string(rune('a'+p.count%26)) + " " + issued.verifier[len(issued.verifier)-4:], issued
}

// askTemporary answers a request for temporary credentials.
func (p *Provider) askTemporary(req *http.Request, body string) (int, any) {
	given := protocol(req)
	if given == nil || body != "" || given["oauth_callback"] == "" {
		p.complain("%s: the request has another form than RFC 5849 2.1", Temporary)
		return http.StatusBadRequest, nil
	}
	if !p.signedBy(req, body, given, p.signature(nil)) {
		return http.StatusUnauthorized, plain{body: "oauth_problem=consumer_key_rejected"}
	}
	callback, err := url.Parse(given["oauth_callback"])
	if err != nil || callback.Scheme+"://"+callback.Host+callback.Path != p.RedirectURI {
		p.complain("%s: the callback is not that of the template", Temporary)
	}
	token, issued := p.newPair()
	issued.callback, p.temporary[token] = given["oauth_callback"], issued
	return http.StatusOK, pairAnswer(token, issued.secret, "oauth_callback_confirmed", "true")
}

// authorizePair is the authorization page with a person who agrees (RFC 5849 2.2).
func (p *Provider) authorizePair(asked *url.URL) (url.Values, error) {
	endpoint, err := p.address(p.Scheme.OAuth1.AuthorizeURL)
	if err != nil {
		return nil, err
	}
	token := asked.Query().Get("oauth_token")
	temporary := p.temporary[token]
	want := map[string]string{"oauth_token": token}
	for name := range endpoint.Query() {
		want[name] = endpoint.Query().Get(name)
	}
	if asked.Scheme != "https" || asked.Host != endpoint.Host || asked.EscapedPath() != endpoint.EscapedPath() || temporary == nil || exactly(want, asked.Query()) != nil {
		return nil, errors.New("authorize: the browser is sent elsewhere, or with another token")
	}
	temporary.consented = true
	callback, err := url.Parse(temporary.callback)
	if err != nil {
		return nil, err
	}
	query := callback.Query()
	query.Set("oauth_token", token)
	query.Set("oauth_verifier", temporary.verifier)
	return query, nil
}

// redeemPair answers a request for token credentials.
func (p *Provider) redeemPair(req *http.Request, body string) (int, any) {
	given := protocol(req)
	temporary := p.temporary[given["oauth_token"]]
	if given == nil || body != "" || temporary == nil {
		return http.StatusUnauthorized, plain{body: "oauth_problem=token_rejected"}
	}
	by := p.signature(map[string]string{"token": given["oauth_token"], "tokenSecret": temporary.secret})
	if !p.signedBy(req, body, given, by) || !temporary.consented || given["oauth_verifier"] != temporary.verifier {
		return http.StatusUnauthorized, plain{body: "oauth_problem=verifier_invalid"}
	}
	delete(p.temporary, given["oauth_token"])
	token, issued := p.newPair()
	p.pairs[token] = issued
	return http.StatusOK, pairAnswer(token, issued.secret)
}
