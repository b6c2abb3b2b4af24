package method

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// leastRSA is the smallest RSA key that may sign (RFC 7518 3.3).
const leastRSA = 2048

// errPrivateKey says nothing of the key.
var errPrivateKey = fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "The private key cannot be read.").WithRemedy("fix_input")

// parsePrivateKey reads the first private key of a PEM file, in the forms that
// OpenSSL writes: PKCS #8, PKCS #1, SEC 1.
func parsePrivateKey(file secret.Bytes) (crypto.Signer, error) {
	rest := []byte(file.Reveal())
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, errPrivateKey
		}
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue
		}
		var (
			key any
			err error
		)
		switch block.Type {
		case "RSA PRIVATE KEY":
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case "EC PRIVATE KEY":
			key, err = x509.ParseECPrivateKey(block.Bytes)
		default:
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		}
		if signer, ok := key.(crypto.Signer); ok && err == nil {
			return signer, nil
		}
		return nil, errPrivateKey
	}
}

// wrongPrivateKey says in a sentence why a key cannot sign by an algorithm of RFC
// 7518, or nothing.
func wrongPrivateKey(file secret.Bytes, algorithm string) string {
	key, err := parsePrivateKey(file)
	if err != nil {
		return "Must be a private key in PEM form, without a passphrase."
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if !strings.HasPrefix(algorithm, "RS") && !strings.HasPrefix(algorithm, "PS") {
			return "Must be an EC key on the curve P-256: the system wants " + algorithm + "."
		}
		if key.N.BitLen() < leastRSA {
			return "Must be an RSA key of 2048 bits or more."
		}
		return ""
	case *ecdsa.PrivateKey:
		if algorithm == "ES256" && key.Curve == elliptic.P256() {
			return ""
		}
	}
	if algorithm == "ES256" {
		return "Must be an EC key on the curve P-256."
	}
	return "Must be an RSA key: the system wants " + algorithm + "."
}

// checkPrivateKey is Check for schemes in which a person may give the key.
func checkPrivateKey(t Target, fields map[string]secret.Bytes) error {
	if fields[fieldPrivateKey].IsZero() || t.Scheme.Assertion == nil {
		return nil
	}
	if wrong := wrongPrivateKey(fields[fieldPrivateKey], t.Scheme.Assertion.Algorithm); wrong != "" {
		return wrongCredential(fieldPrivateKey, wrong)
	}
	return nil
}

// publicKey returns the SubjectPublicKeyInfo (RFC 5280) of a given private key as
// PEM, or nothing.
func publicKey(file secret.Bytes) string {
	key, err := parsePrivateKey(file)
	if err != nil {
		return ""
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return ""
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// wrongCredential is the fault of one field of a credential.
func wrongCredential(field, detail string) error {
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The credential is not valid.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: "/credential/" + field, Detail: detail}},
	}
}
