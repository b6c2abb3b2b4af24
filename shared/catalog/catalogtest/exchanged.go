package catalogtest

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"net/url"

	"github.com/tenonhq/tenon/shared/catalog"
)

// The grant types of RFC 7523 2.1 and RFC 8693 2.1, and the token types of RFC
// 8693 3.
const (
	grantJWT      = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	grantExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
	typeJWT       = "urn:ietf:params:oauth:token-type:jwt"
	typeAccess    = "urn:ietf:params:oauth:token-type:access_token"
)

// exchangeToken is the grant of RFC 8693. A token that is not accepted is answered
// with invalid_request (2.2.2).
func (p *Provider) exchangeToken(form url.Values) (int, any) {
	var x catalog.Exchange
	if p.oauth.Exchange != nil {
		x = *p.oauth.Exchange
	}
	vars := p.open()
	want := map[string]string{
		"grant_type": grantExchange, "subject_token": form.Get("subject_token"), "subject_token_type": cmp.Or(x.SubjectTokenType, typeJWT),
		"actor_token_type": x.ActorTokenType, "audience": whole(x.Audience, vars), "resource": whole(x.Resource, vars), "requested_token_type": x.RequestedTokenType,
	}
	if x.ActorTokenType != "" || p.Fields["actorToken"] != "" {
		want["actor_token"] = form.Get("actor_token")
	}
	maps.DeleteFunc(want, func(_, value string) bool { return value == "" })
	maps.Copy(want, p.further())
	known := p.knows(form.Get("subject_token"), p.Fields["subjectToken"])
	if want["actor_token"] != "" {
		known = p.knows(form.Get("actor_token"), p.Fields["actorToken"]) && known
	}
	if !known {
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	g := p.asked(form, want, false, "")
	if !p.expect(Token, form, want) {
		return refuse(http.StatusBadRequest, "invalid_request")
	}
	members := p.tokens(g, "", true)
	members["issued_token_type"] = cmp.Or(x.RequestedTokenType, typeAccess)
	return http.StatusOK, members
}

// knows reports whether a token is the given one, or our assertion where none is
// given.
func (p *Provider) knows(token, given string) bool {
	if given != "" {
		return token == given
	}
	_, err := p.verify(token, p.grantStatement())
	if err != nil && !errors.Is(err, errKey) {
		p.complain("token: %v", err)
	}
	return err == nil
}
