package cloud

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"hash"
	"slices"
	"strings"
)

const maxMessage = 4096

func (k *key) signingAlgorithms() []string {
	switch {
	case k.Usage != signUsage:
		return nil
	case k.Spec == "ECC_NIST_P256":
		return []string{"ECDSA_SHA_256"}
	case k.Spec == "ECC_NIST_P384":
		return []string{"ECDSA_SHA_384"}
	case k.Spec == "ECC_NIST_P521":
		return []string{"ECDSA_SHA_512"}
	}
	return []string{
		"RSASSA_PKCS1_V1_5_SHA_256", "RSASSA_PKCS1_V1_5_SHA_384", "RSASSA_PKCS1_V1_5_SHA_512",
		"RSASSA_PSS_SHA_256", "RSASSA_PSS_SHA_384", "RSASSA_PSS_SHA_512",
	}
}

// signingKey finds the key of a Sign or Verify and the digest it is about.
func (k *keyStore) signingKey(in *keyRequest) (*key, crypto.Hash, []byte, error) {
	used, err := k.usable(in.KeyId, signUsage)
	if err != nil {
		return nil, 0, nil, err
	}
	if !slices.Contains(used.signingAlgorithms(), in.SigningAlgorithm) {
		return nil, 0, nil, invalid("Algorithm %s is incompatible with key spec %s.", in.SigningAlgorithm, used.Spec)
	}
	function := crypto.SHA256
	switch {
	case strings.HasSuffix(in.SigningAlgorithm, "384"):
		function = crypto.SHA384
	case strings.HasSuffix(in.SigningAlgorithm, "512"):
		function = crypto.SHA512
	}
	digest, err := messageDigest(function, in)
	return used, function, digest, err
}

func messageDigest(function crypto.Hash, in *keyRequest) ([]byte, error) {
	if in.MessageType == "DIGEST" {
		if len(in.Message) != function.Size() {
			return nil, invalid("Digest is invalid length for algorithm %s.", in.SigningAlgorithm)
		}
		return in.Message, nil
	}
	if n := len(in.Message); n == 0 || n > maxMessage {
		return nil, invalid("1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length between 1 and %d", maxMessage)
	}
	state := function.New()
	state.Write(in.Message)
	return state.Sum(nil), nil
}

func (k *keyStore) sign(in *keyRequest) (object, error) {
	used, function, digest, err := k.signingKey(in)
	if err != nil {
		return nil, err
	}
	var options crypto.SignerOpts = function
	if strings.Contains(in.SigningAlgorithm, "PSS") {
		options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: function}
	}
	signature, err := used.signer.Sign(rand.Reader, digest, options)
	return object{"KeyId": used.ARN, "Signature": signature, "SigningAlgorithm": in.SigningAlgorithm}, err
}

func (k *keyStore) verify(in *keyRequest) (object, error) {
	used, function, digest, err := k.signingKey(in)
	if err != nil {
		return nil, err
	}
	valid := false
	switch public := used.signer.Public().(type) {
	case *ecdsa.PublicKey:
		valid = ecdsa.VerifyASN1(public, digest, in.Signature)
	case *rsa.PublicKey:
		if strings.Contains(in.SigningAlgorithm, "PSS") {
			options := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}
			valid = rsa.VerifyPSS(public, function, digest, in.Signature, options) == nil
		} else {
			valid = rsa.VerifyPKCS1v15(public, function, digest, in.Signature) == nil
		}
	}
	if !valid {
		return nil, errorf("KMSInvalidSignatureException", "The signature is not valid.")
	}
	return object{"KeyId": used.ARN, "SignatureValid": true, "SigningAlgorithm": in.SigningAlgorithm}, nil
}

// publicKey answers the DER-encoded SubjectPublicKeyInfo (RFC 5280).
func publicKey(k *key, _ *keyRequest) (object, error) {
	if k.signer == nil {
		return nil, errorf("UnsupportedOperationException", "%s is not an asymmetric key.", k.ARN)
	}
	der, err := x509.MarshalPKIXPublicKey(k.signer.Public())
	return object{
		"KeyId":                 k.ARN,
		"PublicKey":             der,
		"KeySpec":               k.Spec,
		"CustomerMasterKeySpec": k.Spec,
		"KeyUsage":              k.Usage,
		"SigningAlgorithms":     k.signingAlgorithms(),
	}, err
}

var macFunctions = map[string]func() hash.Hash{
	"HMAC_SHA_256": sha256.New,
	"HMAC_SHA_384": sha512.New384,
	"HMAC_SHA_512": sha512.New,
}

func (k *keyStore) mac(in *keyRequest) (*key, []byte, error) {
	used, err := k.usable(in.KeyId, macUsage)
	if err != nil {
		return nil, nil, err
	}
	function := macFunctions[in.MacAlgorithm]
	if function == nil || !strings.HasSuffix(in.MacAlgorithm, strings.TrimPrefix(used.Spec, "HMAC_")) {
		return nil, nil, invalid("Algorithm %s is incompatible with key spec %s.", in.MacAlgorithm, used.Spec)
	}
	state := hmac.New(function, used.Material[0])
	state.Write(in.Message)
	return used, state.Sum(nil), nil
}

func (k *keyStore) generateMAC(in *keyRequest) (object, error) {
	used, sum, err := k.mac(in)
	if err != nil {
		return nil, err
	}
	return object{"KeyId": used.ARN, "Mac": sum, "MacAlgorithm": in.MacAlgorithm}, nil
}

func (k *keyStore) verifyMAC(in *keyRequest) (object, error) {
	used, sum, err := k.mac(in)
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(sum, in.Mac) {
		return nil, errorf("KMSInvalidMacException", "The MAC is not valid.")
	}
	return object{"KeyId": used.ARN, "MacValid": true, "MacAlgorithm": in.MacAlgorithm}, nil
}
