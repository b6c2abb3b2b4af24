package servers

import (
	"errors"
	"net"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// errHostKey ends the key exchange: nothing else is said to the server.
var errHostKey = errors.New("the host key is not the confirmed one")

// keyState is how far the trust in a server has come.
type keyState int

const (
	keyUnseen keyState = iota
	keyUnconfirmed
	keyForeign
	keyConfirmed
	keyAuthenticated
	keyServing // SFTP has begun.
)

// hostKey pins the key a server shows to the one that was confirmed.
type hostKey struct {
	confirmed string // Fingerprint; empty when nobody has confirmed one.
	shown     string // Of the first key the server showed, or of the confirmed one.
	kind      string // Of the key shown last.
	state     keyState
}

// check implements ssh.HostKeyCallback. The server has proven by then that it
// holds the key.
func (k *hostKey) check(_ string, _ net.Addr, key ssh.PublicKey) error {
	fingerprint := ssh.FingerprintSHA256(key)
	k.kind = key.Type()
	if k.shown == "" {
		k.shown = fingerprint
	}
	if k.confirmed == "" {
		k.state = keyUnconfirmed
		return errHostKey
	}
	// ssh-keygen leaves out the padding; other tools do not.
	if strings.TrimRight(k.confirmed, "=") != fingerprint {
		k.state = keyForeign
		return errHostKey
	}
	k.state, k.shown = keyConfirmed, fingerprint
	return nil
}

// without returns the algorithms but those of the key shown last.
func (k *hostKey) without(algorithms []string) []string {
	return slices.DeleteFunc(slices.Clone(algorithms), func(a string) bool {
		return a == k.kind || k.kind == ssh.KeyAlgoRSA && strings.HasPrefix(a, "rsa-sha2-")
	})
}

// hostKeyAlgorithms lists those that are safe, without certificates: what is
// confirmed is a key.
func hostKeyAlgorithms() []string {
	return []string{
		ssh.KeyAlgoED25519, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256,
	}
}
