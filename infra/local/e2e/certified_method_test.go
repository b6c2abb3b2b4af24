package e2e_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/egress"
	tenonkms "github.com/tenonhq/tenon/shared/kms"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// certified is the certified server as the auth methods see it, with keys in a
// local key service.
type certified struct {
	*lab
	keys  keyService
	reach method.Reach
}

func startCertified(t *testing.T) *certified {
	t.Helper()
	owner := tenonkms.Owner{Partition: "aws", Account: "123456789012", Region: "eu-west-1"}
	c := &certified{lab: startLab(t), keys: keyService{tenonkms.Signer{Client: kms.NewFromConfig(awstest.Config(cloud.New())), Stage: "test", Owner: owner}}}
	c.reach = method.Reach{HTTP: egress.New(egress.Config{InsecureLoopback: true}), Keys: c.keys, Now: time.Now, Random: rand.Reader}
	return c
}

// keyService is the signing keys of a tenant in the local AWS, through the
// adapter that the functions have.
type keyService struct{ tenonkms.Signer }

// create makes a key for an algorithm and returns what a tenant has of it and
// what a client registers.
func (k keyService) create(t *testing.T, algorithm string) (method.SigningKey, jose.JSONWebKey) {
	t.Helper()
	id := "sgk_" + rand.Text()
	arn, public, err := k.CreateSigningKey(t.Context(), "acme", id, algorithm, 2048)
	if err != nil {
		t.Fatal(err)
	}
	key, err := x509.ParsePKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return method.SigningKey{ID: id, ARN: arn, Algorithm: algorithm}, registered(key, id, algorithm)
}

func registered(key crypto.PublicKey, id, algorithm string) jose.JSONWebKey {
	return jose.JSONWebKey{Key: key, KeyID: id, Algorithm: algorithm, Use: "sig"}
}

// register makes a client whose keys are these.
func (c *certified) register(t *testing.T, id string, metadata map[string]any, keys ...jose.JSONWebKey) {
	t.Helper()
	client := map[string]any{
		"client_id": id, "jwks": jose.JSONWebKeySet{Keys: keys}, "token_endpoint_auth_method": "none",
		"redirect_uris": []string{"https://tenon.example.com/callback"}, "response_types": []string{"code"},
		"scope": "openid offline_access crm.read", "grant_types": []string{"authorization_code", "refresh_token", "client_credentials", jwtBearer, tokenExchange},
	}
	for name, value := range metadata {
		client[name] = value
	}
	c.control(t, &environment{}, http.MethodPost, "/_lab/clients", client, nil)
}

const (
	jwtBearer     = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
)

// target describes a connection to the server.
func (c *certified) target(schemeType, clientID string, key method.SigningKey, a catalog.Assertion, inputs ...string) method.Target {
	values := map[string]catalog.Value{"issuer": {Type: catalog.TypeURL, Text: c.issuer}}
	for i := 0; i+1 < len(inputs); i += 2 {
		values[inputs[i]] = catalog.Value{Type: catalog.TypeText, Text: inputs[i+1]}
	}
	return method.Target{
		Connector: catalog.Connector{ID: "certified", Hosts: []string{"{issuer}"}}, Values: values,
		ClientID: clientID, SigningKey: key, RedirectURI: "https://tenon.example.com/callback",
		Scheme: catalog.Scheme{
			Type: schemeType, Assertion: &a,
			Apply: catalog.Placement{Headers: map[string]string{"Authorization": "Bearer {accessToken}"}},
			OAuth: &catalog.OAuth{
				AuthorizeURL: "{issuer}/auth", TokenURL: "{issuer}/token", RevokeURL: "{issuer}/token/revocation", ClientAuth: "none", PKCE: "required",
			},
		},
	}
}

// redeem sends a token request and reads its answer.
func (c *certified) redeem(ctx context.Context, reach method.Reach, request method.Request, err error) (method.Token, error) {
	if err != nil {
		return method.Token{}, err
	}
	answer, err := request.Send(ctx, reach)
	if err != nil {
		return method.Token{}, err
	}
	token, err := answer.Parse(catalog.Refresh{})
	if err != nil {
		return token, fmt.Errorf("%w: %d %s", err, answer.Status, answer.Body.Reveal())
	}
	return token, nil
}

// owner returns who the server says has the token.
func (c *certified) owner(t *testing.T, token method.Token) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.issuer+"/api/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token.AccessToken.Reveal())
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(body), `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

// code authorizes as a person in a browser would.
func (c *certified) code(t *testing.T, target method.Target) (code, verifier secret.Bytes) {
	t.Helper()
	text := oauth2.GenerateVerifier()
	address, err := method.AuthorizationCode{}.AuthorizeURL(target, method.Authorization{
		State: secret.FromString("state"), Challenge: oauth2.S256ChallengeFromVerifier(text),
	})
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var end *url.URL
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), target.RedirectURI) {
			end = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || end == nil || end.Query().Get("code") == "" {
		t.Fatalf("authorization: %v, ended at %v (%s)", err, end, res.Status)
	}
	return secret.FromString(end.Query().Get("code")), secret.FromString(text)
}
