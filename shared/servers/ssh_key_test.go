package servers_test

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

// key is an SSH key in the forms that servers and people have it in.
type key struct {
	private     string // OpenSSH form.
	authorized  string // A line of authorized_keys.
	fingerprint string
	signer      ssh.Signer
}

func ed25519Key(t *testing.T, passphrase string) key {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return sshKey(t, private, passphrase)
}

func rsaKey(t *testing.T) key {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return sshKey(t, private, "")
}

func sshKey(t *testing.T, private crypto.Signer, passphrase string) key {
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
	return key{
		private: string(pem.EncodeToMemory(block)), signer: signer,
		authorized:  strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey()))),
		fingerprint: ssh.FingerprintSHA256(signer.PublicKey()),
	}
}
