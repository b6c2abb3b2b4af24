// Package secretsmanager keeps long-lived credential material in AWS Secrets
// Manager, encrypted with the tenant's key. It implements vault.Secrets and
// vault.Inventory and depends on packages awsconfig, fault, secret, vault and the SDK.
//
// A version is always read by its id, which the connection's item holds: the
// staging labels decide only which versions the service keeps (those with a
// label) and which it removes in time.
package secretsmanager

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Client is what Secrets calls; *secretsmanager.Client of the SDK implements it.
type Client interface {
	CreateSecret(context.Context, *secretsmanager.CreateSecretInput, ...func(*secretsmanager.Options)) (*secretsmanager.CreateSecretOutput, error)
	PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error)
	UpdateSecretVersionStage(context.Context, *secretsmanager.UpdateSecretVersionStageInput, ...func(*secretsmanager.Options)) (*secretsmanager.UpdateSecretVersionStageOutput, error)
	DescribeSecret(context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options)) (*secretsmanager.DescribeSecretOutput, error)
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
	ListSecrets(context.Context, *secretsmanager.ListSecretsInput, ...func(*secretsmanager.Options)) (*secretsmanager.ListSecretsOutput, error)
	TagResource(context.Context, *secretsmanager.TagResourceInput, ...func(*secretsmanager.Options)) (*secretsmanager.TagResourceOutput, error)
	UntagResource(context.Context, *secretsmanager.UntagResourceInput, ...func(*secretsmanager.Options)) (*secretsmanager.UntagResourceOutput, error)
	DeleteSecret(context.Context, *secretsmanager.DeleteSecretInput, ...func(*secretsmanager.Options)) (*secretsmanager.DeleteSecretOutput, error)
}

// Secrets implements vault.Secrets and vault.Inventory. Tokens must have 32 to 64 characters, as
// those of vault.Token have.
type Secrets struct {
	Client Client
	Stage  string
}

// Create implements vault.Secrets.
func (s Secrets) Create(ctx context.Context, name, keyARN, token string, value secret.Bytes) (string, error) {
	tenant, err := s.tenant(name)
	if err != nil {
		return "", err
	}
	made, err := s.Client.CreateSecret(ctx, &secretsmanager.CreateSecretInput{
		Name: aws.String(name), KmsKeyId: aws.String(keyARN),
		ClientRequestToken: aws.String(token), SecretString: aws.String(value.Reveal()),
		Tags: []types.Tag{
			{Key: aws.String(tagStage), Value: aws.String(s.Stage)},
			{Key: aws.String(tagTenant), Value: aws.String(tenant)},
		},
	})
	if is(err, codeExists) {
		return s.put(ctx, name, token, stageCurrent, value)
	}
	if err != nil {
		return "", classify("create secret", err)
	}
	return aws.ToString(made.VersionId), nil
}

// Put implements vault.Secrets.
func (s Secrets) Put(ctx context.Context, name, token string, value secret.Bytes) (string, error) {
	return s.put(ctx, name, token, stagePending, value)
}

func (s Secrets) put(ctx context.Context, name, token, stage string, value secret.Bytes) (string, error) {
	made, err := s.Client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: aws.String(name), ClientRequestToken: aws.String(token),
		SecretString: aws.String(value.Reveal()), VersionStages: []string{stage},
	})
	if err != nil {
		return "", classify("put secret value", err)
	}
	return aws.ToString(made.VersionId), nil
}

// Get implements vault.Secrets.
func (s Secrets) Get(ctx context.Context, at vault.Locator) (secret.Bytes, error) {
	found, err := s.Client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{
		SecretId: aws.String(at.Secret), VersionId: aws.String(at.Version),
	})
	if err != nil {
		return secret.Bytes{}, classify("get secret value", err)
	}
	return secret.FromString(aws.ToString(found.SecretString)), nil
}

// Delete implements vault.Secrets without a recovery window: a person who
// disconnects a system is told that the credential is gone, and during the
// window anyone with the right could restore it. Deleting without a window an
// absent secret is no error of the service.
func (s Secrets) Delete(ctx context.Context, name string) error {
	_, err := s.Client.DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{
		SecretId: aws.String(name), ForceDeleteWithoutRecovery: aws.Bool(true),
	})
	if err != nil {
		return classify("delete secret", err)
	}
	return nil
}

// tenant takes the tenant from a name of vault.SecretName and holds the name
// to the stage.
func (s Secrets) tenant(name string) (string, error) {
	parts := strings.Split(name, "/")
	if len(parts) != 5 || parts[0] != "tenon" || parts[1] != s.Stage || parts[2] == "" {
		return "", fmt.Errorf("secret name %q is not of stage %q", name, s.Stage)
	}
	return parts[2], nil
}
