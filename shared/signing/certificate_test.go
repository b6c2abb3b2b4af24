package signing_test

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/tenonhq/tenon/shared/signing"
)

// The certificate is one that openssl and the systems it is uploaded to take:
// signed by its own key, with the algorithm that key signs with.
func TestCertificate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	serials := map[string]bool{}
	for algorithm, want := range map[string]x509.SignatureAlgorithm{
		signing.RS256: x509.SHA256WithRSA, signing.PS256: x509.SHA256WithRSAPSS, signing.ES256: x509.ECDSAWithSHA256,
	} {
		k := w.make("acme", algorithm)
		shown, err := w.API(k)
		must(t, err)
		block, rest := pem.Decode([]byte(shown.Certificate))
		if block == nil || len(rest) > 0 {
			t.Fatalf("%s: got certificate %q", algorithm, shown.Certificate)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		must(t, err)
		if err := c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature); err != nil || c.SignatureAlgorithm != want {
			t.Errorf("%s: got %s, %v", algorithm, c.SignatureAlgorithm, err)
		}
		if c.Subject.String() != "CN=Tenon test acme" || c.Issuer.String() != c.Subject.String() || c.KeyUsage != x509.KeyUsageDigitalSignature || c.IsCA {
			t.Errorf("%s: got %s by %s for %v", algorithm, c.Subject, c.Issuer, c.KeyUsage)
		}
		if !bytes.Equal(c.RawSubjectPublicKeyInfo, k.PublicKey) {
			t.Errorf("%s: the certificate is of another key", algorithm)
		}
		if valid := c.NotAfter.Sub(c.NotBefore); valid != 729*24*time.Hour || !c.NotBefore.Before(w.now) || !c.NotAfter.Equal(*shown.ExpiresAt) {
			t.Errorf("%s: valid from %s to %s, expires %s", algorithm, c.NotBefore, c.NotAfter, shown.ExpiresAt)
		}
		if serials[c.SerialNumber.String()] || c.SerialNumber.BitLen() < 64 {
			t.Errorf("%s: serial number %x", algorithm, c.SerialNumber)
		}
		serials[c.SerialNumber.String()] = true
		sum := sha256.Sum256(block.Bytes)
		if thumbprint := base64.RawURLEncoding.EncodeToString(sum[:]); shown.CertificateThumbprint != thumbprint {
			t.Errorf("%s: got thumbprint %s, want %s", algorithm, shown.CertificateThumbprint, thumbprint)
		}
	}
}

// The thumbprint is the one others compute (RFC 7638).
func TestJWKThumbprint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, algorithm := range []string{signing.PS256, signing.ES256} {
		k := w.make("acme", algorithm)
		public, err := x509.ParsePKIXPublicKey(k.PublicKey)
		must(t, err)
		want, err := (&jose.JSONWebKey{Key: public}).Thumbprint(crypto.SHA256)
		must(t, err)
		shown, err := w.API(k)
		must(t, err)
		if shown.JWKThumbprint != base64.RawURLEncoding.EncodeToString(want) {
			t.Errorf("%s: got %s", algorithm, shown.JWKThumbprint)
		}
	}
}
