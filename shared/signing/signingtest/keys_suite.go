package signingtest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"math/big"
	"sync"
	"testing"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/signing"
)

// KeyService is a key service under test, empty at first.
type KeyService struct {
	Keys signing.Keys
	// Disable makes a key unusable, as an administrator would.
	Disable func(t *testing.T, keyARN string)
}

// RunKeys is the contract of signing.Keys.
func RunKeys(t *testing.T, service func(*testing.T) KeyService) {
	for name, test := range map[string]func(*testing.T, KeyService){
		"a signature is that of the published key":   testSignatures,
		"a key is found again":                       testFoundAgain,
		"a disabled key is unavailable":              testDisabled,
		"an absent key is unavailable":               testAbsent,
		"an unknown algorithm makes no key":          testUnknown,
		"a key signs with its kind of algorithm":     testOtherKind,
		"calls at the same time agree on one key":    testAtTheSameTime,
		"an RSA key has the size that was asked for": testSize,
	} {
		t.Run(name, func(t *testing.T) { test(t, service(t)) })
	}
}

func (s KeyService) create(t *testing.T, tenant, id, algorithm string) (string, []byte) {
	t.Helper()
	arn, public, err := s.Keys.CreateSigningKey(t.Context(), tenant, id, algorithm, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return arn, public
}

func testSignatures(t *testing.T, s KeyService) {
	// More than the key service takes for a message.
	for _, message := range [][]byte{[]byte("m"), bytes.Repeat([]byte("long"), 2000)} {
		for _, algorithm := range []string{signing.RS256, signing.PS256, signing.ES256} {
			arn, public := s.create(t, "acme", "sgk_"+algorithm, algorithm)
			signature, err := s.Keys.Sign(t.Context(), arn, algorithm, message)
			if err != nil {
				t.Fatal(err)
			}
			if !verifies(t, public, algorithm, message, signature) {
				t.Errorf("%s: the signature does not verify", algorithm)
			}
			if verifies(t, public, algorithm, append(message, 'x'), signature) {
				t.Errorf("%s: the signature verifies another message", algorithm)
			}
		}
	}
}

// verifies checks a signature as RFC 7518 3 says.
func verifies(t *testing.T, der []byte, algorithm string, message, signature []byte) bool {
	t.Helper()
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(message)
	switch algorithm {
	case signing.RS256:
		return rsa.VerifyPKCS1v15(public.(*rsa.PublicKey), crypto.SHA256, digest[:], signature) == nil
	case signing.PS256:
		exact := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
		return rsa.VerifyPSS(public.(*rsa.PublicKey), crypto.SHA256, digest[:], signature, exact) == nil
	}
	if len(signature) != 64 {
		return false
	}
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	return ecdsa.Verify(public.(*ecdsa.PublicKey), digest[:], r, s)
}

func testFoundAgain(t *testing.T, s KeyService) {
	arn, public := s.create(t, "acme", "sgk_1", signing.ES256)
	if again, publicAgain := s.create(t, "acme", "sgk_1", signing.ES256); again != arn || !bytes.Equal(public, publicAgain) {
		t.Errorf("the second call made another key: %s, %s", arn, again)
	}
	for _, other := range [][2]string{{"acme", "sgk_2"}, {"globex", "sgk_1"}} {
		if another, _ := s.create(t, other[0], other[1], signing.ES256); another == arn {
			t.Errorf("%v is the key of another", other)
		}
	}
}

func testDisabled(t *testing.T, s KeyService) {
	arn, _ := s.create(t, "acme", "sgk_1", signing.ES256)
	s.Disable(t, arn)
	_, err := s.Keys.Sign(t.Context(), arn, signing.ES256, []byte("m"))
	unavailable(t, "sign", err)
	_, _, err = s.Keys.CreateSigningKey(t.Context(), "acme", "sgk_1", signing.ES256, 0)
	unavailable(t, "create", err)
}

func testAbsent(t *testing.T, s KeyService) {
	const absent = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-4000-8000-000000000000"
	_, err := s.Keys.Sign(t.Context(), absent, signing.ES256, []byte("m"))
	unavailable(t, "sign", err)
}

func unavailable(t *testing.T, doing string, err error) {
	t.Helper()
	if f := fault.From(err); f.Code != fault.CodeCredentialUnavailable || f.Remedy != "contact_admin" {
		t.Errorf("%s: got %v, want %s", doing, err, fault.CodeCredentialUnavailable)
	}
}

func testUnknown(t *testing.T, s KeyService) {
	for _, algorithm := range []string{"", "HS256", "none", "ES512"} {
		if arn, _, err := s.Keys.CreateSigningKey(t.Context(), "acme", "sgk_1", algorithm, 2048); err == nil {
			t.Errorf("%q: made %s", algorithm, arn)
		}
	}
}

func testOtherKind(t *testing.T, s KeyService) {
	arn, _ := s.create(t, "acme", "sgk_1", signing.ES256)
	for _, algorithm := range []string{signing.RS256, "none", ""} {
		if signature, err := s.Keys.Sign(t.Context(), arn, algorithm, []byte("m")); err == nil {
			t.Errorf("%q: got %x", algorithm, signature)
		}
	}
}

func testAtTheSameTime(t *testing.T, s KeyService) {
	arns := make([]string, 8)
	var group sync.WaitGroup
	for i := range arns {
		group.Go(func() {
			arn, _, err := s.Keys.CreateSigningKey(t.Context(), "acme", "sgk_1", signing.ES256, 0)
			if err != nil {
				t.Error(err)
			}
			arns[i] = arn
		})
	}
	group.Wait()
	for _, arn := range arns {
		if arn != arns[0] {
			t.Errorf("calls disagree: %s, %s", arn, arns[0])
		}
	}
}

func testSize(t *testing.T, s KeyService) {
	_, der, err := s.Keys.CreateSigningKey(t.Context(), "acme", "sgk_1", signing.PS256, 3072)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		t.Fatal(err)
	}
	if got := public.(*rsa.PublicKey).N.BitLen(); got != 3072 {
		t.Errorf("got %d bits, want 3072", got)
	}
}
