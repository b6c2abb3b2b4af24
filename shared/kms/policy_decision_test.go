package kms_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/tenonhq/tenon/infra/local/iam"
	"github.com/tenonhq/tenon/shared/kms"
)

// Whoever asks may do everything by IAM: what is refused, the key refuses.
const everything = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}}`

func document(t *testing.T, text string) iam.Document {
	t.Helper()
	var decoded any
	if err := json.Unmarshal([]byte(text), &decoded); err != nil {
		t.Fatal(err)
	}
	d, err := iam.Parse(decoded)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// decider decides by the policy of a key that exists.
func decider(t *testing.T, client *sdk.Client, arn string) func(role, action string, context map[string][]string) bool {
	t.Helper()
	read, err := client.GetKeyPolicy(t.Context(), &sdk.GetKeyPolicyInput{KeyId: aws.String(arn)})
	if err != nil {
		t.Fatal(err)
	}
	ofKey, identity := document(t, aws.ToString(read.Policy)), document(t, everything)
	return func(role, action string, context map[string][]string) bool {
		who := iam.Principal{ARN: "arn:aws:iam::123456789012:" + role, Account: "123456789012"}
		return iam.Evaluate(iam.Policies{Identity: []iam.Document{identity}, Resource: &ofKey, Key: true},
			iam.Request{Principal: who, Action: "kms:" + action, Resource: arn, Context: context}).Allowed
	}
}

type decision struct {
	name, role, action string
	context            map[string][]string
	want               bool
}

const (
	admin, root = "role/admin", "root"
	ending      = "role/tenon-ending/dev/queue-tenancy"
	breakGlass  = "role/tenon-break-glass/dev/emergency"
)

func days(n string) map[string][]string {
	return map[string][]string{"kms:ScheduleKeyDeletionPendingWindowInDays": {n}}
}

// ends are decisions about the end of every key of a tenant.
func ends() []decision {
	return []decision{
		{"an administrator deletes", admin, "ScheduleKeyDeletion", days("30"), false},
		{"the root deletes", root, "ScheduleKeyDeletion", days("30"), false},
		{"a removal deletes", ending, "ScheduleKeyDeletion", days("30"), true},
		{"a removal deletes soon", ending, "ScheduleKeyDeletion", days("7"), false},
		{"a removal of another stage", "role/tenon-ending/dev-2/x", "ScheduleKeyDeletion", days("30"), false},
		{"a role that tenants trust", "role/tenon/dev/tenon-ending/dev/x", "ScheduleKeyDeletion", days("30"), false},
		{"an emergency deletes", breakGlass, "ScheduleKeyDeletion", days("30"), true},
		{"an administrator closes", admin, "DisableKey", nil, true},
		{"an administrator opens", admin, "EnableKey", nil, false},
		{"a removal opens", ending, "EnableKey", nil, false},
		{"a removal cancels", ending, "CancelKeyDeletion", nil, false},
		{"an emergency opens", breakGlass, "EnableKey", nil, true},
		{"an emergency cancels", breakGlass, "CancelKeyDeletion", nil, true},
		{"the root changes the policy", root, "PutKeyPolicy", nil, true},
		{"an administrator changes the policy", admin, "PutKeyPolicy", nil, true},
		{"an administrator hands it on", admin, "CreateGrant", nil, false},
		{"the root hands it on", root, "CreateGrant", nil, false},
	}
}

func decide(t *testing.T, allowed func(role, action string, context map[string][]string) bool, decisions []decision) {
	t.Helper()
	for _, d := range decisions {
		if got := allowed(d.role, d.action, d.context); got != d.want {
			t.Errorf("%s: %s is %t, want %t", d.name, d.action, got, d.want)
		}
	}
}

func TestCDK03TenantKeyDecides(t *testing.T) {
	t.Parallel()
	_, client := local()
	arn, err := kms.Keys{Client: client, Stage: "dev", Owner: owner}.CreateTenantKey(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	of := func(tenant string) map[string][]string {
		return map[string][]string{"kms:EncryptionContext:tenon:tenant": {tenant}, "kms:EncryptionContextKeys": {"tenon:tenant", "tenon:purpose"}}
	}
	via := func(service, secret string) map[string][]string {
		return map[string][]string{"kms:ViaService": {service + ".eu-west-1.amazonaws.com"}, "kms:EncryptionContext:SecretARN": {secret}}
	}
	const secrets = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:tenon/"
	decide(t, decider(t, client, arn), append(ends(),
		decision{"without a context", admin, "Decrypt", nil, false},
		decision{"the root, without a context", root, "Decrypt", nil, false},
		decision{"for the tenant", admin, "Decrypt", of("acme"), true},
		decision{"for the tenant", admin, "GenerateDataKey", of("acme"), true},
		decision{"for the tenant, otherwise", admin, "Encrypt", of("acme"), false},
		decision{"for the tenant, to elsewhere", admin, "ReEncryptFrom", of("acme"), false},
		decision{"for another", admin, "Decrypt", of("globex"), false},
		decision{"for a longer name", admin, "Decrypt", of("acme2"), false},
		decision{"for its secret", admin, "Decrypt", via("secretsmanager", secrets+"dev/acme/con_1/x-AbCdEf"), true},
		decision{"for a new secret", admin, "GenerateDataKey", via("secretsmanager", "RequestToValidateKeyAccess"), true},
		decision{"for another's secret", admin, "Decrypt", via("secretsmanager", secrets+"dev/globex/con_1/x-AbCdEf"), false},
		decision{"for the secret of a longer name", admin, "Decrypt", via("secretsmanager", secrets+"dev/acme2/con_1/x-AbCdEf"), false},
		decision{"for a secret of another stage", admin, "Decrypt", via("secretsmanager", secrets+"prod/acme/con_1/x-AbCdEf"), false},
		decision{"for a parameter that says it is a secret", admin, "Decrypt", via("ssm", secrets+"dev/acme/con_1/x-AbCdEf"), false},
	))
}

func TestCDK03SigningKeyDecides(t *testing.T) {
	t.Parallel()
	_, client := local()
	arn, _, err := kms.Signer{Client: client, Stage: "dev", Owner: owner}.CreateSigningKey(t.Context(), "acme", "sgk_1", "ES256", 0)
	if err != nil {
		t.Fatal(err)
	}
	message := func(kind, algorithm string) map[string][]string {
		return map[string][]string{"kms:MessageType": {kind}, "kms:SigningAlgorithm": {algorithm}}
	}
	decide(t, decider(t, client, arn), append(ends(),
		decision{"a digest", admin, "Sign", message("DIGEST", "ECDSA_SHA_256"), true},
		decision{"a message", admin, "Sign", message("RAW", "ECDSA_SHA_256"), false},
		decision{"another algorithm", admin, "Sign", message("DIGEST", "RSASSA_PSS_SHA_256"), false},
		decision{"the public half", admin, "GetPublicKey", nil, true},
		decision{"a secret of two keys", admin, "DeriveSharedSecret", nil, false},
	))
}
