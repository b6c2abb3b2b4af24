package method

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// ClientCertificate is mutual TLS: the runtime shows a certificate in the
// handshake (RFC 8446 4.4.2). Certificate and key are PEM files, or one PKCS#12
// file (RFC 7292) in Base64, or made by Generate.
type ClientCertificate struct{}

// The field names of a client certificate.
const (
	fieldCertificate = "certificate" // PEM: the certificate first, then those it was issued by.
	fieldPrivateKey  = "privateKey"  // PEM; that of an assertion signs instead of the tenant's.
	fieldPKCS12      = "pkcs12"
	fieldPassphrase  = "passphrase"
)

// Type implements Method.
func (ClientCertificate) Type() string { return "client_certificate" }

// Apply implements Method: a runtime gets certificate and key as PEM files,
// whatever they were given as.
func (ClientCertificate) Apply(t Target, fields map[string]secret.Bytes, _ Token) (vault.Leasable, error) {
	pair, err := readPair(fields)
	if err != nil {
		return vault.Leasable{}, err
	}
	vars := variables(t, nil)
	vars[fieldCertificate], vars[fieldPrivateKey] = pair.certificate.Reveal(), pair.key.Reveal()
	return place(t, vars)
}

// Check implements Checker: the certificate fits its key and is strong enough.
func (ClientCertificate) Check(_ Target, fields map[string]secret.Bytes) error {
	_, err := readPair(fields)
	return err
}

// Describe shows the subject, the certificate itself and when it ends.
func (ClientCertificate) Describe(fields map[string]secret.Bytes) Description {
	pair, err := readPair(fields)
	if err != nil {
		return Description{}
	}
	return Description{User: pair.leaf.Subject.String(), ExpiresAt: pair.leaf.NotAfter, PublicKey: pair.certificate.Reveal()}
}

// Verify implements Verifier: the connector's verification request, over a
// connection that shows the certificate.
func (ClientCertificate) Verify(ctx context.Context, reach Reach, t Target, l vault.Leasable) (Probe, error) {
	certified, ok := reach.HTTP.(CertifiedDoer)
	if !ok {
		return Probe{}, fault.New(fault.Conflict, fault.CodeSchemeMismatch, "Client certificates cannot be shown from here.")
	}
	pair, err := tls.X509KeyPair([]byte(l.Values[fieldCertificate].Reveal()), []byte(l.Values[fieldPrivateKey].Reveal()))
	if err != nil {
		return Probe{}, errors.New("client certificate of the lease does not fit its key")
	}
	shown := &shownCertificate{Doer: certified.Certified(pair)}
	reach.HTTP = shown
	p, err := verify(ctx, reach, t, l)
	if shown.refused {
		p.Outcome, p.Message = catalog.AuthError, "The system does not accept the certificate."
	}
	return p, err
}

// shownCertificate notes whether the certificate was refused in the handshake.
type shownCertificate struct {
	Doer
	refused bool
}

// Do implements Doer.
func (s *shownCertificate) Do(r *http.Request) (*http.Response, error) {
	res, err := s.Doer.Do(r)
	var alert *net.OpError
	if errors.As(err, &alert) && alert.Op == "remote error" {
		s.refused = slices.Contains(certificateAlerts(), alert.Err.Error())
	}
	return res, err
}

// certificateAlerts are the alerts by which a system refuses the certificate of
// its client (RFC 8446 6.2), in the words of crypto/tls, which exports no others.
func certificateAlerts() []string {
	return []string{
		"tls: bad certificate", "tls: unsupported certificate", "tls: revoked certificate", "tls: expired certificate",
		"tls: unknown certificate", "tls: unknown certificate authority", "tls: access denied", "tls: certificate required",
	}
}

// certificateLife is how long a generated certificate lasts: systems that register
// one take no more than two years.
const certificateLife = 730 * 24 * time.Hour

// Generate implements Generator: a P-256 key and its self-signed certificate.
func (ClientCertificate) Generate(random io.Reader, t Target, now time.Time) (map[string]secret.Bytes, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return nil, errors.New("generate a key: no randomness")
	}
	serial := make([]byte, 16)
	if _, err := io.ReadFull(random, serial); err != nil {
		return nil, errors.New("generate a serial number: no randomness")
	}
	serial[0] &= 0x7f // A serial number is positive and has at most twenty octets (RFC 5280 4.1.2.2).
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial), Subject: pkix.Name{CommonName: "Tenon " + t.Tenant, Organization: []string{t.Connector.Name}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife - 24*time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(random, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sign a certificate: %w", err)
	}
	encoded, err := encodeKey(key)
	return map[string]secret.Bytes{fieldCertificate: encodeCertificates(der), fieldPrivateKey: encoded}, err
}

// pair is a certificate with its key.
type pair struct {
	certificate, key secret.Bytes // PEM.
	leaf             *x509.Certificate
}

// readPair reads what was given, in whichever form. Its errors are faults that
// point to the field that is wrong. The certificate is written anew: the file may
// hold a key as well, and the certificate is shown.
func readPair(fields map[string]secret.Bytes) (pair, error) {
	certificate, key := fields[fieldCertificate], fields[fieldPrivateKey]
	switch bundle := fields[fieldPKCS12]; {
	case !bundle.IsZero() && (!certificate.IsZero() || !key.IsZero()):
		return pair{}, wrong(fieldPKCS12, "Give either this file or certificate and privateKey.")
	case !bundle.IsZero():
		var err error
		if certificate, key, err = openBundle(bundle, fields[fieldPassphrase]); err != nil {
			return pair{}, err
		}
	case certificate.IsZero():
		return pair{}, wrong(fieldCertificate, "Is required.")
	case key.IsZero():
		return pair{}, wrong(fieldPrivateKey, "Is required.")
	}
	both, err := tls.X509KeyPair([]byte(certificate.Reveal()), []byte(key.Reveal()))
	if err != nil {
		return pair{}, wrong(pairField(certificate), "Is not a PEM file of a certificate and the key that fits it, without a passphrase.")
	}
	if flaw := weak(both.Leaf); flaw != "" {
		return pair{}, wrong(fieldCertificate, flaw)
	}
	return pair{encodeCertificates(both.Certificate...), key, both.Leaf}, nil
}

// pairField names the field to blame for a pair that does not fit.
func pairField(certificate secret.Bytes) string {
	block, _ := pem.Decode([]byte(certificate.Reveal()))
	if block == nil {
		return fieldCertificate
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		return fieldCertificate
	}
	return fieldPrivateKey
}

// weak says what keeps a certificate from being used for years to come.
func weak(c *x509.Certificate) string {
	if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < 2048 {
		return "Its RSA key has less than 2048 bits."
	}
	return ""
}

// openBundle reads a PKCS#12 file into PEM files.
func openBundle(bundle, passphrase secret.Bytes) (certificate, key secret.Bytes, err error) {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(bundle.Reveal()), ""))
	if err != nil {
		return certificate, key, wrong(fieldPKCS12, "Is not Base64.")
	}
	private, leaf, issuers, err := pkcs12.DecodeChain(der, passphrase.Reveal())
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return certificate, key, wrong(fieldPassphrase, "Does not open the file.")
	}
	if err != nil {
		return certificate, key, wrong(fieldPKCS12, "Is not a PKCS#12 file with one key and its certificate.")
	}
	chain := [][]byte{leaf.Raw}
	for _, issuer := range issuers {
		chain = append(chain, issuer.Raw)
	}
	key, err = encodeKey(private)
	if err != nil {
		return certificate, key, wrong(fieldPKCS12, "Holds a key of a kind that is not known.")
	}
	return encodeCertificates(chain...), key, nil
}

func encodeCertificates(chain ...[]byte) secret.Bytes {
	var out bytes.Buffer
	for _, der := range chain {
		_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: der}) // A buffer takes everything.
	}
	return secret.New(out.Bytes())
}

func encodeKey(key crypto.PrivateKey) (secret.Bytes, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return secret.Bytes{}, errors.New("encode a key: of a kind that is not known")
	}
	return secret.New(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// wrong is the fault of a credential of which one member is wrong.
func wrong(name, detail string) error { return wrongFields(wrongField(name, detail)) }
