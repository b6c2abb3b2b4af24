package connect

import (
	"context"
	"net/url"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// IDToken is an id_token with what it must say.
type IDToken struct {
	Raw      secret.Bytes
	Issuer   string
	ClientID string // Audience.
	Nonce    string
	JWKSURL  string
}

// checkIDToken verifies the id_token where the handoff asked for one and
// returns the subject. A scheme without a key set has no OpenID Connect.
func (s *Service) checkIDToken(ctx context.Context, target method.Target, token method.Token, nonce string) (string, error) {
	oauth := target.Scheme.OAuth
	if nonce == "" || oauth.JWKSURL == "" {
		return "", nil
	}
	invalid := fault.New(fault.Invalid, fault.CodeIDTokenInvalid, "The system's statement of identity is not valid.")
	if token.IDToken.IsZero() {
		return "", invalid
	}
	subject, err := s.IDTokens.Verify(ctx, IDToken{
		Raw: token.IDToken, Issuer: oauth.Issuer, ClientID: target.ClientID, Nonce: nonce, JWKSURL: oauth.JWKSURL,
	})
	if err != nil {
		return "", invalid.Because(err)
	}
	return subject, nil
}

// capture takes the values later templates need from the callback, if there was
// one, the token answer and the metadata call, holds each to its type and host, and puts it
// into the target's values. What is known already is not asked for.
func (s *Service) capture(ctx context.Context, target method.Target, token method.Token, query url.Values, known map[string]string) (map[string]string, error) {
	oauth := target.Scheme.OAuth
	if oauth == nil {
		return nil, nil
	}
	var metadata any
	if oauth.Metadata != nil {
		answer, err := method.Call(ctx, s.Reach, target, *oauth.Metadata, vault.Leasable{AccessToken: token.AccessToken, TokenType: token.Type})
		if err != nil {
			return nil, err
		}
		if err := outcomeFault(answer.Outcome); err != nil {
			return nil, err
		}
		metadata = answer.Members
	}
	captured := map[string]string{}
	for _, c := range oauth.Capture {
		text := known[c.Name]
		switch from := c.From; {
		case text != "":
		case from == "callback":
			if values := query[c.Path]; len(values) == 1 {
				text = values[0]
			}
		case from == "token":
			text, _ = method.Member(token.Members, c.Path).(string)
		case from == "metadata":
			text, _ = method.Member(metadata, c.Path).(string)
		}
		value, err := catalog.CheckCapture(c, strings.TrimSuffix(text, "/"), s.Templates.Catalog.Local)
		if err != nil {
			return nil, err
		}
		captured[c.Name], target.Values[c.Name] = value.Text, value
	}
	return captured, nil
}
