package kms_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/asn1"
	"math/big"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/kms"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/signing/signingtest"
)

var (
	_ signing.Keys     = kms.Signer{}
	_ method.KeySigner = kms.Signer{}
)

func TestSigner(t *testing.T) {
	t.Parallel()
	signingtest.RunKeys(t, func(*testing.T) signingtest.KeyService {
		_, client := local()
		return signingtest.KeyService{
			Keys: kms.Signer{Client: client, Stage: "test", Owner: owner},
			Disable: func(t *testing.T, arn string) {
				if _, err := client.DisableKey(t.Context(), &sdk.DisableKeyInput{KeyId: aws.String(arn)}); err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}

func TestSigningKeyIsTaggedAndSignsOnly(t *testing.T) {
	t.Parallel()
	_, client := local()
	s := &spy{Client: client}
	if _, _, err := (kms.Signer{Client: s, Stage: "dev", Owner: owner}).CreateSigningKey(t.Context(), "acme", "sgk_1", "ES256", 0); err != nil {
		t.Fatal(err)
	}
	tags := map[string]string{}
	for _, tag := range s.created.Tags {
		tags[*tag.TagKey] = *tag.TagValue
	}
	want := map[string]string{"tenon:stage": "dev", "tenon:tenant": "acme", "tenon:signing-key": "sgk_1"}
	if diff := cmp.Diff(want, tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if s.created.KeyUsage != types.KeyUsageTypeSignVerify || s.created.KeySpec != types.KeySpecEccNistP256 {
		t.Errorf("got a key %s for %s", s.created.KeySpec, s.created.KeyUsage)
	}
}

// A creation that failed half-way is finished by the same call, and passing
// failures say that they pass.
func TestFailedSigningKeyIsFinished(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"kms.CreateKey", "kms.CreateAlias", "kms.GetPublicKey", "kms.Sign"} {
		c, client := local()
		signer := kms.Signer{Client: client, Stage: "dev", Owner: owner}
		c.Fault = func(target string, _ []byte) error {
			if target == step {
				return &cloud.Error{Code: "KMSInternalException", Status: 500}
			}
			return nil
		}
		run := func() (string, error) {
			arn, _, err := signer.CreateSigningKey(t.Context(), "acme", "sgk_1", "ES256", 0)
			if err != nil {
				return "", err
			}
			_, err = signer.Sign(t.Context(), arn, "ES256", []byte("m"))
			return arn, err
		}
		if _, err := run(); !fault.Has(err, fault.CodeRetryLater) {
			t.Errorf("%s failed: got %v, want %s", step, err, fault.CodeRetryLater)
		}
		c.Fault = nil
		arn, err := run()
		again, err2 := run()
		if err != nil || err2 != nil || arn != again {
			t.Errorf("after %s failed: got %s, %v, then %s, %v", step, arn, err, again, err2)
		}
	}
}

// answering is a key service that signs what it is told to.
type answering struct {
	kms.SignerClient
	signature []byte
	asked     *sdk.SignInput
}

func (a *answering) Sign(_ context.Context, in *sdk.SignInput, _ ...func(*sdk.Options)) (*sdk.SignOutput, error) {
	a.asked = in
	return &sdk.SignOutput{Signature: a.signature}, nil
}

// JOSE wants r and s in 32 bytes each; DER has them as short as they are, with a
// zero before a high bit (OAF-21).
func TestOAF21SignatureIsTwoNumbersSideBySide(t *testing.T) {
	t.Parallel()
	for i := range 1000 {
		r, s := number(t, i), number(t, i/7)
		der, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
		if err != nil {
			t.Fatal(err)
		}
		got, err := kms.Signer{Client: &answering{signature: der}}.Sign(t.Context(), "arn", "ES256", []byte("m"))
		if err != nil || len(got) != 64 {
			t.Fatalf("r %x, s %x: got %x, %v", r, s, got, err)
		}
		if new(big.Int).SetBytes(got[:32]).Cmp(r) != 0 || new(big.Int).SetBytes(got[32:]).Cmp(s) != 0 {
			t.Fatalf("r %x, s %x: got %x", r, s, got)
		}
	}
}

// number draws a number of one to 32 bytes, every other one with its high bit
// set.
func number(t *testing.T, i int) *big.Int {
	t.Helper()
	b := make([]byte, 1+i%32)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	b[0] |= 1
	if i%2 == 0 {
		b[0] |= 0x80
	}
	return new(big.Int).SetBytes(b)
}

func TestSignatureThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte("m"))
	tooLong, err := ecdsa.SignASN1(rand.Reader, key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	zero, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int), big.NewInt(1)})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := asn1.Marshal(struct{ R, S *big.Int }{big.NewInt(1), big.NewInt(1)})
	if err != nil {
		t.Fatal(err)
	}
	for name, signature := range map[string][]byte{
		"nothing": nil, "no DER": []byte("signature"), "of another curve": tooLong, "zero": zero, "with more behind": append(whole, 0),
	} {
		if got, err := (kms.Signer{Client: &answering{signature: signature}}).Sign(t.Context(), "arn", "ES256", []byte("m")); err == nil {
			t.Errorf("%s: got %x", name, got)
		}
	}
}

// What is signed stays here: KMS learns its digest.
func TestSignerSendsTheDigest(t *testing.T) {
	t.Parallel()
	for algorithm, want := range map[string]types.SigningAlgorithmSpec{
		"RS256": types.SigningAlgorithmSpecRsassaPkcs1V15Sha256, "PS256": types.SigningAlgorithmSpecRsassaPssSha256,
	} {
		client := &answering{signature: []byte("signature")}
		message := make([]byte, 5000)
		got, err := kms.Signer{Client: client}.Sign(t.Context(), "arn", algorithm, message)
		digest := sha256.Sum256(message)
		if err != nil || string(got) != "signature" || string(client.asked.Message) != string(digest[:]) {
			t.Errorf("%s: got %q, %v, asked for %x", algorithm, got, err, client.asked.Message)
		}
		if client.asked.MessageType != types.MessageTypeDigest || client.asked.SigningAlgorithm != want {
			t.Errorf("%s: asked for %s of a %s", algorithm, client.asked.SigningAlgorithm, client.asked.MessageType)
		}
	}
}
