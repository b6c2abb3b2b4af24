package method

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// SSHKey is a login by SSH (RFC 4252), with a password or a private key, to a
// server whose host key somebody has confirmed.
type SSHKey struct{}

// minRSABits is the size below which an RSA key is no longer safe (NIST SP
// 800-57 part 1, 5.6.1).
const minRSABits = 2048

// Type implements Method.
func (SSHKey) Type() string { return "ssh_key" }

// Apply implements Method.
func (SSHKey) Apply(t Target, fields map[string]secret.Bytes, _ Token) (vault.Leasable, error) {
	return place(t, variables(t, fields))
}

// Describe shows the user, and the public half of the key as a line of
// authorized_keys.
func (SSHKey) Describe(fields map[string]secret.Bytes) Description {
	d := Description{User: fields[fieldUser].Reveal()}
	key, wrong := parseSSHKey(fields[fieldPrivateKey], fields[fieldPassphrase])
	if wrong.Detail != "" {
		return d
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err == nil {
		d.PublicKey = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
	}
	return d
}

// Check implements Checker.
func (SSHKey) Check(_ Target, fields map[string]secret.Bytes) error {
	password, key, passphrase := fields[fieldPassword], fields[fieldPrivateKey], fields[fieldPassphrase]
	switch {
	case password.IsZero() == key.IsZero():
		const either = "Give either a password or a private key."
		return wrongFields(wrongField(fieldPassword, either), wrongField(fieldPrivateKey, either))
	case key.IsZero() && !passphrase.IsZero():
		return wrongFields(wrongField(fieldPassphrase, "Belongs to a private key, and there is none."))
	case key.IsZero():
		return nil
	}
	parsed, wrong := parseSSHKey(key, passphrase)
	if wrong.Detail != "" {
		return wrongFields(wrong)
	}
	if k, ok := parsed.(*rsa.PrivateKey); ok && k.N.BitLen() < minRSABits {
		return wrongFields(wrongField(fieldPrivateKey, "An RSA key must have at least 2048 bits."))
	}
	kinds := []string{ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoRSA}
	if signer, err := ssh.NewSignerFromKey(parsed); err != nil || !slices.Contains(kinds, signer.PublicKey().Type()) {
		return wrongFields(wrongField(fieldPrivateKey, "Is of a kind that cannot be used; take Ed25519, ECDSA or RSA."))
	}
	return nil
}

// Generate implements Generator: an ECDSA key on P-256, which servers of the last
// ten years know. Its public half goes into the server's authorized_keys.
func (SSHKey) Generate(random io.Reader, _ Target, _ time.Time) (map[string]secret.Bytes, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return nil, errors.New("generate a key: no randomness")
	}
	encoded, err := encodeKey(key)
	return map[string]secret.Bytes{fieldPrivateKey: encoded}, err
}

// Verify implements Verifier. A server whose host key nobody has confirmed is
// told nothing: the fault shows the key, and the request is repeated with it.
func (SSHKey) Verify(ctx context.Context, reach Reach, t Target, l vault.Leasable) (Probe, error) {
	login, p, err := proveLogin(ctx, reach, t, l)
	if err == nil && login.Values[ValueHostKey].IsZero() && p.HostKey != "" {
		return Probe{}, unconfirmed(p.HostKey)
	}
	return p, err
}

func unconfirmed(fingerprint string) error {
	return &fault.Error{
		Kind: fault.Unprocessable, Code: fault.CodeHostKeyUnconfirmed, Remedy: "fix_input",
		Detail: "The server's host key has not been confirmed.",
		Fields: []fault.Field{{
			Pointer: "/inputs/" + ValueHostKey,
			Detail:  "The server shows " + fingerprint + ". Compare it with what its operator says and send it as " + ValueHostKey + ".",
		}},
	}
}

// parseSSHKey returns the key, or what is wrong with which field.
func parseSSHKey(key, passphrase secret.Bytes) (any, fault.Field) {
	text := []byte(key.Reveal())
	parsed, err := ssh.ParseRawPrivateKey(text)
	var locked *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &locked) && passphrase.IsZero():
		return nil, wrongField(fieldPassphrase, "The private key has a passphrase.")
	case errors.As(err, &locked):
		parsed, err = ssh.ParseRawPrivateKeyWithPassphrase(text, []byte(passphrase.Reveal()))
	case err == nil && !passphrase.IsZero():
		return nil, wrongField(fieldPassphrase, "The private key has no passphrase.")
	}
	if errors.Is(err, x509.IncorrectPasswordError) {
		return nil, wrongField(fieldPassphrase, "Is not the passphrase of the private key.")
	}
	if err != nil && strings.HasPrefix(key.Reveal(), "PuTTY-User-Key-File") {
		return nil, wrongField(fieldPrivateKey, "Is in the form of PuTTY. Export it from PuTTYgen as an OpenSSH key.")
	}
	if err != nil {
		return nil, wrongField(fieldPrivateKey, "Is not a private key in PEM or OpenSSH form.")
	}
	return parsed, fault.Field{}
}

func wrongField(name, detail string) fault.Field {
	return fault.Field{Pointer: "/credential/" + name, Detail: detail}
}

func wrongFields(fields ...fault.Field) error {
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Remedy: "fix_input",
		Detail: "The credential is not valid.", Fields: fields,
	}
}
