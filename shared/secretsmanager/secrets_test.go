package secretsmanager_test

import (
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkkms "github.com/aws/aws-sdk-go-v2/service/kms"
	sdk "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/secretsmanager"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

var _ vault.Secrets = secretsmanager.Secrets{}

// store returns the contract's view of an account.
func store(t *testing.T, cfg aws.Config) vaulttest.SecretStore {
	t.Helper()
	client, keys := sdk.NewFromConfig(cfg), sdkkms.NewFromConfig(cfg)
	key, err := keys.CreateKey(t.Context(), &sdkkms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	return vaulttest.SecretStore{
		Secrets: secretsmanager.Secrets{Client: client, Stage: "test"},
		KeyARN:  aws.ToString(key.KeyMetadata.Arn),
		Disable: func(t *testing.T) {
			t.Helper()
			if _, err := keys.DisableKey(t.Context(), &sdkkms.DisableKeyInput{KeyId: key.KeyMetadata.KeyId}); err != nil {
				t.Fatal(err)
			}
		},
		Labels: func(t *testing.T, name string) map[string][]string {
			t.Helper()
			found, err := client.DescribeSecret(t.Context(), &sdk.DescribeSecretInput{SecretId: aws.String(name)})
			if err != nil {
				t.Fatal(err)
			}
			for version, labels := range found.VersionIdsToStages {
				if slices.Sort(labels); len(labels) == 0 {
					delete(found.VersionIdsToStages, version)
				}
			}
			return found.VersionIdsToStages
		},
	}
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	vaulttest.RunSecrets(t, func(t *testing.T) vaulttest.SecretStore {
		return store(t, awstest.Config(cloud.New()))
	}, nil)
}

// TestSecretsOnMoto is the second opinion. The cases use one name, so each
// begins by deleting what the one before left.
func TestSecretsOnMoto(t *testing.T) {
	t.Parallel()
	cfg := awstest.Moto(t)
	vaulttest.RunSecrets(t, func(t *testing.T) vaulttest.SecretStore {
		s := store(t, cfg)
		if err := s.Secrets.Delete(t.Context(), "tenon/test/acme/con_1/r4nd0m"); err != nil {
			t.Fatal(err)
		}
		return s
	}, vaulttest.Differences{
		"a disabled key makes the secret unavailable": "moto does not link secrets to keys",
		"an absent version is unavailable":            "moto answers InvalidParameterException, which for AWS is a lost race",
	})
}

// spy keeps what a secret was created with.
type spy struct {
	*sdk.Client
	created *sdk.CreateSecretInput
}

func (s *spy) CreateSecret(ctx context.Context, in *sdk.CreateSecretInput, options ...func(*sdk.Options)) (*sdk.CreateSecretOutput, error) {
	s.created = in
	return s.Client.CreateSecret(ctx, in, options...)
}

const (
	name  = "tenon/dev/acme/con_1/r4nd0m"
	token = "00000000-0000-8000-8000-000000000000"
)

func TestSecretIsTaggedAndEncryptedForItsTenant(t *testing.T) {
	t.Parallel()
	cfg := awstest.Config(cloud.New())
	key := store(t, cfg).KeyARN
	s := &spy{Client: sdk.NewFromConfig(cfg)}
	secrets := secretsmanager.Secrets{Client: s, Stage: "dev"}
	if _, err := secrets.Create(t.Context(), name, key, token, secret.FromString("v")); err != nil {
		t.Fatal(err)
	}
	tags := map[string]string{}
	for _, tag := range s.created.Tags {
		tags[*tag.Key] = *tag.Value
	}
	if diff := cmp.Diff(map[string]string{"tenon:stage": "dev", "tenon:tenant": "acme"}, tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if got := aws.ToString(s.created.KmsKeyId); got != key {
		t.Errorf("encrypted with %q, want the tenant's key", got)
	}
}

func TestNameOfAnotherStageIsRefused(t *testing.T) {
	t.Parallel()
	c := cloud.New()
	secrets := secretsmanager.Secrets{Client: sdk.NewFromConfig(awstest.Config(c)), Stage: "prod"}
	for _, wrong := range []string{name, "prod", "tenon/prod//con_1/r", "other/prod/acme/con_1/r"} {
		if _, err := secrets.Create(t.Context(), wrong, "key", token, secret.FromString("v")); err == nil {
			t.Errorf("%s was created", wrong)
		}
	}
	if calls := c.Journal(); len(calls) != 0 {
		t.Errorf("AWS was asked: %v", calls)
	}
}

func TestSecretScheduledForDeletionIsUnavailable(t *testing.T) {
	t.Parallel()
	cfg := awstest.Config(cloud.New())
	client := sdk.NewFromConfig(cfg)
	secrets := secretsmanager.Secrets{Client: client, Stage: "dev"}
	version, err := secrets.Create(t.Context(), name, store(t, cfg).KeyARN, token, secret.FromString("v"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.DeleteSecret(t.Context(), &sdk.DeleteSecretInput{SecretId: aws.String(name)}); err != nil {
		t.Fatal(err)
	}
	_, err = secrets.Get(t.Context(), vault.Locator{Secret: name, Version: version})
	if f := fault.From(err); f.Code != fault.CodeCredentialUnavailable || f.Kind != fault.Conflict {
		t.Errorf("got %+v", f)
	}
	if err := secrets.Delete(t.Context(), name); err != nil {
		t.Errorf("delete at once: %v", err)
	}
}

// TestFailures also holds the errors to not quoting the value.
func TestFailures(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]fault.Code{
		"ThrottlingException":       fault.CodeRetryLater,
		"InternalServiceError":      fault.CodeRetryLater,
		"DecryptionFailure":         fault.CodeCredentialUnavailable,
		"EncryptionFailure":         fault.CodeCredentialUnavailable,
		"ResourceNotFoundException": fault.CodeCredentialUnavailable,
		"AccessDeniedException":     fault.CodeCredentialUnavailable,
		"MalformedRequestException": fault.CodeInternal,
	} {
		c := cloud.New()
		c.Fault = func(string, []byte) error {
			answer := &cloud.Error{Code: code, Message: "no"}
			if code == "InternalServiceError" {
				answer.Status = 500
			}
			return answer
		}
		s := secretsmanager.Secrets{Client: sdk.NewFromConfig(awstest.Config(c)), Stage: "dev"}
		_, create := s.Create(t.Context(), name, "key", token, secret.FromString("v"))
		_, put := s.Put(t.Context(), name, token, secret.FromString("v"))
		_, get := s.Get(t.Context(), vault.Locator{Secret: name, Version: token})
		promote := s.Promote(t.Context(), name, token, token)
		for i, err := range []error{create, put, get, promote} {
			if got := fault.From(err).Code; got != want {
				t.Errorf("%s, call %d: got %s, want %s", code, i, got, want)
			}
		}
	}
}

// TestRacedPromotion takes AWSPENDING away just before it is removed.
func TestRacedPromotion(t *testing.T) {
	t.Parallel()
	c := cloud.New()
	cfg := awstest.Config(c)
	s := store(t, cfg)
	const raced = "tenon/test/acme/con_2/r4nd0m"
	ids := []string{vault.Token("1"), vault.Token("2"), vault.Token("3")}
	v1, err := s.Secrets.Create(t.Context(), raced, s.KeyARN, ids[0], secret.FromString("1"))
	if err != nil {
		t.Fatal(err)
	}
	v2, err := s.Secrets.Put(t.Context(), raced, ids[1], secret.FromString("2"))
	if err != nil {
		t.Fatal(err)
	}
	moves := 0
	c.Fault = func(target string, _ []byte) error {
		if target != "secretsmanager.UpdateSecretVersionStage" {
			return nil
		}
		if moves++; moves != 2 {
			return nil
		}
		_, err := s.Secrets.Put(t.Context(), raced, ids[2], secret.FromString("3"))
		return err
	}
	if err := s.Secrets.Promote(t.Context(), raced, v2, v1); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{v1: {"AWSPREVIOUS"}, v2: {"AWSCURRENT"}, ids[2]: {"AWSPENDING"}}
	if diff := cmp.Diff(want, s.Labels(t, raced)); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
}
