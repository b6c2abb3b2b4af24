package oidc_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	issuer   = "https://login.vendor.com"
	jwksURL  = "https://login.vendor.com/keys"
	clientID = "client-1"
	nonce    = "n0nce"
	keyID    = "k1"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// claims are those of a valid token.
func claims() map[string]any {
	return map[string]any{
		"iss": issuer, "sub": "user-1", "aud": clientID, "nonce": nonce,
		"iat": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(),
	}
}

// provider is an OpenID provider; it is the HTTP client that reaches itself.
type provider struct {
	algorithm jose.SignatureAlgorithm
	key       crypto.Signer
	answer    *answer // In place of the key set.
	fetched   int
	read      int // Of an endless answer, in bytes.
}

type answer struct {
	status         int
	location, body string
	endless        bool
	err            error
}

func newProvider(t *testing.T, algorithm jose.SignatureAlgorithm) *provider {
	t.Helper()
	var key crypto.Signer
	var err error
	switch algorithm {
	case jose.RS256, jose.PS256:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case jose.ES256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.ES384:
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case jose.EdDSA:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &provider{algorithm: algorithm, key: key}
}

// Do answers with the key set.
func (p *provider) Do(r *http.Request) (*http.Response, error) {
	p.fetched++
	given := answer{status: http.StatusOK, body: p.keySet()}
	if p.answer != nil {
		given = *p.answer
	}
	if given.err != nil {
		return nil, given.err
	}
	res := &http.Response{StatusCode: given.status, Header: http.Header{}, Request: r}
	res.Body = io.NopCloser(strings.NewReader(given.body))
	if given.endless {
		res.Body = io.NopCloser(endless{p})
	}
	if given.location != "" {
		res.Header.Set("Location", given.location)
	}
	return res, nil
}

// endless never ends.
type endless struct{ of *provider }

func (e endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	e.of.read += len(b)
	return len(b), nil
}

func (p *provider) keySet() string {
	b, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: keyID, Use: "sig"}}})
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func (p *provider) sign(t *testing.T, c map[string]any) string {
	t.Helper()
	return sign(t, p.algorithm, jose.JSONWebKey{Key: p.key, KeyID: keyID}, c, nil)
}

func sign(t *testing.T, algorithm jose.SignatureAlgorithm, key any, c map[string]any, options *jose.SignerOptions) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}
