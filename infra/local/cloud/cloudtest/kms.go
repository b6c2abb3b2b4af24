package cloudtest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// keyring is one KMS key of its own for one probe.
type keyring struct {
	*suite
	client *kms.Client
	id     string
	arn    string
}

func (s *suite) keyring(spec types.KeySpec, usage types.KeyUsageType) *keyring {
	client := kms.NewFromConfig(s.cfg)
	created, err := client.CreateKey(s.ctx, &kms.CreateKeyInput{KeySpec: spec, KeyUsage: usage})
	s.ok(err)
	return &keyring{suite: s, client: client, id: aws.ToString(created.KeyMetadata.KeyId), arn: aws.ToString(created.KeyMetadata.Arn)}
}

// symmetric creates a key for encryption.
func (s *suite) symmetric() *keyring {
	return s.keyring(types.KeySpecSymmetricDefault, types.KeyUsageTypeEncryptDecrypt)
}

func (k *keyring) alias() string {
	name := unique("alias/tenants/t")
	_, err := k.client.CreateAlias(k.ctx, &kms.CreateAliasInput{AliasName: &name, TargetKeyId: &k.id})
	k.ok(err)
	return name
}

func (k *keyring) metadata(id string) *types.KeyMetadata {
	answer, err := k.client.DescribeKey(k.ctx, &kms.DescribeKeyInput{KeyId: &id})
	k.ok(err)
	return answer.KeyMetadata
}

func (k *keyring) grants() int {
	answer, err := k.client.ListGrants(k.ctx, &kms.ListGrantsInput{KeyId: &k.id})
	k.ok(err)
	return len(answer.Grants)
}

var keyProbes = []probe{
	{"key: a symmetric one by default", func(s *suite) {
		answer, err := kms.NewFromConfig(s.cfg).CreateKey(s.ctx, &kms.CreateKeyInput{
			Description: aws.String("tenant"), Tags: []types.Tag{{TagKey: aws.String("tenant"), TagValue: aws.String("t")}},
		})
		s.ok(err)
		s.equal("spec", answer.KeyMetadata.KeySpec, types.KeySpecSymmetricDefault)
		s.equal("state", answer.KeyMetadata.KeyState, types.KeyStateEnabled)
		s.equal("usage", answer.KeyMetadata.KeyUsage, types.KeyUsageTypeEncryptDecrypt)
	}},
	{"key: described by ID, ARN and alias", func(s *suite) {
		k := s.symmetric()
		for _, id := range []string{k.id, k.arn, k.alias()} {
			s.equal("ARN by "+id, aws.ToString(k.metadata(id).Arn), k.arn)
		}
	}},
	{"key: multi-region", func(s *suite) {
		answer, err := kms.NewFromConfig(s.cfg).CreateKey(s.ctx, &kms.CreateKeyInput{MultiRegion: aws.Bool(true)})
		s.ok(err)
		s.expect("MultiRegion is set", aws.ToBool(answer.KeyMetadata.MultiRegion))
	}},
	{"key: rotation status", func(s *suite) {
		k := s.symmetric()
		_, err := k.client.EnableKeyRotation(s.ctx, &kms.EnableKeyRotationInput{KeyId: &k.id})
		s.ok(err)
		answer, err := k.client.GetKeyRotationStatus(s.ctx, &kms.GetKeyRotationStatusInput{KeyId: &k.id})
		s.ok(err)
		s.expect("rotation is enabled", answer.KeyRotationEnabled)
	}},
	{"key: no import into a key with AWS material", func(s *suite) {
		k := s.symmetric()
		_, err := k.client.GetParametersForImport(s.ctx, &kms.GetParametersForImportInput{
			KeyId: &k.id, WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048",
		})
		s.code(err, "UnsupportedOperationException")
	}},
	{"alias: creating it twice is refused", func(s *suite) {
		k := s.symmetric()
		name := k.alias()
		_, err := k.client.CreateAlias(s.ctx, &kms.CreateAliasInput{AliasName: &name, TargetKeyId: &k.id})
		s.code(err, "AlreadyExistsException")
	}},
	{"alias: without the prefix it is invalid", func(s *suite) {
		k := s.symmetric()
		_, err := k.client.CreateAlias(s.ctx, &kms.CreateAliasInput{AliasName: aws.String("tenant"), TargetKeyId: &k.id})
		s.code(err, "InvalidAliasNameException", invalidRequest)
	}},
	{"alias: the service's prefix is reserved", func(s *suite) {
		k := s.symmetric()
		_, err := k.client.CreateAlias(s.ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/aws/tenant"), TargetKeyId: &k.id})
		s.code(err, "NotAuthorizedException", invalidRequest)
	}},
	{"alias: an unknown one is not found", func(s *suite) {
		_, err := kms.NewFromConfig(s.cfg).DescribeKey(s.ctx, &kms.DescribeKeyInput{KeyId: aws.String("alias/nope")})
		s.code(err, "NotFoundException")
	}},
	{"alias: moved to another key", func(s *suite) {
		k, other := s.symmetric(), s.symmetric()
		name := k.alias()
		_, err := k.client.UpdateAlias(s.ctx, &kms.UpdateAliasInput{AliasName: &name, TargetKeyId: &other.id})
		s.ok(err)
		s.equal("ARN", aws.ToString(k.metadata(name).Arn), other.arn)
	}},
	{"alias: deleted", func(s *suite) {
		k := s.symmetric()
		name := k.alias()
		_, err := k.client.DeleteAlias(s.ctx, &kms.DeleteAliasInput{AliasName: &name})
		s.ok(err)
		_, err = k.client.DescribeKey(s.ctx, &kms.DescribeKeyInput{KeyId: &name})
		s.code(err, "NotFoundException")
	}},
	{"grant: created, listed and revoked", func(s *suite) {
		k := s.symmetric()
		answer, err := k.client.CreateGrant(s.ctx, &kms.CreateGrantInput{
			KeyId: &k.id, GranteePrincipal: aws.String("arn:aws:iam::123456789012:role/x"), Operations: []types.GrantOperation{"Decrypt"},
			Constraints: &types.GrantConstraints{EncryptionContextSubset: map[string]string{"tenant": "t"}},
		})
		s.ok(err)
		s.equal("grants", k.grants(), 1)
		_, err = k.client.RevokeGrant(s.ctx, &kms.RevokeGrantInput{KeyId: &k.id, GrantId: answer.GrantId})
		s.ok(err)
		s.equal("grants after revocation", k.grants(), 0)
	}},
}
