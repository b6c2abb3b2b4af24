package method

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"

	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Database is a login to a database server over its own protocol: a user with a
// password, a client certificate, or both.
type Database struct{}

// Names of the fields of a database login besides those of Basic.
const (
	fieldAuthority         = "ca"                // PEM; the only ones trusted where it is given.
	fieldClientCertificate = "clientCertificate" // PEM, the leaf first.
	fieldClientKey         = "clientKey"         // PEM.
)

// Type implements Method.
func (Database) Type() string { return "database" }

// Apply implements Method.
func (Database) Apply(t Target, fields map[string]secret.Bytes, _ Token) (vault.Leasable, error) {
	return place(t, variables(t, fields))
}

// Describe shows the user and the client certificate, with the day it ends.
func (Database) Describe(fields map[string]secret.Bytes) Description {
	d := Description{User: fields[fieldUser].Reveal()}
	pair, err := clientPair(fields)
	if err != nil {
		return d
	}
	d.PublicKey, d.ExpiresAt = encodeCertificates(pair.Certificate...).Reveal(), pair.Leaf.NotAfter.UTC()
	return d
}

// Check implements Checker.
func (Database) Check(_ Target, fields map[string]secret.Bytes) error {
	if ca := fields[fieldAuthority]; !ca.IsZero() && !certificates([]byte(ca.Reveal())) {
		return wrongFields(wrongField(fieldAuthority, "Is not a list of certificates in PEM form."))
	}
	certificate, key := fields[fieldClientCertificate], fields[fieldClientKey]
	switch {
	case certificate.IsZero() && key.IsZero():
		return nil
	case certificate.IsZero():
		return wrongFields(wrongField(fieldClientCertificate, "Belongs to the client's key and is missing."))
	case key.IsZero():
		return wrongFields(wrongField(fieldClientKey, "Belongs to the client's certificate and is missing."))
	case !certificates([]byte(certificate.Reveal())):
		return wrongFields(wrongField(fieldClientCertificate, "Is not a list of certificates in PEM form."))
	}
	if _, err := clientPair(fields); err != nil {
		return wrongFields(wrongField(fieldClientKey, "Is not the private key of the certificate, in PEM form and without a passphrase."))
	}
	return nil
}

// Verify implements Verifier.
func (Database) Verify(ctx context.Context, reach Reach, t Target, l vault.Leasable) (Probe, error) {
	_, p, err := proveLogin(ctx, reach, t, l)
	return p, err
}

func clientPair(fields map[string]secret.Bytes) (tls.Certificate, error) {
	return tls.X509KeyPair([]byte(fields[fieldClientCertificate].Reveal()), []byte(fields[fieldClientKey].Reveal()))
}

// certificates reports whether the text is certificates in PEM form and nothing
// else but comments between them.
func certificates(text []byte) bool {
	count := 0
	for {
		block, rest := pem.Decode(text)
		if block == nil {
			return count > 0 && !bytes.Contains(rest, []byte("-----BEGIN"))
		}
		if block.Type != "CERTIFICATE" {
			return false
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return false
		}
		text = rest
		count++
	}
}
