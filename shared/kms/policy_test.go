package kms_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/kms"
)

type object = map[string]any

// statements returns those of a key's policy by their names, without what all of
// them have, and fails unless each that allows something leaves it to the account.
func statements(t *testing.T, client *sdk.Client, arn string) map[string]object {
	t.Helper()
	read, err := client.GetKeyPolicy(t.Context(), &sdk.GetKeyPolicyInput{KeyId: aws.String(arn)})
	if err != nil {
		t.Fatal(err)
	}
	var policy struct {
		Version   string
		Statement []object
	}
	if err := json.Unmarshal([]byte(aws.ToString(read.Policy)), &policy); err != nil || policy.Version != "2012-10-17" {
		t.Fatalf("policy of version %q: %v", policy.Version, err)
	}
	found := map[string]object{}
	for _, s := range policy.Statement {
		if s["Effect"] == "Allow" {
			if diff := cmp.Diff(object{"AWS": "arn:aws:iam::123456789012:root"}, s["Principal"]); diff != "" || s["Resource"] != "*" {
				t.Errorf("%s on %v for (-want +got):\n%s", s["Sid"], s["Resource"], diff)
			}
			delete(s, "Effect")
			delete(s, "Principal")
			delete(s, "Resource")
		}
		name, _ := s["Sid"].(string)
		delete(s, "Sid")
		found[name] = s
	}
	return found
}

// wantAdministration fails unless what the account may do without a condition
// neither uses the key, nor deletes it, nor opens it again.
func wantAdministration(t *testing.T, administer object) {
	t.Helper()
	actions, _ := administer["Action"].([]any)
	if len(actions) == 0 || administer["Condition"] != nil || !slices.Contains(actions, any("kms:PutKeyPolicy")) {
		t.Errorf("administration %v: the account must not be locked out", administer)
	}
	for _, refused := range []string{
		"*", "Encrypt", "Decrypt", "GenerateDataKey", "Sign", "Verify", "Mac", "DeriveSharedSecret", "CreateGrant", "ScheduleKeyDeletion",
		"CancelKeyDeletion", "kms:EnableKey ", "ReplicateKey", "ImportKeyMaterial",
	} {
		for _, action := range actions {
			if strings.Contains(action.(string)+" ", refused) {
				t.Errorf("the account may %s without a condition", action)
			}
		}
	}
}

// ended are the statements that every key of a tenant has: who ends it, and who
// undoes that.
func ended() map[string]object {
	const ending, breakGlass = "arn:aws:iam::123456789012:role/tenon-ending/dev/*", "arn:aws:iam::123456789012:role/tenon-break-glass/dev/*"
	return map[string]object{
		"End": {"Action": []any{"kms:ScheduleKeyDeletion"}, "Condition": object{
			"ArnLike":                  object{"aws:PrincipalArn": []any{ending, breakGlass}},
			"NumericGreaterThanEquals": object{"kms:ScheduleKeyDeletionPendingWindowInDays": 30.0},
		}},
		"Reopen": {"Action": []any{"kms:CancelKeyDeletion", "kms:EnableKey"}, "Condition": object{
			"ArnLike": object{"aws:PrincipalArn": breakGlass},
		}},
		"NoGrants": {"Effect": "Deny", "Principal": object{"AWS": "*"}, "Resource": "*", "Action": []any{"kms:CreateGrant"}},
	}
}

// The key of a tenant serves this tenant: a call that names it, and Secrets Manager
// for its secrets.
func TestCDK03TenantKeyServesItsTenantOnly(t *testing.T) {
	t.Parallel()
	_, client := local()
	s := &spy{Client: client}
	arn, err := kms.Keys{Client: s, Stage: "dev", Owner: owner}.CreateTenantKey(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	if !s.created.BypassPolicyLockoutSafetyCheck {
		t.Error("KMS would ask that who makes a key may change its policy")
	}
	got := statements(t, client, arn)
	wantAdministration(t, got["Administer"])
	delete(got, "Administer")
	want, use := ended(), []any{"kms:Decrypt", "kms:GenerateDataKey"}
	want["UseForTenant"] = object{"Action": use, "Condition": object{"StringEquals": object{"kms:EncryptionContext:tenon:tenant": "acme"}}}
	want["UseForSecretsOfTenant"] = object{"Action": use, "Condition": object{
		"StringEquals": object{"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"},
		"StringLike": object{"kms:EncryptionContext:SecretARN": []any{
			"arn:aws:secretsmanager:eu-west-1:123456789012:secret:tenon/dev/acme/*", "RequestToValidateKeyAccess",
		}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
}

// A signing key signs digests with its own algorithm, and shows its public half.
func TestCDK03SigningKeySignsOnly(t *testing.T) {
	t.Parallel()
	for algorithm, spec := range map[string]string{"RS256": "RSASSA_PKCS1_V1_5_SHA_256", "PS256": "RSASSA_PSS_SHA_256", "ES256": "ECDSA_SHA_256"} {
		_, client := local()
		s := &spy{Client: client}
		arn, _, err := kms.Signer{Client: s, Stage: "dev", Owner: owner}.CreateSigningKey(t.Context(), "acme", "sgk_1", algorithm, 2048)
		if err != nil || !s.created.BypassPolicyLockoutSafetyCheck {
			t.Fatalf("%s: bypass %t, %v", algorithm, s.created.BypassPolicyLockoutSafetyCheck, err)
		}
		got := statements(t, client, arn)
		wantAdministration(t, got["Administer"])
		delete(got, "Administer")
		want := ended()
		want["Sign"] = object{"Action": []any{"kms:Sign"}, "Condition": object{
			"StringEquals": object{"kms:MessageType": "DIGEST", "kms:SigningAlgorithm": spec},
		}}
		want["ReadPublicKey"] = object{"Action": []any{"kms:GetPublicKey"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("policy for %s (-want +got):\n%s", algorithm, diff)
		}
	}
}

// What could mean more than itself in a policy stands in none, and no key is made
// whose policy would name nobody.
func TestNamesThatMeanMoreAreRefused(t *testing.T) {
	t.Parallel()
	c, client := local()
	for _, tenant := range []string{"", "*", "a*", "a?c", "acme/x", "${aws:username}", `a","Action":"kms:*`, "a\n", "a:b", "a.b"} {
		if arn, err := (kms.Keys{Client: client, Stage: "dev", Owner: owner}).CreateTenantKey(t.Context(), tenant); err == nil {
			t.Errorf("%q: got %s", tenant, arn)
		}
		if arn, _, err := (kms.Signer{Client: client, Stage: "dev", Owner: owner}).CreateSigningKey(t.Context(), tenant, "sgk_1", "ES256", 0); err == nil {
			t.Errorf("%q: got signing key %s", tenant, arn)
		}
	}
	for _, of := range []kms.Owner{
		{}, {Partition: "aws", Account: "123456789012"}, {Partition: "aws", Region: "eu-west-1"}, {Account: "123456789012", Region: "eu-west-1"},
		{Partition: "aws", Account: "*", Region: "eu-west-1"},
	} {
		if arn, err := (kms.Keys{Client: client, Stage: "dev", Owner: of}).CreateTenantKey(t.Context(), "acme"); err == nil {
			t.Errorf("%+v: got %s", of, arn)
		}
	}
	for _, call := range c.Journal() {
		if call.Target == "kms.CreateKey" {
			t.Fatal("a key was made")
		}
	}
}
