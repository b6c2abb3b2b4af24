package methodtest

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// KeyARN names the key of Target.
const KeyARN = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000001"

// Keys is a method.KeySigner in memory: keys by their ARN. A key that is not
// there is one that cannot be used.
type Keys map[string]crypto.Signer

// Sign implements method.KeySigner.
func (k Keys) Sign(_ context.Context, keyARN, algorithm string, message []byte) ([]byte, error) {
	digest := sha256.Sum256(message)
	switch key := k[keyARN].(type) {
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
		if err != nil {
			return nil, fmt.Errorf("sign: %w", err)
		}
		return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...), nil
	case *rsa.PrivateKey:
		if algorithm == "PS256" {
			return rsa.SignPSS(rand.Reader, key, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		}
		return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	}
	return nil, fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "The tenant's key cannot be used.").WithRemedy("contact_admin")
}

// Reach returns the ways to a provider, with a new P-256 key under KeyARN.
func Reach(p *Provider) method.Reach {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	keys := Keys{KeyARN: key}
	if err != nil {
		keys = nil
	}
	return method.Reach{HTTP: p, Keys: keys, Now: time.Now, Random: rand.Reader}
}
