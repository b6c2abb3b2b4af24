package cloud_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

const devSecrets = "arn:aws:secretsmanager:" + region + "secret:tenon/dev/*"

// use is the use of any key through Secrets Manager, for these secrets.
func use(action, secrets string) string {
	return permit(action, anyKey, `{"StringEquals":{"kms:ViaService":"secretsmanager.eu-west-1.amazonaws.com"},"StringLike":{"kms:EncryptionContext:SecretARN":[`+secrets+`]}}`)
}

func TestSecretPermissions(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	key := createKey(t, c, kms.CreateKeyInput{})
	for _, name := range []string{"tenon/dev/a", "tenon/prod/a"} {
		_, err := secretsmanager.NewFromConfig(configOf(c)).CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: &name, SecretString: aws.String("s"), KmsKeyId: key})
		check(t, err)
	}
	get := func(name string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: &name})
			return err
		}
	}
	put := func(cfg aws.Config) error {
		_, err := secretsmanager.NewFromConfig(cfg).PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: aws.String("tenon/dev/a"), SecretString: aws.String("t")})
		return err
	}
	tag := func(key string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := secretsmanager.NewFromConfig(cfg).TagResource(t.Context(), &secretsmanager.TagResourceInput{
				SecretId: aws.String("tenon/dev/a"), Tags: []types.Tag{{Key: &key, Value: aws.String("x")}},
			})
			return err
		}
	}
	remove := func(force bool) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := secretsmanager.NewFromConfig(cfg).DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: aws.String("tenon/dev/a"), ForceDeleteWithoutRecovery: &force})
			return err
		}
	}
	read, decrypt := grant("secretsmanager:GetSecretValue", devSecrets), use("kms:Decrypt", `"`+devSecrets+`"`)
	orphan := permit("secretsmanager:TagResource", devSecrets, `{"ForAllValues:StringEquals":{"aws:TagKeys":["orphan"]}}`)
	recoverable := permit("secretsmanager:DeleteSecret", devSecrets, `{"BoolIfExists":{"secretsmanager:ForceDeleteWithoutRecovery":"false"}}`)
	try(t, c, []attempt{
		{"read", []string{read, decrypt}, "", get("tenon/dev/a")},
		{"read without the key", []string{read}, "Access to KMS is not allowed", get("tenon/dev/a")},
		{"read with the key for other secrets", []string{read, use("kms:Decrypt", `"other"`)}, "Access to KMS is not allowed", get("tenon/dev/a")},
		{"read in another stage", []string{read, decrypt}, "secretsmanager:GetSecretValue", get("tenon/prod/a")},
		{"what is not there, elsewhere", []string{read, decrypt}, "secret:tenon/prod/none", get("tenon/prod/none")},
		{"write with a key to read", []string{grant("secretsmanager:PutSecretValue", devSecrets), decrypt}, "Access to KMS is not allowed", put},
		{"write", []string{grant("secretsmanager:PutSecretValue", devSecrets), decrypt, use("kms:GenerateDataKey", `"`+devSecrets+`"`)}, "", put},
		{"the tag", []string{orphan}, "", tag("orphan")},
		{"another tag", []string{orphan}, "secretsmanager:TagResource", tag("tenon:stage")},
		{"forced deletion", []string{recoverable}, "secretsmanager:DeleteSecret", remove(true)},
		{"deletion", []string{recoverable}, "", remove(false)},
		{"list", []string{grant("secretsmanager:ListSecrets", devSecrets)}, "secretsmanager:ListSecrets on resource: *", func(cfg aws.Config) error {
			_, err := secretsmanager.NewFromConfig(cfg).ListSecrets(t.Context(), &secretsmanager.ListSecretsInput{})
			return err
		}},
	})
	err := get("tenon/dev/none")(as(t, c, read))
	wantCode(t, err, "ResourceNotFoundException")
}

// TestPermissionsOfNewSecrets: before a secret is there, the service checks the
// key under a name of its own.
func TestPermissionsOfNewSecrets(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	key := createKey(t, c, kms.CreateKeyInput{})
	create := func(name string, tags ...types.Tag) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := secretsmanager.NewFromConfig(cfg).CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{
				Name: &name, SecretString: aws.String("s"), KmsKeyId: key, Tags: tags,
			})
			return err
		}
	}
	tag := types.Tag{Key: aws.String("tenant"), Value: aws.String("acme")}
	make, names := grant("secretsmanager:CreateSecret", devSecrets), `"`+devSecrets+`","RequestToValidateKeyAccess"`
	keys := []string{use("kms:Decrypt", names), use("kms:GenerateDataKey", names)}
	only := []string{use("kms:Decrypt", `"`+devSecrets+`"`), use("kms:GenerateDataKey", `"`+devSecrets+`"`)}
	try(t, c, []attempt{
		{"the key for secrets only", append(only, make), "Access to KMS is not allowed", create("tenon/dev/b")},
		{"created", append(keys, make), "", create("tenon/dev/b")},
		{"tagged without permission", append(keys, make), "secretsmanager:TagResource", create("tenon/dev/c", tag)},
		{"tagged", append(keys, make, grant("secretsmanager:TagResource", devSecrets)), "", create("tenon/dev/c", tag)},
		{"another stage", append(keys, make), "secretsmanager:CreateSecret", create("tenon/prod/d")},
	})
}
