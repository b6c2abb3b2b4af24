package cloud_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/tenonhq/tenon/infra/local/cloud"
)

const (
	anyKey    = "arn:aws:kms:" + region + "key/*"
	anyAlias  = "arn:aws:kms:" + region + "alias/tenon/*"
	ofStage   = `{"StringEquals":{"aws:ResourceTag/stage":"dev"},"ForAnyValue:StringEquals":{"kms:EncryptionContextKeys":"tenant"}}`
	newStage  = `{"StringEquals":{"aws:RequestTag/stage":"dev","kms:KeySpec":"SYMMETRIC_DEFAULT"},"ForAllValues:StringEquals":{"aws:TagKeys":["stage","tenant"]}}`
	delegates = `{"Effect":"Allow","Action":"kms:*","Resource":"*","Principal":{"AWS":"` + account + `"}}`
)

func keyTags(pairs ...string) []types.Tag {
	var tags []types.Tag
	for i := 0; i < len(pairs); i += 2 {
		tags = append(tags, types.Tag{TagKey: &pairs[i], TagValue: &pairs[i+1]})
	}
	return tags
}

func createKey(t *testing.T, c *cloud.Cloud, in kms.CreateKeyInput) *string {
	t.Helper()
	made, err := kms.NewFromConfig(configOf(c)).CreateKey(t.Context(), &in)
	check(t, err)
	return made.KeyMetadata.Arn
}

func TestKeyPermissions(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	dev, prod := createKey(t, c, kms.CreateKeyInput{Tags: keyTags("stage", "dev")}), createKey(t, c, kms.CreateKeyInput{Tags: keyTags("stage", "prod")})
	alias := aws.String("alias/tenon/acme")
	_, err := kms.NewFromConfig(configOf(c)).CreateAlias(t.Context(), &kms.CreateAliasInput{AliasName: alias, TargetKeyId: dev})
	check(t, err)
	dataKey := func(key *string, context map[string]string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := kms.NewFromConfig(cfg).GenerateDataKey(t.Context(), &kms.GenerateDataKeyInput{KeyId: key, KeySpec: "AES_256", EncryptionContext: context})
			return err
		}
	}
	sealed, err := kms.NewFromConfig(configOf(c)).Encrypt(t.Context(), &kms.EncryptInput{KeyId: prod, Plaintext: []byte("x")})
	check(t, err)
	describe := func(id string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := kms.NewFromConfig(cfg).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: &id})
			return err
		}
	}
	end := func(days int32) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := kms.NewFromConfig(cfg).ScheduleKeyDeletion(t.Context(), &kms.ScheduleKeyDeletionInput{KeyId: dev, PendingWindowInDays: &days})
			return err
		}
	}
	tenant := map[string]string{"tenant": "acme"}
	use := permit("kms:GenerateDataKey", anyKey, ofStage)
	try(t, c, []attempt{
		{"of the stage, for a tenant", []string{use}, "", dataKey(dev, tenant)},
		{"by its alias", []string{use}, "", dataKey(alias, tenant)},
		{"for nobody", []string{use}, "kms:GenerateDataKey", dataKey(dev, nil)},
		{"of another stage", []string{use}, *prod, dataKey(prod, tenant)},
		{"decrypt with the key of a ciphertext", []string{permit("kms:Decrypt", anyKey, ofStage)}, *prod, func(cfg aws.Config) error {
			_, err := kms.NewFromConfig(cfg).Decrypt(t.Context(), &kms.DecryptInput{CiphertextBlob: sealed.CiphertextBlob})
			return err
		}},
		{"an alias that leads nowhere", []string{grant("kms:DescribeKey", anyKey)}, "alias/tenon/nobody", describe("alias/tenon/nobody")},
		{"a short window", []string{permit("kms:ScheduleKeyDeletion", anyKey, `{"NumericGreaterThanEquals":{"kms:ScheduleKeyDeletionPendingWindowInDays":30}}`)}, "kms:ScheduleKeyDeletion", end(7)},
		{"the long window", []string{permit("kms:ScheduleKeyDeletion", anyKey, `{"NumericGreaterThanEquals":{"kms:ScheduleKeyDeletionPendingWindowInDays":30}}`)}, "", end(30)},
		{"the policy", []string{grant("kms:Describe*", "*")}, "kms:PutKeyPolicy", func(cfg aws.Config) error {
			_, err := kms.NewFromConfig(cfg).PutKeyPolicy(t.Context(), &kms.PutKeyPolicyInput{KeyId: prod, Policy: aws.String(statements(delegates))})
			return err
		}},
	})
	_, err = kms.NewFromConfig(as(t, c, grant("kms:DescribeKey", anyAlias))).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("alias/tenon/nobody")})
	wantCode(t, err, "NotFoundException")
}

func TestPermissionsOfNewKeys(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	create := func(tags ...string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := kms.NewFromConfig(cfg).CreateKey(t.Context(), &kms.CreateKeyInput{Tags: keyTags(tags...)})
			return err
		}
	}
	key := createKey(t, c, kms.CreateKeyInput{Tags: keyTags("stage", "dev")})
	name := func(cfg aws.Config) error {
		_, err := kms.NewFromConfig(cfg).CreateAlias(t.Context(), &kms.CreateAliasInput{AliasName: aws.String("alias/tenon/a"), TargetKeyId: key})
		return err
	}
	make, tag := permit("kms:CreateKey", "*", newStage), grant("kms:TagResource", anyKey)
	try(t, c, []attempt{
		{"with its tags", []string{make, tag}, "", create("stage", "dev", "tenant", "acme")},
		{"without permission to tag", []string{make}, "kms:TagResource", create("stage", "dev")},
		{"another stage", []string{make, tag}, "kms:CreateKey", create("stage", "prod")},
		{"one tag too many", []string{make, tag}, "kms:CreateKey", create("stage", "dev", "more", "x")},
		{"without tags", []string{make, tag}, "kms:CreateKey", create()},
		{"alias without the key", []string{grant("kms:CreateAlias", anyAlias)}, *key, name},
		{"key without the alias", []string{grant("kms:CreateAlias", anyKey)}, "alias/tenon/a", name},
		{"alias and key", []string{grant("kms:CreateAlias", anyAlias), grant("kms:CreateAlias", anyKey)}, "", name},
	})
}

// TestKeyPolicies: the policy of a key decides before those of the account.
func TestKeyPolicies(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	admin := `{"Effect":"Allow","Action":["kms:PutKeyPolicy","kms:DescribeKey"],"Resource":"*","Principal":{"AWS":"` + account + `"}}`
	named := `{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*","Principal":{"AWS":"` + roleARN + `"}}`
	sole := createKey(t, c, kms.CreateKeyInput{Policy: aws.String(statements(admin, named))})
	open := createKey(t, c, kms.CreateKeyInput{Policy: aws.String(statements(delegates))})
	encrypt := func(key *string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := kms.NewFromConfig(cfg).Encrypt(t.Context(), &kms.EncryptInput{KeyId: key, Plaintext: []byte("x")})
			return err
		}
	}
	try(t, c, []attempt{
		{"named by the key", nil, "", encrypt(sole)},
		{"not named for this", []string{grant("kms:*", "*")}, "kms:GenerateDataKey", func(cfg aws.Config) error {
			_, err := kms.NewFromConfig(cfg).GenerateDataKey(t.Context(), &kms.GenerateDataKeyInput{KeyId: sole, KeySpec: "AES_256"})
			return err
		}},
		{"left to the account", []string{grant("kms:Encrypt", "*")}, "", encrypt(open)},
		{"left to the account, which does not allow it", nil, "kms:Encrypt", encrypt(open)},
	})
	client := kms.NewFromConfig(as(t, c, grant("kms:*", "*")))
	_, err := client.CreateKey(t.Context(), &kms.CreateKeyInput{Policy: aws.String(statements(named))})
	wantCode(t, err, "MalformedPolicyDocumentException")
	_, err = client.CreateKey(t.Context(), &kms.CreateKeyInput{Policy: aws.String(statements(named)), BypassPolicyLockoutSafetyCheck: true})
	check(t, err)
	_, err = client.PutKeyPolicy(t.Context(), &kms.PutKeyPolicyInput{KeyId: open, Policy: aws.String(statements(named))})
	wantCode(t, err, "MalformedPolicyDocumentException")
	_, err = client.PutKeyPolicy(t.Context(), &kms.PutKeyPolicyInput{KeyId: open, Policy: aws.String(`{"Statement":[{"Effect":"Perhaps"}]}`)})
	wantCode(t, err, "MalformedPolicyDocumentException")
	_, err = client.PutKeyPolicy(t.Context(), &kms.PutKeyPolicyInput{KeyId: open, Policy: aws.String(statements(admin))})
	check(t, err)
	if err := encrypt(open)(as(t, c, grant("kms:*", "*"))); err == nil {
		t.Error("the policy that was put is not asked")
	}
}
