package method_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

const (
	tokenTypeJWT    = "urn:ietf:params:oauth:token-type:jwt"
	tokenTypeAccess = "urn:ietf:params:oauth:token-type:access_token"
	givenToken      = "given.subject.token"
)

// exchanging is the target of a token exchange.
func exchanging(x *catalog.Exchange) method.Target {
	target := methodtest.Target("oauth2_token_exchange")
	oauth := *target.Scheme.OAuth
	oauth.Exchange = x
	target.Scheme.OAuth, target.Scopes = &oauth, []string{"read"}
	return target
}

func TestTokenExchangeRequest(t *testing.T) {
	t.Parallel()
	given := map[string]secret.Bytes{"subjectToken": secret.FromString(givenToken)}
	both := map[string]secret.Bytes{"subjectToken": secret.FromString(givenToken), "actorToken": secret.FromString("given.actor.token")}
	all := catalog.Exchange{
		SubjectTokenType: tokenTypeAccess, ActorTokenType: tokenTypeJWT, RequestedTokenType: "urn:x:token-type:offline",
		Audience: "{serviceAccount}", Resource: "https://api.example.com/{absent}",
	}
	for _, tt := range []struct {
		name   string
		x      *catalog.Exchange
		fields map[string]secret.Bytes
		signed string // The parameter that holds our assertion.
		want   url.Values
	}{
		{"our assertion", nil, nil, "subject_token", url.Values{"subject_token_type": {tokenTypeJWT}}},
		{"given token", &catalog.Exchange{}, given, "", url.Values{"subject_token": {givenToken}, "subject_token_type": {tokenTypeJWT}}},
		{"everything, given", &all, both, "", url.Values{
			"subject_token": {givenToken}, "subject_token_type": {tokenTypeAccess}, "actor_token": {"given.actor.token"}, "actor_token_type": {tokenTypeJWT},
			"requested_token_type": {"urn:x:token-type:offline"}, "audience": {"robot@example.com"},
		}},
		{"we are the actor", &all, given, "actor_token", url.Values{
			"subject_token": {givenToken}, "subject_token_type": {tokenTypeAccess}, "actor_token_type": {tokenTypeJWT},
			"requested_token_type": {"urn:x:token-type:offline"}, "audience": {"robot@example.com"},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSigner(t)
			target := exchanging(tt.x)
			request, err := method.TokenExchange{}.Grant(target, tt.fields)
			form := s.send(t, request, err)
			if tt.signed != "" {
				exactly(t, form.Get(tt.signed), s.key.Public(), map[string]any{"alg": "ES256", "typ": "JWT", "kid": "key-1"},
					stated(60, map[string]any{"iss": methodtest.ClientID, "aud": tokenEndpoint}))
				form.Del(tt.signed)
			}
			tt.want.Set("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
			tt.want.Set("scope", "read")
			if diff := cmp.Diff(tt.want, form); diff != "" {
				t.Errorf("form (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOAF26ActorTokenMissing(t *testing.T) {
	t.Parallel()
	_, err := method.TokenExchange{}.Grant(exchanging(&catalog.Exchange{ActorTokenType: tokenTypeJWT}), nil)
	wantWrongField(t, err, "/credential/actorToken", "required")
	target := exchanging(nil)
	target.Scheme.Assertion = nil
	if _, err := (method.TokenExchange{}).Grant(target, nil); !fault.Has(err, fault.CodeSchemeMismatch) {
		t.Errorf("neither a token nor an assertion: got %v", err)
	}
}

func TestOAF26IssuedTokenType(t *testing.T) {
	t.Parallel()
	const offline = "urn:x:token-type:offline"
	for _, tt := range []struct {
		requested, issued string
		used              bool
	}{
		{"", "", true},
		{"", tokenTypeAccess, true},
		{"", tokenTypeJWT, true},
		{"", "urn:ietf:params:oauth:token-type:refresh_token", false},
		{"", "urn:ietf:params:oauth:token-type:id_token", false},
		{offline, offline, true},
		{offline, "", true},
		{offline, tokenTypeAccess, false},
	} {
		s := newSigner(t)
		if tt.issued != "" {
			s.provider.Extra = map[string]any{"issued_token_type": tt.issued}
		}
		request, err := method.TokenExchange{}.Grant(exchanging(&catalog.Exchange{RequestedTokenType: tt.requested}), nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := request.Send(t.Context(), s.reach)
		if tt.used != (err == nil) || err != nil && !fault.Has(err, fault.CodeProviderError) {
			t.Errorf("asked for %q, got %q: %v", tt.requested, tt.issued, err)
		}
		if err != nil && !answer.Body.IsZero() {
			t.Errorf("asked for %q, got %q: the answer is kept", tt.requested, tt.issued)
		}
	}
}

// RFC 8693 2.2.2 refuses a token that expired, or is not accepted for another
// reason, with invalid_request.
func TestSubjectTokenRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		body   string
		want   error
	}{
		{400, `{"error":"invalid_request","error_description":"expired"}`, method.Definitive},
		{400, `{"error":"invalid_grant"}`, method.Definitive},
		{401, `{"error":"invalid_client"}`, method.ClientRefused},
		{400, `{"error":"invalid_target"}`, method.Unreadable},
		{400, `nonsense`, method.Unreadable},
	} {
		s := newSigner(t)
		s.provider.Script("/token", methodtest.Step{Status: tt.status, Body: tt.body})
		request, err := method.TokenExchange{}.Grant(exchanging(nil), map[string]secret.Bytes{"subjectToken": secret.FromString(givenToken)})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := request.Send(t.Context(), s.reach)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := answer.Parse(catalog.Refresh{}); fault.From(err).Detail != fault.From(tt.want).Detail {
			t.Errorf("%d %s: got %v, want %v", tt.status, tt.body, err, tt.want)
		}
	}
	s := newSigner(t)
	s.provider.Script("/token", methodtest.Step{Status: 503, Body: `{"error":"invalid_request"}`})
	request, err := method.TokenExchange{}.Grant(exchanging(nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := request.Send(t.Context(), s.reach)
	if _, refused := answer.Parse(catalog.Refresh{}); err != nil || errors.Is(refused, method.Definitive) {
		t.Errorf("a server's error: got %v, %v", err, refused)
	}
}

func TestSubjectTokenDescribed(t *testing.T) {
	t.Parallel()
	jwt := func(payload string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2lnbmF0dXJl"
	}
	for _, tt := range []struct {
		token string
		want  method.Description
	}{
		{jwt(fmt.Sprintf(`{"exp":%d}`, signedAt.Unix())), method.Description{Last4: "dXJl", ExpiresAt: signedAt.Truncate(time.Second)}},
		{jwt(`{"exp":"soon"}`), method.Description{Last4: "dXJl"}},
		{jwt(`{"exp":1e300}`), method.Description{Last4: "dXJl"}},
		{"an-opaque-subject-token", method.Description{Last4: "oken"}},
		{"", method.Description{}},
	} {
		got := method.TokenExchange{}.Describe(map[string]secret.Bytes{"subjectToken": secret.FromString(tt.token)})
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.token, diff)
		}
	}
}
