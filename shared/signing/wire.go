package signing

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// API returns what the API shows of a key.
func (s *Service) API(k Key) (api.SigningKey, error) {
	out := api.SigningKey{
		ID: k.ID, Algorithm: k.Algorithm, KeySize: k.Size, State: string(k.State), KeyARN: k.ARN,
		Certificate: k.pem(), CertificateThumbprint: k.thumbprint(), JWKSURI: s.PublicURL + "/v1/tenants/" + k.Tenant + "/jwks.json",
		CreatedAt: k.CreatedAt, CreatedBy: k.CreatedBy, ExpiresAt: given(k.ExpiresAt), RetiredAt: given(k.RetiredAt),
	}
	if k.ARN == "" {
		return out, nil
	}
	public, err := k.public()
	if err != nil {
		return api.SigningKey{}, fmt.Errorf("public half of %s: %w", k.ID, err)
	}
	out.JWKThumbprint, err = jwkThumbprint(public)
	return out, err
}

// NewFrom reads the request to create a key.
func NewFrom(in api.SigningKeyCreate) New {
	return New{Key: in.IdempotencyKey, Fingerprint: in.Fingerprint(), Algorithm: in.Algorithm, Size: in.KeySize, Days: in.ValidDays}
}

// public is the public half as a JWK (RFC 7517, RFC 7518 6).
func (k Key) public() (api.PublicKey, error) {
	parsed, err := x509.ParsePKIXPublicKey(k.PublicKey)
	if err != nil {
		return api.PublicKey{}, err
	}
	out := api.PublicKey{ID: k.ID, Use: "sig", Algorithm: k.Algorithm}
	switch parsed := parsed.(type) {
	case *rsa.PublicKey:
		out.Type, out.N, out.E = "RSA", encode(parsed.N.Bytes()), encode(big.NewInt(int64(parsed.E)).Bytes())
		return out, nil
	case *ecdsa.PublicKey:
		point, err := parsed.Bytes() // 4, x and y (SEC 1, 2.3.3).
		if err != nil {
			return api.PublicKey{}, err
		}
		half := len(point) / 2
		out.Type, out.Curve, out.X, out.Y = "EC", parsed.Params().Name, encode(point[1:1+half]), encode(point[1+half:])
		return out, nil
	}
	return api.PublicKey{}, errors.New("neither RSA nor EC")
}

// jwkThumbprint is that of RFC 7638, with SHA-256: the members a key needs, in
// the order of their names.
func jwkThumbprint(k api.PublicKey) (string, error) {
	needed, err := json.Marshal(struct {
		Curve string `json:"crv,omitempty"`
		E     string `json:"e,omitempty"`
		Type  string `json:"kty"`
		N     string `json:"n,omitempty"`
		X     string `json:"x,omitempty"`
		Y     string `json:"y,omitempty"`
	}{k.Curve, k.E, k.Type, k.N, k.X, k.Y})
	sum := sha256.Sum256(needed)
	return encode(sum[:]), err
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
