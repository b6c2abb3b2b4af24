package kms

import (
	"context"
	"crypto/sha256"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/tenonhq/tenon/shared/awsconfig"
)

// SignerClient is what Signer calls; *kms.Client of the SDK implements it.
type SignerClient interface {
	describer
	CreateKey(context.Context, *kms.CreateKeyInput, ...func(*kms.Options)) (*kms.CreateKeyOutput, error)
	CreateAlias(context.Context, *kms.CreateAliasInput, ...func(*kms.Options)) (*kms.CreateAliasOutput, error)
	GetPublicKey(context.Context, *kms.GetPublicKeyInput, ...func(*kms.Options)) (*kms.GetPublicKeyOutput, error)
	Sign(context.Context, *kms.SignInput, ...func(*kms.Options)) (*kms.SignOutput, error)
}

// tagSigningKey is the further tag of a signing key: its id.
const tagSigningKey = "tenon:signing-key"

// Signer creates tenants' signing keys and signs with them. It implements
// signing.Keys and method.KeySigner. A key is found by the alias
// alias/tenon/<stage>/<tenant>/<id>.
type Signer struct {
	Client SignerClient
	Stage  string
	Owner  Owner // Needed to create keys only.
}

// CreateSigningKey implements signing.Keys. What is said of CreateTenantKey
// holds here too: the alias decides, and a key that a crash left without one
// stands, tagged with tenant and id, until an administrator deletes it.
func (s Signer) CreateSigningKey(ctx context.Context, tenant, id, algorithm string, bits int) (string, []byte, error) {
	spec, err := keySpec(algorithm, bits)
	if err != nil {
		return "", nil, err
	}
	alias := "alias/tenon/" + s.Stage + "/" + tenant + "/" + id
	arn, err := find(ctx, s.Client, alias)
	if isNotFound(err) {
		var policy string
		if policy, err = signingKeyPolicy(s.Owner, s.Stage, tenant, signatures[algorithm]); err != nil {
			return "", nil, err
		}
		arn, err = s.create(ctx, tenant, id, alias, spec, policy)
	} else {
		err = wrap("find signing key", err)
	}
	if err != nil {
		return "", nil, err
	}
	read, err := s.Client.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: aws.String(arn)}, fresh)
	if err != nil {
		return "", nil, classify("read public key", err)
	}
	return arn, read.PublicKey, nil
}

func (s Signer) create(ctx context.Context, tenant, id, alias string, spec types.KeySpec, policy string) (string, error) {
	created, err := s.Client.CreateKey(ctx, &kms.CreateKeyInput{
		Policy: aws.String(policy), BypassPolicyLockoutSafetyCheck: true,
		Description: aws.String("Tenon: signs for tenant " + tenant + " in stage " + s.Stage),
		KeySpec:     spec,
		KeyUsage:    types.KeyUsageTypeSignVerify,
		Tags: []types.Tag{
			{TagKey: aws.String(tagStage), TagValue: aws.String(s.Stage)},
			{TagKey: aws.String(tagTenant), TagValue: aws.String(tenant)},
			{TagKey: aws.String(tagSigningKey), TagValue: aws.String(id)},
		},
	})
	if err != nil {
		return "", awsconfig.Fault("create key", err)
	}
	arn := aws.ToString(created.KeyMetadata.Arn)
	_, err = s.Client.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String(alias), TargetKeyId: aws.String(arn)}, fresh)
	if isExisting(err) {
		arn, err = find(ctx, s.Client, alias)
	}
	return arn, wrap("create alias", err)
}

// Sign implements method.KeySigner. KMS is given the digest: it takes no message
// of more than 4096 bytes, and none of ours is any of its business.
func (s Signer) Sign(ctx context.Context, keyARN, algorithm string, message []byte) ([]byte, error) {
	spec, ok := signatures[algorithm]
	if !ok {
		return nil, fmt.Errorf("sign: unknown algorithm %q", algorithm)
	}
	digest := sha256.Sum256(message)
	signed, err := s.Client.Sign(ctx, &kms.SignInput{
		KeyId: aws.String(keyARN), Message: digest[:], MessageType: types.MessageTypeDigest, SigningAlgorithm: spec,
	})
	if err != nil {
		return nil, classify("sign", err)
	}
	if spec == types.SigningAlgorithmSpecEcdsaSha256 {
		return sideBySide(signed.Signature)
	}
	return signed.Signature, nil
}

// signatures are the algorithms by their names of RFC 7518 3.1. Those of PSS
// have a salt as long as the digest, as RFC 7518 3.5 wants it.
var signatures = map[string]types.SigningAlgorithmSpec{
	"RS256": types.SigningAlgorithmSpecRsassaPkcs1V15Sha256,
	"PS256": types.SigningAlgorithmSpecRsassaPssSha256,
	"ES256": types.SigningAlgorithmSpecEcdsaSha256,
}

func keySpec(algorithm string, bits int) (types.KeySpec, error) {
	if algorithm == "ES256" {
		return types.KeySpecEccNistP256, nil
	}
	sizes := map[int]types.KeySpec{2048: types.KeySpecRsa2048, 3072: types.KeySpecRsa3072, 4096: types.KeySpecRsa4096}
	spec, ok := sizes[bits]
	if _, known := signatures[algorithm]; !known || !ok {
		return "", fmt.Errorf("create signing key: no key of %d bits for %q", bits, algorithm)
	}
	return spec, nil
}

// coordinate is how many bytes a number of a P-256 signature has.
const coordinate = 32

// sideBySide turns the DER of an ECDSA signature (RFC 3279 2.2.3) into the form
// of RFC 7518 3.4: r and s, each in 32 bytes, most significant first.
func sideBySide(der []byte) ([]byte, error) {
	var numbers struct{ R, S *big.Int }
	rest, err := asn1.Unmarshal(der, &numbers)
	if err != nil || len(rest) > 0 {
		return nil, errors.Join(errors.New("sign: the signature is not DER"), err)
	}
	signature := make([]byte, 2*coordinate)
	for i, n := range []*big.Int{numbers.R, numbers.S} {
		if n.Sign() <= 0 || n.BitLen() > 8*coordinate {
			return nil, errors.New("sign: the signature is not one of P-256")
		}
		n.FillBytes(signature[i*coordinate : (i+1)*coordinate])
	}
	return signature, nil
}
