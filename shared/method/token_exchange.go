package method

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// TokenExchange is the grant of RFC 8693: a token that a person gave, or a JWT of
// ours, is exchanged for an access token.
type TokenExchange struct{}

// The field names of given tokens, and the token types of RFC 8693 3.
const (
	fieldSubjectToken = "subjectToken"
	fieldActorToken   = "actorToken"
	grantExchange     = "urn:ietf:params:oauth:grant-type:token-exchange"
	typeJWT           = "urn:ietf:params:oauth:token-type:jwt"
	typeAccessToken   = "urn:ietf:params:oauth:token-type:access_token"
)

// Type implements Method.
func (TokenExchange) Type() string { return "oauth2_token_exchange" }

// Apply implements Method.
func (TokenExchange) Apply(t Target, _ map[string]secret.Bytes, token Token) (vault.Leasable, error) {
	return bearer(t, token)
}

// Describe shows the end of the given token and, if it is a JWT, when it expires.
func (TokenExchange) Describe(fields map[string]secret.Bytes) Description {
	token := fields[fieldSubjectToken]
	return Description{Last4: token.Last4(), ExpiresAt: statedExpiry(token), PublicKey: publicKey(fields[fieldPrivateKey])}
}

// Check implements Checker.
func (TokenExchange) Check(t Target, fields map[string]secret.Bytes) error {
	return checkPrivateKey(t, fields)
}

// Grant implements Granter. The subject token is the one that was given, else our
// assertion; so is the actor token, where the system wants one (RFC 8693 2.1).
func (TokenExchange) Grant(t Target, fields map[string]secret.Bytes) (Request, error) {
	var x catalog.Exchange
	if t.Scheme.OAuth.Exchange != nil {
		x = *t.Scheme.OAuth.Exchange
	}
	form, err := exchangeForm(t, x, fields)
	if err != nil {
		return nil, err
	}
	request, err := newFirstRequest(t, form, fields)
	if err != nil {
		return nil, err
	}
	parameter := ""
	switch {
	case fields[fieldSubjectToken].IsZero():
		parameter = "subject_token"
		if x.ActorTokenType != "" && fields[fieldActorToken].IsZero() {
			return nil, wrongCredential(fieldActorToken, "Is required.")
		}
	case x.ActorTokenType != "" && fields[fieldActorToken].IsZero():
		parameter = "actor_token"
	default:
		return exchangeRequest{request, x.RequestedTokenType}, nil
	}
	d, err := described(t)
	if err != nil {
		return nil, err
	}
	a, err := newAssertion(t, d, openVariables(t, fields), parameter, fields[fieldPrivateKey])
	request.Assertions = append(request.Assertions, a)
	return exchangeRequest{request, x.RequestedTokenType}, err
}

// Revoke tells the provider to forget the token.
func (TokenExchange) Revoke(ctx context.Context, reach Reach, t Target, token secret.Bytes, hint string) (Revocation, error) {
	return revoke(ctx, reach, t, token, hint)
}

// exchangeForm returns the parameters of RFC 8693 2.1 that are known beforehand.
func exchangeForm(t Target, x catalog.Exchange, fields map[string]secret.Bytes) (map[string]secret.Bytes, error) {
	vars := openVariables(t, fields)
	audience, err := optional(x.Audience, vars)
	if err != nil {
		return nil, fmt.Errorf("audience of %s: %w", t.Connector.ID, err)
	}
	resource, err := optional(x.Resource, vars)
	if err != nil {
		return nil, fmt.Errorf("resource of %s: %w", t.Connector.ID, err)
	}
	form := map[string]secret.Bytes{}
	for name, value := range map[string]string{
		"grant_type": grantExchange, "subject_token_type": cmp.Or(x.SubjectTokenType, typeJWT), "actor_token_type": x.ActorTokenType,
		"audience": audience, "resource": resource, "requested_token_type": x.RequestedTokenType,
	} {
		if value != "" {
			form[name] = secret.FromString(value)
		}
	}
	for name, field := range map[string]string{"subject_token": fieldSubjectToken, "actor_token": fieldActorToken} {
		if !fields[field].IsZero() {
			form[name] = fields[field]
		}
	}
	requestScopes(t, form)
	return form, nil
}

// exchangeRequest understands what RFC 8693 adds to the answer.
type exchangeRequest struct {
	TokenRequest
	requested string // Token type; empty where the choice is the system's.
}

// Send implements Request. A subject or actor token that is not accepted, because
// it expired or for another reason, is answered with invalid_request (RFC 8693
// 2.2.2), which here says as much as invalid_grant. A token of a type that was
// not asked for is not used.
func (r exchangeRequest) Send(ctx context.Context, reach Reach) (Answer, error) {
	answer, err := r.TokenRequest.Send(ctx, reach)
	if err != nil {
		return answer, err
	}
	members, err := decodeMembers(answer.Body.Reveal())
	if err != nil {
		return answer, nil // Whoever parses it says what it is.
	}
	switch code := errorCode(members); {
	case code == "invalid_request" && answer.Status >= 400 && answer.Status < 500:
		answer.Body = secret.FromString(`{"error":"invalid_grant"}`)
	case code == "" && answer.Succeeded() && !r.accepts(stringMember(members, "issued_token_type")):
		return Answer{}, fault.New(fault.Upstream, fault.CodeProviderError, "The system issued a token of a type that was not asked for.")
	}
	return answer, nil
}

// accepts reports whether a token of the type can be used. Not every system says
// which it is.
func (r exchangeRequest) accepts(issued string) bool {
	if r.requested != "" {
		return issued == "" || issued == r.requested
	}
	return slices.Contains([]string{"", typeAccessToken, typeJWT}, issued)
}

// statedExpiry returns exp of a token that is a JWT, unverified: it is shown, and
// nothing is decided by it.
func statedExpiry(token secret.Bytes) time.Time {
	parts := strings.Split(token.Reveal(), ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return time.Time{}
	}
	var stated struct {
		Exp int64 `json:"exp"`
	}
	if json.Unmarshal(payload, &stated) != nil || stated.Exp <= 0 || stated.Exp > 1<<36 {
		return time.Time{}
	}
	return time.Unix(stated.Exp, 0).UTC()
}
