package method_test

import (
	"crypto/rsa"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// personal returns a target and a tenant's RSA key with a scheme as a catalog
// entry has it.
func personal(t *testing.T, s *signer, scheme catalog.Scheme, inputs map[string]string) (method.Target, *rsa.PrivateKey) {
	t.Helper()
	target := methodtest.Target("oauth2_client_credentials")
	scheme.Apply = target.Scheme.Apply
	target.Scheme, target.Values, target.ClientID = scheme, map[string]catalog.Value{}, ""
	for _, in := range scheme.Inputs {
		target.Values[in.Name] = catalog.Value{Type: in.Type, Text: inputs[in.Name]}
	}
	target.SigningKey = method.SigningKey{ID: "key-1", ARN: "rsa", Algorithm: scheme.Assertion.Algorithm}
	s.reach.Keys = methodtest.Keys{"rsa": newRSA(t)}
	return target, newRSA(t)
}

// wantForm compares a form without the assertion.
func wantForm(t *testing.T, form, want url.Values, assertion string) {
	t.Helper()
	form.Del(assertion)
	if diff := cmp.Diff(want, form); diff != "" {
		t.Errorf("form (-want +got):\n%s", diff)
	}
}

// The audience is the login host, whatever the token endpoint is; the answer does
// not say how long the token lives.
func TestLikeSalesforce(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	s.provider.Lifetime = 0
	target, key := personal(t, s, catalog.Scheme{
		Type:   "oauth2_jwt_bearer",
		Inputs: []catalog.Input{{Name: "login", Type: catalog.TypeHost}, {Name: "username", Type: catalog.TypeText}},
		Assertion: &catalog.Assertion{
			Algorithm: "RS256", Issuer: "{clientId}", Subject: "{username}", Audience: "https://{login}", Seconds: 180,
		},
		OAuth: &catalog.OAuth{TokenURL: "https://{login}/token", ClientAuth: "none", Refresh: catalog.Refresh{AccessSeconds: 900}},
	}, map[string]string{"login": "test.example.com", "username": "ann@example.com"})
	target.ClientID = "consumer-key"
	request, err := method.JWTBearer{}.Grant(target, nil)
	form := s.send(t, request, err)
	exactly(t, form.Get("assertion"), key.Public(), map[string]any{"alg": "RS256", "typ": "JWT", "kid": "key-1"},
		stated(180, map[string]any{"iss": "consumer-key", "sub": "ann@example.com", "aud": "https://test.example.com"}))
	wantForm(t, form, url.Values{"grant_type": {jwtBearer}, "client_id": {"consumer-key"}}, "assertion")
	answer, err := request.Send(t.Context(), s.reach)
	if err != nil {
		t.Fatal(err)
	}
	if token, err := answer.Parse(target.Scheme.RefreshPolicy()); err != nil || token.Lifetime != 15*time.Minute {
		t.Errorf("lifetime: got %s, %v", token.Lifetime, err)
	}
}

// The client is the connection's own, its key is named by the certificate it was
// registered with, and the scopes are a claim.
func TestLikeNetSuite(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	target, key := personal(t, s, catalog.Scheme{
		Type: "oauth2_client_credentials",
		Inputs: []catalog.Input{
			{Name: "account", Type: catalog.TypeLabel}, {Name: "clientId", Type: catalog.TypeText}, {Name: "certificateId", Type: catalog.TypeText},
		},
		Assertion: &catalog.Assertion{Algorithm: "PS256", KeyID: "{certificateId}", Seconds: 300, Scope: true},
		OAuth:     &catalog.OAuth{TokenURL: "https://{account}.example.com/token", ClientAuth: "private_key_jwt", ScopeSeparator: ","},
	}, map[string]string{"account": "123-sb1", "clientId": methodtest.ClientID, "certificateId": "cert-1"})
	target.Scopes = []string{"rest_webservices", "restlets"}
	request, err := method.ClientCredentials{}.Grant(target, nil)
	form := s.send(t, request, err)
	exactly(t, form.Get("client_assertion"), key.Public(), map[string]any{"alg": "PS256", "typ": "JWT", "kid": "cert-1"}, stated(300, map[string]any{
		"iss": methodtest.ClientID, "sub": methodtest.ClientID, "aud": "https://123-sb1.example.com/token", "scope": "rest_webservices,restlets",
	}))
	wantForm(t, form, url.Values{
		"grant_type": {"client_credentials"}, "client_id": {methodtest.ClientID},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	}, "client_assertion")
}

// The account's key file signs for an hour, for a person of the domain.
func TestLikeGoogle(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	target, key := personal(t, s, catalog.Scheme{
		Type:      "service_account_key",
		Inputs:    []catalog.Input{{Name: "subject", Type: catalog.TypeText, Optional: true}},
		Fields:    []catalog.Input{{Name: "key", Type: catalog.TypeFile}},
		Assertion: &catalog.Assertion{Algorithm: "RS256", Seconds: 3600},
		OAuth:     &catalog.OAuth{TokenURL: tokenEndpoint, ClientAuth: "none"},
	}, map[string]string{"subject": "ann@example.com"})
	s.reach.Keys, target.SigningKey = nil, method.SigningKey{}
	target.Scopes = []string{"https://www.example.com/auth/drive.readonly"}
	fields := keyFile(t, nil)
	if err := (method.ServiceAccount{}).Check(target, fields); err != nil {
		t.Fatal(err)
	}
	request, err := method.ServiceAccount{}.Grant(target, fields)
	form := s.send(t, request, err)
	exactly(t, form.Get("assertion"), key.Public(), map[string]any{"alg": "RS256", "typ": "JWT", "kid": keyFileID}, stated(3600, map[string]any{
		"iss": "robot@p.iam.example.com", "sub": "ann@example.com", "aud": tokenEndpoint, "scope": "https://www.example.com/auth/drive.readonly",
	}))
	wantForm(t, form, url.Values{"grant_type": {jwtBearer}}, "assertion")
	if got := (method.ServiceAccount{}).Describe(map[string]secret.Bytes{}); got.User != "" {
		t.Errorf("nothing given: got %+v", got)
	}
}
