// Package kms keeps tenants' keys in AWS KMS and authenticates cursors there.
// It implements vault.Keys, tenant.Keys, offboarding.Keys, signing.Keys and
// page.MAC and depends on packages awsconfig, environ, fault, secret, vault and the SDK.
//
// Every tenant has one symmetric key of its own, found by the alias
// alias/tenon/<stage>/<tenant>. Disabling the key in the console closes
// everything of that tenant, deleting it shreds everything of that tenant. A
// stage may have its tenants share one key instead, which is not made here. The
// keys a tenant signs with are others, asymmetric ones.
package kms

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/secret"
)

// Client is what Keys calls; *kms.Client of the SDK implements it.
type Client interface {
	describer
	CreateKey(context.Context, *kms.CreateKeyInput, ...func(*kms.Options)) (*kms.CreateKeyOutput, error)
	EnableKeyRotation(context.Context, *kms.EnableKeyRotationInput, ...func(*kms.Options)) (*kms.EnableKeyRotationOutput, error)
	CreateAlias(context.Context, *kms.CreateAliasInput, ...func(*kms.Options)) (*kms.CreateAliasOutput, error)
	GenerateDataKey(context.Context, *kms.GenerateDataKeyInput, ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error)
	Decrypt(context.Context, *kms.DecryptInput, ...func(*kms.Options)) (*kms.DecryptOutput, error)
	DisableKey(context.Context, *kms.DisableKeyInput, ...func(*kms.Options)) (*kms.DisableKeyOutput, error)
	ScheduleKeyDeletion(context.Context, *kms.ScheduleKeyDeletionInput, ...func(*kms.Options)) (*kms.ScheduleKeyDeletionOutput, error)
}

type describer interface {
	DescribeKey(context.Context, *kms.DescribeKeyInput, ...func(*kms.Options)) (*kms.DescribeKeyOutput, error)
}

// Tags of every tenant's key; the permissions of the functions name them.
const (
	tagStage  = "tenon:stage"
	tagTenant = "tenon:tenant"
)

// Keys creates and uses tenants' keys. Owner is needed to create them only.
type Keys struct {
	Client Client
	Stage  string
	Owner  Owner
}

// CreateTenantKey implements tenant.Keys. A key whose alias exists is found
// again; one that is not enabled is the fault credential_unavailable, never
// replaced: a new key could not open what the old one sealed. Two calls at
// once make two keys, of which the alias decides; the other one protects
// nothing and stands, tagged with the tenant, until an administrator deletes
// it, as this service ends those it knows of only.
func (k Keys) CreateTenantKey(ctx context.Context, tenant string) (string, error) {
	alias := "alias/tenon/" + k.Stage + "/" + tenant
	arn, err := find(ctx, k.Client, alias)
	if !isNotFound(err) {
		return arn, wrap("find key of tenant", err)
	}
	policy, err := tenantKeyPolicy(k.Owner, k.Stage, tenant)
	if err != nil {
		return "", err
	}
	created, err := k.Client.CreateKey(ctx, &kms.CreateKeyInput{
		Policy: aws.String(policy), BypassPolicyLockoutSafetyCheck: true, // Who makes a key never changes its policy; the account does.
		Description: aws.String("Tenon: credentials of tenant " + tenant + " in stage " + k.Stage),
		KeySpec:     types.KeySpecSymmetricDefault,
		KeyUsage:    types.KeyUsageTypeEncryptDecrypt,
		Tags: []types.Tag{
			{TagKey: aws.String(tagStage), TagValue: aws.String(k.Stage)},
			{TagKey: aws.String(tagTenant), TagValue: aws.String(tenant)},
		},
	})
	if err != nil {
		return "", awsconfig.Fault("create key", err)
	}
	arn = aws.ToString(created.KeyMetadata.Arn)
	if _, err := k.Client.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: aws.String(arn)}, fresh); err != nil {
		return "", awsconfig.Fault("enable key rotation", err)
	}
	_, err = k.Client.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String(alias), TargetKeyId: aws.String(arn)}, fresh)
	if isExisting(err) {
		arn, err = find(ctx, k.Client, alias)
	}
	return arn, wrap("create alias", err)
}

// find returns the ARN of the key behind an alias, in the state Enabled.
func find(ctx context.Context, c describer, alias string) (string, error) {
	found, err := c.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String(alias)})
	if err != nil {
		return "", err
	}
	if found.KeyMetadata.KeyState != types.KeyStateEnabled {
		return "", unusable
	}
	return aws.ToString(found.KeyMetadata.Arn), nil
}

// NewDataKey implements vault.Keys and tenant.Keys with an AES-256 key.
func (k Keys) NewDataKey(ctx context.Context, keyARN string, binding map[string]string) (secret.Bytes, []byte, error) {
	made, err := k.Client.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{
		KeyId: aws.String(keyARN), KeySpec: types.DataKeySpecAes256, EncryptionContext: binding,
	})
	if err != nil {
		return secret.Bytes{}, nil, classify("generate data key", err)
	}
	return secret.New(made.Plaintext), made.CiphertextBlob, nil
}

// Unwrap implements vault.Keys. It names the key, so that a blob wrapped under
// another tenant's key is refused even where we may use both.
func (k Keys) Unwrap(ctx context.Context, keyARN string, wrapped []byte, binding map[string]string) (secret.Bytes, error) {
	opened, err := k.Client.Decrypt(ctx, &kms.DecryptInput{
		KeyId: aws.String(keyARN), CiphertextBlob: wrapped, EncryptionContext: binding,
	})
	if err != nil {
		return secret.Bytes{}, classify("decrypt data key", err)
	}
	return secret.New(opened.Plaintext), nil
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return classify(doing, err)
}
