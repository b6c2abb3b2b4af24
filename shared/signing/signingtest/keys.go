package signingtest

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"sync"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/signing"
)

// Keys is a signing.Keys in memory, which signs for real. The zero value is
// ready to use.
type Keys struct {
	mu   sync.Mutex
	keys map[string]*key   // By ARN.
	arns map[string]string // By tenant and id.
}

type key struct {
	private  crypto.Signer
	disabled bool
}

var errKey = fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "The tenant's key cannot be used.").WithRemedy("contact_admin")

// CreateSigningKey implements signing.Keys.
func (k *Keys) CreateSigningKey(_ context.Context, tenant, id, algorithm string, bits int) (string, []byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	name := tenant + "/" + id
	arn, ok := k.arns[name]
	if !ok {
		made, err := generate(algorithm, bits)
		if err != nil {
			return "", nil, err
		}
		if k.keys == nil {
			k.keys, k.arns = map[string]*key{}, map[string]string{}
		}
		arn = fmt.Sprintf("arn:aws:kms:eu-west-1:123456789012:key/%s-%d", tenant, len(k.keys))
		k.keys[arn], k.arns[name] = made, arn
	}
	if k.keys[arn].disabled {
		return "", nil, errKey
	}
	public, err := x509.MarshalPKIXPublicKey(k.keys[arn].private.Public())
	return arn, public, err
}

// Sign implements method.KeySigner.
func (k *Keys) Sign(_ context.Context, keyARN, algorithm string, message []byte) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	used, ok := k.keys[keyARN]
	if !ok || used.disabled {
		return nil, errKey
	}
	digest := sha256.Sum256(message)
	switch private := used.private.(type) {
	case *ecdsa.PrivateKey:
		if algorithm != signing.ES256 {
			break
		}
		r, s, err := ecdsa.Sign(rand.Reader, private, digest[:])
		if err != nil {
			return nil, err
		}
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...), nil
	case *rsa.PrivateKey:
		if algorithm == signing.RS256 {
			return rsa.SignPKCS1v15(nil, private, crypto.SHA256, digest[:])
		}
		if algorithm == signing.PS256 {
			return rsa.SignPSS(rand.Reader, private, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		}
	}
	return nil, fmt.Errorf("the key does not sign with %q", algorithm)
}

// Disable makes a key unusable, as an administrator would.
func (k *Keys) Disable(keyARN string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys[keyARN].disabled = true
}

// Count returns how many keys there are.
func (k *Keys) Count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.keys)
}

func generate(algorithm string, bits int) (*key, error) {
	var private crypto.Signer
	var err error
	switch algorithm {
	case signing.ES256:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case signing.RS256, signing.PS256:
		private, err = rsa.GenerateKey(rand.Reader, bits)
	default:
		err = fmt.Errorf("no keys for %q", algorithm)
	}
	return &key{private: private}, err
}
