package kms_test

import (
	"context"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/kms"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

var (
	_ vault.Keys  = kms.Keys{}
	_ tenant.Keys = kms.Keys{}
	_ page.MAC    = kms.MAC{}
)

var owner = kms.Owner{Partition: "aws", Account: "123456789012", Region: "eu-west-1"}

// local returns an empty local AWS and its client.
func local() (*cloud.Cloud, *sdk.Client) {
	c := cloud.New()
	return c, sdk.NewFromConfig(awstest.Config(c))
}

func service(client *sdk.Client, stage string) vaulttest.KeyService {
	return vaulttest.KeyService{
		Keys: kms.Keys{Client: client, Stage: stage, Owner: owner},
		Disable: func(t *testing.T, arn string) {
			t.Helper()
			// The id, as moto takes no ARN here.
			id := arn[len(arn)-36:]
			if _, err := client.DisableKey(t.Context(), &sdk.DisableKeyInput{KeyId: aws.String(id)}); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	vaulttest.RunKeys(t, func(*testing.T) vaulttest.KeyService {
		_, client := local()
		return service(client, "test")
	}, nil)
}

// TestKeysOnMoto is the second opinion.
func TestKeysOnMoto(t *testing.T) {
	t.Parallel()
	client := sdk.NewFromConfig(awstest.Moto(t))
	vaulttest.RunKeys(t, func(t *testing.T) vaulttest.KeyService {
		return service(client, stageOf(t))
	}, vaulttest.Differences{
		"a disabled key is unavailable":            "moto does not enforce key states",
		"a failure does not hold the key material": "moto does not enforce key states",
		"a key that is disabled opens nothing":     "moto does not enforce key states",
		"a deletion is scheduled once":             "moto does not enforce key states",
		"another key is an integrity fault":        "moto answers AccessDeniedException to a wrong KeyId",
	})
}

// stageOf gives every subtest keys of its own on one server.
func stageOf(t *testing.T) string {
	stage := []byte(t.Name())
	for i, c := range stage {
		if !(c >= 'a' && c <= 'z') {
			stage[i] = '-'
		}
	}
	return string(stage)
}

// spy keeps what a key was created with.
type spy struct {
	*sdk.Client
	created *sdk.CreateKeyInput
}

func (s *spy) CreateKey(ctx context.Context, in *sdk.CreateKeyInput, options ...func(*sdk.Options)) (*sdk.CreateKeyOutput, error) {
	s.created = in
	return s.Client.CreateKey(ctx, in, options...)
}

func TestTenantKeyIsTaggedAndRotates(t *testing.T) {
	t.Parallel()
	_, client := local()
	s := &spy{Client: client}
	arn, err := kms.Keys{Client: s, Stage: "dev", Owner: owner}.CreateTenantKey(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	tags := map[string]string{}
	for _, tag := range s.created.Tags {
		tags[*tag.TagKey] = *tag.TagValue
	}
	if diff := cmp.Diff(map[string]string{"tenon:stage": "dev", "tenon:tenant": "acme"}, tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	rotation, err := client.GetKeyRotationStatus(t.Context(), &sdk.GetKeyRotationStatusInput{KeyId: aws.String(arn)})
	if err != nil {
		t.Fatal(err)
	}
	if !rotation.KeyRotationEnabled {
		t.Error("the key does not rotate")
	}
	found, err := client.DescribeKey(t.Context(), &sdk.DescribeKeyInput{KeyId: aws.String("alias/tenon/dev/acme")})
	if err != nil {
		t.Fatal(err)
	}
	if aws.ToString(found.KeyMetadata.Arn) != arn {
		t.Errorf("the alias names another key than %s", arn)
	}
}

// TestLostRaceTakesTheKeyOfTheAlias lets another call finish just before the
// alias is made.
func TestLostRaceTakesTheKeyOfTheAlias(t *testing.T) {
	t.Parallel()
	c, client := local()
	keys := kms.Keys{Client: client, Stage: "dev", Owner: owner}
	var winner string
	c.Fault = func(target string, _ []byte) error {
		if target != "kms.CreateAlias" || winner != "" {
			return nil
		}
		winner = "being made"
		arn, err := keys.CreateTenantKey(t.Context(), "acme")
		winner = arn
		return err
	}
	arn, err := keys.CreateTenantKey(t.Context(), "acme")
	if err != nil || arn != winner {
		t.Errorf("got %s, %v, want %s", arn, err, winner)
	}
}

func TestDeletedKeyIsUnavailable(t *testing.T) {
	t.Parallel()
	_, client := local()
	keys := kms.Keys{Client: client, Stage: "dev", Owner: owner}
	arn, err := keys.CreateTenantKey(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	_, wrapped, err := keys.NewDataKey(t.Context(), arn, vault.Binding("acme"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.ScheduleKeyDeletion(t.Context(), &sdk.ScheduleKeyDeletionInput{KeyId: aws.String(arn)}); err != nil {
		t.Fatal(err)
	}
	_, err = keys.Unwrap(t.Context(), arn, wrapped, vault.Binding("acme"))
	if f := fault.From(err); f.Code != fault.CodeCredentialUnavailable || f.Remedy != "contact_admin" || f.Kind != fault.Conflict {
		t.Errorf("got %+v", f)
	}
}

func TestPassingFailuresCanBeRepeated(t *testing.T) {
	t.Parallel()
	for _, answer := range []cloud.Error{
		{Code: "ThrottlingException"}, {Code: "KMSInternalException", Status: 500}, {Code: "DependencyTimeoutException", Status: 503},
		{Code: "KeyUnavailableException", Status: 500},
	} {
		c, client := local()
		keys := kms.Keys{Client: client, Stage: "dev", Owner: owner}
		arn, err := keys.CreateTenantKey(t.Context(), "acme")
		if err != nil {
			t.Fatal(err)
		}
		c.Fault = func(string, []byte) error { return &answer }
		mac := kms.MAC{Client: client, KeyID: arn}
		_, unwrapErr := keys.Unwrap(t.Context(), arn, []byte("x"), nil)
		_, _, dataErr := keys.NewDataKey(t.Context(), arn, nil)
		_, createErr := keys.CreateTenantKey(t.Context(), "globex")
		_, signErr := mac.Sign(t.Context(), []byte("m"))
		_, verifyErr := mac.Verify(t.Context(), []byte("m"), []byte("t"))
		for i, err := range []error{unwrapErr, dataErr, createErr, signErr, verifyErr} {
			if !fault.Has(err, fault.CodeRetryLater) {
				t.Errorf("%s, call %d: got %v, want %s", answer.Code, i, err, fault.CodeRetryLater)
			}
		}
	}
}

// TestFailedCreationLeavesNoAlias: an onboarding that failed half-way is
// finished by the same call.
func TestFailedCreationLeavesNoAlias(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"kms.CreateKey", "kms.EnableKeyRotation", "kms.CreateAlias"} {
		c, client := local()
		keys := kms.Keys{Client: client, Stage: "dev", Owner: owner}
		c.Fault = func(target string, _ []byte) error {
			if target == step {
				return &cloud.Error{Code: "KMSInternalException", Status: 500}
			}
			return nil
		}
		if _, err := keys.CreateTenantKey(t.Context(), "acme"); !fault.Has(err, fault.CodeRetryLater) {
			t.Errorf("%s failed: got %v, want %s", step, err, fault.CodeRetryLater)
		}
		c.Fault = nil
		arn, err := keys.CreateTenantKey(t.Context(), "acme")
		if err != nil {
			t.Fatal(err)
		}
		again, err := keys.CreateTenantKey(t.Context(), "acme")
		if err != nil || again != arn {
			t.Errorf("after %s failed: got %s, %v, want %s", step, again, err, arn)
		}
		if !slices.ContainsFunc(c.Journal(), func(call cloud.Call) bool { return call.Target == step }) {
			t.Errorf("%s was never called", step)
		}
	}
}
