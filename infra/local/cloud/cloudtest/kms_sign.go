package cloudtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

const signedMessage = "header.payload"

func (s *suite) rsaKey() *keyring {
	return s.keyring(types.KeySpecRsa2048, types.KeyUsageTypeSignVerify)
}

func (s *suite) ecdsaKey() *keyring {
	return s.keyring(types.KeySpecEccNistP256, types.KeyUsageTypeSignVerify)
}

// public returns the key's public half, parsed.
func (k *keyring) public() (any, *kms.GetPublicKeyOutput) {
	answer, err := k.client.GetPublicKey(k.ctx, &kms.GetPublicKeyInput{KeyId: &k.id})
	k.ok(err)
	parsed, err := x509.ParsePKIXPublicKey(answer.PublicKey)
	k.ok(err)
	return parsed, answer
}

// sign signs the message, or its digest.
func (k *keyring) sign(kind types.MessageType, algorithm types.SigningAlgorithmSpec) ([]byte, error) {
	message := []byte(signedMessage)
	if kind == types.MessageTypeDigest {
		digest := sha256.Sum256(message)
		message = digest[:]
	}
	answer, err := k.client.Sign(k.ctx, &kms.SignInput{KeyId: &k.id, Message: message, MessageType: kind, SigningAlgorithm: algorithm})
	if err != nil {
		return nil, err
	}
	return answer.Signature, nil
}

// verified expects a signature that Go accepts.
func verified(create func(*suite) *keyring, kind types.MessageType, algorithm types.SigningAlgorithmSpec) func(*suite) {
	return func(s *suite) {
		k := create(s)
		public, _ := k.public()
		signature, err := k.sign(kind, algorithm)
		s.ok(err)
		digest := sha256.Sum256([]byte(signedMessage))
		switch public := public.(type) {
		case *ecdsa.PublicKey:
			s.expect("the signature verifies", ecdsa.VerifyASN1(public, digest[:], signature))
		case *rsa.PublicKey:
			if algorithm == types.SigningAlgorithmSpecRsassaPssSha256 {
				s.ok(rsa.VerifyPSS(public, crypto.SHA256, digest[:], signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}))
				return
			}
			s.ok(rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], signature))
		}
	}
}

var signatureProbes = []probe{
	{"sign: RS256 of a digest", verified((*suite).rsaKey, types.MessageTypeDigest, types.SigningAlgorithmSpecRsassaPkcs1V15Sha256)},
	{"sign: RS256 of a message", verified((*suite).rsaKey, types.MessageTypeRaw, types.SigningAlgorithmSpecRsassaPkcs1V15Sha256)},
	{"sign: PS256 with a salt as long as the hash", verified((*suite).rsaKey, types.MessageTypeRaw, types.SigningAlgorithmSpecRsassaPssSha256)},
	{"sign: ES256 of a digest", verified((*suite).ecdsaKey, types.MessageTypeDigest, types.SigningAlgorithmSpecEcdsaSha256)},
	{"sign: ES256 of a message", verified((*suite).ecdsaKey, types.MessageTypeRaw, types.SigningAlgorithmSpecEcdsaSha256)},
	{"sign: an algorithm of another key type is refused", func(s *suite) {
		_, err := s.rsaKey().sign(types.MessageTypeRaw, types.SigningAlgorithmSpecEcdsaSha256)
		s.code(err, invalidRequest, "InvalidKeyUsageException")
	}},
	{"sign: a disabled key is refused", func(s *suite) {
		k := s.ecdsaKey()
		_, err := k.client.DisableKey(s.ctx, &kms.DisableKeyInput{KeyId: &k.id})
		s.ok(err)
		_, err = k.sign(types.MessageTypeRaw, types.SigningAlgorithmSpecEcdsaSha256)
		s.code(err, "DisabledException")
	}},
	{"sign: a signing key does not encrypt", func(s *suite) {
		k := s.ecdsaKey()
		_, err := k.client.Encrypt(s.ctx, &kms.EncryptInput{KeyId: &k.id, Plaintext: []byte("x")})
		s.code(err, "InvalidKeyUsageException")
	}},
	{"verify: a good signature and a bad one", func(s *suite) {
		k := s.ecdsaKey()
		signature, err := k.sign(types.MessageTypeRaw, types.SigningAlgorithmSpecEcdsaSha256)
		s.ok(err)
		verify := func(message string) error {
			_, err := k.client.Verify(s.ctx, &kms.VerifyInput{
				KeyId: &k.id, Message: []byte(message), MessageType: types.MessageTypeRaw, Signature: signature,
				SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha256,
			})
			return err
		}
		s.ok(verify(signedMessage))
		s.code(verify("another"), "KMSInvalidSignatureException")
	}},
	{"public key: RSA", func(s *suite) {
		public, answer := s.rsaKey().public()
		_, isRSA := public.(*rsa.PublicKey)
		s.expect("is RSA", isRSA)
		s.equal("algorithms", len(answer.SigningAlgorithms), 6)
	}},
	{"public key: P-256", func(s *suite) {
		public, answer := s.ecdsaKey().public()
		curve, isECDSA := public.(*ecdsa.PublicKey)
		s.expect("is on P-256", isECDSA && curve.Curve == elliptic.P256())
		s.equal("algorithms", answer.SigningAlgorithms, []types.SigningAlgorithmSpec{types.SigningAlgorithmSpecEcdsaSha256})
	}},
	{"mac: a good one and a bad one", func(s *suite) {
		k := s.keyring(types.KeySpecHmac256, types.KeyUsageTypeGenerateVerifyMac)
		generated, err := k.client.GenerateMac(s.ctx, &kms.GenerateMacInput{KeyId: &k.id, Message: []byte("m"), MacAlgorithm: types.MacAlgorithmSpecHmacSha256})
		s.ok(err)
		s.equal("length", len(generated.Mac), 32)
		verify := func(mac []byte) error {
			_, err := k.client.VerifyMac(s.ctx, &kms.VerifyMacInput{KeyId: aws.String(k.id), Message: []byte("m"), MacAlgorithm: types.MacAlgorithmSpecHmacSha256, Mac: mac})
			return err
		}
		s.ok(verify(generated.Mac))
		generated.Mac[0] ^= 1
		s.code(verify(generated.Mac), "KMSInvalidMacException")
	}},
}
