package signing

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"
)

// nameLimit is how long a common name may be (RFC 5280, ub-common-name).
const nameLimit = 64

// algorithms are the signatures of certificates by the keys they are of.
var algorithms = map[string]x509.SignatureAlgorithm{
	RS256: x509.SHA256WithRSA, PS256: x509.SHA256WithRSAPSS, ES256: x509.ECDSAWithSHA256,
}

// skew is how far the clock of a system may be behind that reads the certificate
// at once.
const skew = 5 * time.Minute

// certify gives the key a self-signed certificate.
func (s *Service) certify(ctx context.Context, k *Key) error {
	public, err := x509.ParsePKIXPublicKey(k.PublicKey)
	if err != nil {
		return fmt.Errorf("parse public key: %w", err)
	}
	name := "Tenon " + s.Stage + " " + k.Tenant
	from := s.Now().UTC().Truncate(time.Second).Add(-skew)
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: name[:min(len(name), nameLimit)]},
		NotBefore: from, NotAfter: from.AddDate(0, 0, k.Days),
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
		SignatureAlgorithm: algorithms[k.Algorithm],
	}
	// Without a serial number in the template a random one is drawn.
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, signer{ctx, s.Keys, *k, public})
	if err != nil {
		return fmt.Errorf("sign certificate: %w", err)
	}
	k.Certificate, k.ExpiresAt = der, template.NotAfter
	return nil
}

// signer is a key at the key service as a crypto.MessageSigner, for one call:
// the interface passes no context.
type signer struct {
	ctx    context.Context
	keys   Keys
	key    Key
	public crypto.PublicKey
}

// Public implements crypto.Signer.
func (s signer) Public() crypto.PublicKey { return s.public }

// Sign implements crypto.Signer, and refuses: the key service is given messages.
func (s signer) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("a digest is not signed")
}

// SignMessage implements crypto.MessageSigner.
func (s signer) SignMessage(_ io.Reader, message []byte, _ crypto.SignerOpts) ([]byte, error) {
	signature, err := s.keys.Sign(s.ctx, s.key.ARN, s.key.Algorithm, message)
	if err != nil || s.key.Algorithm != ES256 {
		return signature, err
	}
	// X.509 wants the two numbers in DER (RFC 5758 3.2), JOSE has them side by side.
	half := len(signature) / 2
	return asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])})
}

// thumbprint is x5t#S256 of the certificate (RFC 7515 4.1.8), empty without one.
func (k Key) thumbprint() string {
	if len(k.Certificate) == 0 {
		return ""
	}
	sum := sha256.Sum256(k.Certificate)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// pem is the certificate as systems take it, empty without one.
func (k Key) pem() string {
	if len(k.Certificate) == 0 {
		return ""
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: k.Certificate}))
}
