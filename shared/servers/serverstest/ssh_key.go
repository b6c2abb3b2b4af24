package serverstest

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// Key is an SSH key in the forms that servers and people have it in.
type Key struct {
	Private     string // OpenSSH form.
	Authorized  string // A line of authorized_keys.
	Fingerprint string
	Signer      ssh.Signer
}

// Ed25519Key makes a key, under a passphrase if there is one.
func Ed25519Key(t *testing.T, passphrase string) Key {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return sshKey(t, private, passphrase)
}

// RSAKey makes a key of 2048 bits.
func RSAKey(t *testing.T) Key {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return sshKey(t, private, "")
}

func sshKey(t *testing.T, private crypto.Signer, passphrase string) Key {
	t.Helper()
	block, err := ssh.MarshalPrivateKey(private, "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return Key{
		Private: string(pem.EncodeToMemory(block)), Signer: signer,
		Authorized:  strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey()))),
		Fingerprint: ssh.FingerprintSHA256(signer.PublicKey()),
	}
}
