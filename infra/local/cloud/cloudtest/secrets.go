package cloudtest

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

// vault is one secret of its own for one probe.
type vault struct {
	*suite
	client *secretsmanager.Client
	name   string
}

const (
	firstToken  = "11111111-1111-1111-1111-111111111111"
	secondToken = "22222222-2222-2222-2222-222222222222"

	noSecret      = "ResourceNotFoundException"
	secretExists  = "ResourceExistsException"
	badParameter  = "InvalidParameterException"
	badRequest    = "InvalidRequestException"
	pendingStage  = "AWSPENDING"
	currentStage  = "AWSCURRENT"
	previousStage = "AWSPREVIOUS"
)

// vault creates a secret with the value "v1" as version firstToken.
func (s *suite) vault() *vault {
	v := &vault{suite: s, client: secretsmanager.NewFromConfig(s.cfg), name: unique("connections/tenant")}
	s.ok(v.create("v1", firstToken))
	return v
}

func (v *vault) create(value, token string) error {
	_, err := v.client.CreateSecret(v.ctx, &secretsmanager.CreateSecretInput{
		Name: &v.name, SecretString: &value, ClientRequestToken: text(token), Description: aws.String("d"),
		Tags: []types.Tag{{Key: aws.String("tenant"), Value: aws.String(v.name)}},
	})
	return err
}

func (v *vault) put(value, token string, stages ...string) error {
	_, err := v.client.PutSecretValue(v.ctx, &secretsmanager.PutSecretValueInput{
		SecretId: &v.name, SecretString: &value, ClientRequestToken: text(token), VersionStages: stages,
	})
	return err
}

// get reads the value with a stage, or the current one for "".
func (v *vault) get(stage string) (string, error) {
	answer, err := v.client.GetSecretValue(v.ctx, &secretsmanager.GetSecretValueInput{SecretId: &v.name, VersionStage: text(stage)})
	if err != nil {
		return "", err
	}
	return aws.ToString(answer.SecretString), nil
}

// holds expects the value with a stage.
func (v *vault) holds(stage, want string) {
	got, err := v.get(stage)
	v.ok(err)
	v.equal("value with stage "+stage, got, want)
}

func (v *vault) promote(to, from string) error {
	_, err := v.client.UpdateSecretVersionStage(v.ctx, &secretsmanager.UpdateSecretVersionStageInput{
		SecretId: &v.name, VersionStage: aws.String(currentStage), MoveToVersionId: &to, RemoveFromVersionId: text(from),
	})
	return err
}

// promoted is a vault whose second version went from pending to current.
func (s *suite) promoted() *vault {
	v := s.vault()
	s.ok(v.put("v2", secondToken, pendingStage))
	s.ok(v.promote(secondToken, firstToken))
	return v
}

func (v *vault) describe() *secretsmanager.DescribeSecretOutput {
	answer, err := v.client.DescribeSecret(v.ctx, &secretsmanager.DescribeSecretInput{SecretId: &v.name})
	v.ok(err)
	return answer
}

func (v *vault) batch(in secretsmanager.BatchGetSecretValueInput) *secretsmanager.BatchGetSecretValueOutput {
	answer, err := v.client.BatchGetSecretValue(v.ctx, &in)
	v.ok(err)
	return answer
}

var secretProbes = []probe{
	{"create: the version is the request token", func(s *suite) {
		v := s.vault()
		answer, err := v.client.GetSecretValue(s.ctx, &secretsmanager.GetSecretValueInput{SecretId: &v.name})
		s.ok(err)
		s.equal("version", aws.ToString(answer.VersionId), firstToken)
		s.equal("value", aws.ToString(answer.SecretString), "v1")
		s.equal("stages", answer.VersionStages, []string{currentStage})
	}},
	{"create: repeating the request is no error", func(s *suite) {
		s.ok(s.vault().create("v1", firstToken))
	}},
	{"create: the same token with another value is refused", func(s *suite) {
		s.code(s.vault().create("other", firstToken), secretExists)
	}},
	{"create: the same name with another token is refused", func(s *suite) {
		s.code(s.vault().create("v1", secondToken), secretExists)
	}},
	{"create: a name with a space is invalid", func(s *suite) {
		v := &vault{suite: s, client: secretsmanager.NewFromConfig(s.cfg), name: unique("a b")}
		s.code(v.create("v1", firstToken), badParameter, invalidRequest)
	}},
	{"describe: tags and stages", func(s *suite) {
		v := s.vault()
		answer := v.describe()
		s.equal("tags", len(answer.Tags), 1)
		s.equal("stages", answer.VersionIdsToStages, map[string][]string{firstToken: {currentStage}})
	}},
	{"get: an unknown stage is not found", func(s *suite) {
		_, err := s.vault().get("NOPE")
		s.code(err, noSecret)
	}},
	{"get: an unknown secret is a typed error", func(s *suite) {
		v := s.vault()
		v.name = unique("nope")
		_, err := v.get("")
		_, typed := errors.AsType[*types.ResourceNotFoundException](err)
		s.expect("is ResourceNotFoundException", typed)
	}},
	{"get: by ARN", func(s *suite) {
		v := s.vault()
		v.name = aws.ToString(v.describe().ARN)
		v.holds("", "v1")
	}},
	{"get: a binary value", func(s *suite) {
		v := s.vault()
		_, err := v.client.PutSecretValue(s.ctx, &secretsmanager.PutSecretValueInput{SecretId: &v.name, SecretBinary: []byte{1, 2, 3}})
		s.ok(err)
		answer, err := v.client.GetSecretValue(s.ctx, &secretsmanager.GetSecretValueInput{SecretId: &v.name})
		s.ok(err)
		s.equal("value", answer.SecretBinary, []byte{1, 2, 3})
	}},
	{"put: a value above 64 KiB is invalid", func(s *suite) {
		s.code(s.vault().put(filler(65537), ""), badParameter, invalidRequest)
	}},
	{"put: a value of 64 KiB", func(s *suite) {
		s.ok(s.vault().put(filler(65536), ""))
	}},
	{"batch: by list, with an error per missing secret", func(s *suite) {
		v, other := s.vault(), s.vault()
		answer := v.batch(secretsmanager.BatchGetSecretValueInput{SecretIdList: []string{v.name, other.name, unique("missing")}})
		s.equal("values", len(answer.SecretValues), 2)
		s.equal("errors", len(answer.Errors), 1)
	}},
	{"batch: by list, all there", func(s *suite) {
		v, other := s.vault(), s.vault()
		answer := v.batch(secretsmanager.BatchGetSecretValueInput{SecretIdList: []string{v.name, other.name}})
		s.equal("values", len(answer.SecretValues), 2)
		s.equal("errors", len(answer.Errors), 0)
	}},
	{"batch: by filters", func(s *suite) {
		v := s.vault()
		s.vault()
		answer := v.batch(secretsmanager.BatchGetSecretValueInput{Filters: []types.Filter{
			{Key: "tag-key", Values: []string{"tenant"}}, {Key: "tag-value", Values: []string{v.name}},
		}})
		s.equal("values", len(answer.SecretValues), 1)
	}},
	{"list: pages of a name prefix", func(s *suite) {
		v := s.vault()
		s.vault()
		in := secretsmanager.ListSecretsInput{MaxResults: aws.Int32(1), Filters: []types.Filter{{Key: "name", Values: []string{"connections/tenant"}}}}
		answer, err := v.client.ListSecrets(s.ctx, &in)
		s.ok(err)
		s.equal("first page", len(answer.SecretList), 1)
		s.expect("has a next token", answer.NextToken != nil)
		first := aws.ToString(answer.SecretList[0].Name)
		in.NextToken = answer.NextToken
		answer, err = v.client.ListSecrets(s.ctx, &in)
		s.ok(err)
		s.expect("the second page goes on", len(answer.SecretList) == 1 && aws.ToString(answer.SecretList[0].Name) != first)
	}},
	{"rotate: with a rotation function", func(s *suite) {
		v := s.vault()
		_, err := v.client.RotateSecret(s.ctx, &secretsmanager.RotateSecretInput{
			SecretId: &v.name, RotationLambdaARN: aws.String("arn:aws:lambda:eu-west-1:123456789012:function:rotate"),
			RotationRules: &types.RotationRulesType{AutomaticallyAfterDays: aws.Int64(30)}, RotateImmediately: aws.Bool(false),
		})
		s.ok(err)
	}},
}

// underKey creates a secret under a new KMS key and returns the key's ARN.
func (s *suite) underKey() (*vault, string) {
	key, err := kms.NewFromConfig(s.cfg).CreateKey(s.ctx, &kms.CreateKeyInput{})
	s.ok(err)
	v := &vault{suite: s, client: secretsmanager.NewFromConfig(s.cfg), name: unique("secret")}
	_, err = v.client.CreateSecret(s.ctx, &secretsmanager.CreateSecretInput{
		Name: &v.name, SecretString: aws.String("v1"), KmsKeyId: key.KeyMetadata.Arn,
	})
	s.ok(err)
	return v, aws.ToString(key.KeyMetadata.Arn)
}

var secretKeyProbes = []probe{
	{"key: the description names it", func(s *suite) {
		v, key := s.underKey()
		s.equal("key", aws.ToString(v.describe().KmsKeyId), key)
	}},
	{"key: a secret under a disabled key cannot be read", func(s *suite) {
		v, key := s.underKey()
		_, err := kms.NewFromConfig(s.cfg).DisableKey(s.ctx, &kms.DisableKeyInput{KeyId: &key})
		s.ok(err)
		_, err = v.get("")
		s.code(err, "DecryptionFailure")
		s.code(v.put("v2", ""), "EncryptionFailure")
		_, err = kms.NewFromConfig(s.cfg).EnableKey(s.ctx, &kms.EnableKeyInput{KeyId: &key})
		s.ok(err)
		v.holds("", "v1")
	}},
	{"key: a secret under a key pending deletion cannot be read", func(s *suite) {
		v, key := s.underKey()
		_, err := kms.NewFromConfig(s.cfg).ScheduleKeyDeletion(s.ctx, &kms.ScheduleKeyDeletionInput{KeyId: &key, PendingWindowInDays: aws.Int32(7)})
		s.ok(err)
		_, err = v.get("")
		s.code(err, "DecryptionFailure")
	}},
	{"key: one that does not exist is refused", func(s *suite) {
		v := s.vault()
		_, err := v.client.CreateSecret(s.ctx, &secretsmanager.CreateSecretInput{
			Name: aws.String(unique("secret")), SecretString: aws.String("x"),
			KmsKeyId: aws.String("arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"),
		})
		s.code(err, "EncryptionFailure", "AccessDeniedException")
	}},
}
