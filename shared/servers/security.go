package servers

import (
	"crypto/tls"
	"crypto/x509"
	"errors"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// The modes of TLS, by the names of libpq (PostgreSQL documentation, 34.19).
const (
	modeFull    = "verify-full" // Authority and host name are checked.
	modeCA      = "verify-ca"   // The authority is checked.
	modeRequire = "require"     // Encrypted, and nothing is checked: it does not hold against an attacker in between.
	modeDisable = "disable"     // Plain.
)

// newSecurity reads the mode and the certificates of a login. What is wrong with
// them is a fault.
func newSecurity(l method.Login) (security, error) {
	mode := l.Values[method.ValueTLSMode].Reveal()
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: l.Host}
	s := security{config: config, verified: true}
	if ca := l.Values[method.ValueAuthority]; !ca.IsZero() {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM([]byte(ca.Reveal())) {
			return s, errCertificates
		}
	}
	switch mode {
	case "", modeFull:
	case modeCA:
		config.InsecureSkipVerify = true // The chain is verified below, without the name.
		config.VerifyConnection = func(state tls.ConnectionState) error { return verifyChain(state, config.RootCAs) }
	case modeRequire:
		config.InsecureSkipVerify = true
		s.verified = false
	case modeDisable:
		return security{}, nil
	default:
		return s, wrongInput(method.ValueTLSMode, "Must be one of: verify-full, verify-ca, require, disable.")
	}
	certificate, key := l.Values[method.ValueClientCertificate], l.Values[method.ValueClientKey]
	if certificate.IsZero() {
		return s, nil
	}
	pair, err := tls.X509KeyPair([]byte(certificate.Reveal()), []byte(key.Reveal()))
	if err != nil {
		return s, errCertificates
	}
	config.Certificates, s.client = []tls.Certificate{pair}, true
	return s, nil
}

// errCertificates does not say what the parser found: that may quote the key.
var errCertificates = fault.New(fault.Unprocessable, fault.CodeValidationFailed, "The certificates of the credential cannot be read.").WithRemedy("fix_input")

// verifyChain is what crypto/tls does, without comparing the name. Roots nil are
// those of the system.
func verifyChain(state tls.ConnectionState, roots *x509.CertPool) error {
	if len(state.PeerCertificates) == 0 {
		return &tls.CertificateVerificationError{Err: errors.New("no certificate")}
	}
	options := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool()}
	for _, c := range state.PeerCertificates[1:] {
		options.Intermediates.AddCert(c)
	}
	if _, err := state.PeerCertificates[0].Verify(options); err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err}
	}
	return nil
}
