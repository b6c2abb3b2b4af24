package method_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

// rsaKey is made once for all tests: it takes a while.
var rsaKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newRSA(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newEC(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// pkcs8 returns the file that openssl genpkey writes.
func pkcs8(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return block("PRIVATE KEY", der)
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestGivenKeySigns(t *testing.T) {
	t.Parallel()
	ec, sec1 := newEC(t, elliptic.P256()), []byte(nil)
	sec1, err := x509.MarshalECPrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(newRSA(t)))
	for _, tt := range []struct {
		name, algorithm, file string
		key                   crypto.Signer
	}{
		{"RS256", "RS256", pkcs8(t, newRSA(t)), newRSA(t)},
		{"PS256, PKCS #1", "PS256", pkcs1, newRSA(t)},
		{"ES256", "ES256", pkcs8(t, ec), ec},
		{"ES256, SEC 1 behind its parameters", "ES256", block("EC PARAMETERS", []byte{6}) + block("EC PRIVATE KEY", sec1), ec},
		{"behind a certificate", "RS256", "text\r\n" + block("CERTIFICATE", []byte("x")) + strings.ReplaceAll(pkcs1, "\n", "\r\n"), newRSA(t)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSigner(t)
			s.reach.Keys = nil // It is not asked.
			target := methodtest.Target("oauth2_jwt_bearer")
			target.Scheme.Assertion = &catalog.Assertion{Algorithm: tt.algorithm}
			fields := map[string]secret.Bytes{"privateKey": secret.FromString(tt.file)}
			if err := (method.JWTBearer{}).Check(target, fields); err != nil {
				t.Errorf("check: %v", err)
			}
			request, err := method.JWTBearer{}.Grant(target, fields)
			form := s.send(t, request, err)
			exactly(t, form.Get("assertion"), tt.key.Public(), map[string]any{"alg": tt.algorithm, "typ": "JWT"},
				stated(60, map[string]any{"iss": methodtest.ClientID, "aud": tokenEndpoint}))
			if got := (method.JWTBearer{}).Describe(fields).PublicKey; !strings.HasPrefix(got, "-----BEGIN PUBLIC KEY-----\n") {
				t.Errorf("public key: got %q", got)
			}
		})
	}
}

func TestWrongKeysAreRefused(t *testing.T) {
	t.Parallel()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	const canary = "canary"
	for _, tt := range []struct{ name, algorithm, file, want string }{
		{"no key", "RS256", canary, "PEM"},
		{"public key only", "RS256", block("PUBLIC KEY", []byte(canary)), "PEM"},
		{"broken", "RS256", block("PRIVATE KEY", []byte(canary)), "PEM"},
		{"with a passphrase", "RS256", block("ENCRYPTED PRIVATE KEY", []byte(canary)), "passphrase"},
		{"of OpenSSH", "RS256", block("OPENSSH PRIVATE KEY", []byte(canary)), "PEM"},
		{"too small", "RS256", pkcs8(t, small), "2048"},
		{"RSA for ES256", "ES256", pkcs8(t, newRSA(t)), "P-256"},
		{"EC for PS256", "PS256", pkcs8(t, newEC(t, elliptic.P256())), "RSA"},
		{"another curve", "ES256", pkcs8(t, newEC(t, elliptic.P384())), "P-256"},
		{"Ed25519", "ES256", pkcs8(t, ed), "P-256"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, scheme := range []string{"oauth2_jwt_bearer", "oauth2_token_exchange", "oauth2_client_credentials"} {
				target := methodtest.Target(scheme)
				target.Scheme.Assertion = &catalog.Assertion{Algorithm: tt.algorithm}
				m, _ := method.For(scheme)
				err := m.(method.Checker).Check(target, map[string]secret.Bytes{"privateKey": secret.FromString(tt.file)})
				wantWrongField(t, err, "/credential/privateKey", tt.want)
			}
		})
	}
}

// wantWrongField wants one wrong field, with a word in what is said of it and
// nothing of a value.
func wantWrongField(t *testing.T, err error, pointer, word string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.CodeValidationFailed || len(f.Fields) != 1 {
		t.Fatalf("got %v, want one wrong field", err)
	}
	if got := f.Fields[0]; got.Pointer != pointer || !strings.Contains(got.Detail, word) || strings.Contains(got.Detail, "canary") {
		t.Errorf("got %+v, want %s with %q", got, pointer, word)
	}
}

// A key that was kept and cannot be read any more is no reason to sign with
// another.
func TestBrokenKeyIsNotReplaced(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	request, err := method.JWTBearer{}.Grant(methodtest.Target("oauth2_jwt_bearer"), map[string]secret.Bytes{"privateKey": secret.FromString("broken")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := request.Send(t.Context(), s.reach); !errors.Is(err, method.ErrNotSent) || !fault.Has(err, fault.CodeCredentialUnavailable) {
		t.Errorf("got %v", err)
	}
}
