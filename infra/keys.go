package infra

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
)

// The values of Props.TenantKeyMode: which KMS key new tenants get (ADR 0051).
const (
	KeyPerTenant = "per-tenant"
	SharedKey    = "shared"
)

func keyModeProblems(mode string) []error {
	if slices.Contains([]string{"", KeyPerTenant, SharedKey}, mode) {
		return nil
	}
	return []error{fmt.Errorf("tenantKeyMode %q: use %q or %q", mode, KeyPerTenant, SharedKey)}
}

// administration is what the account does with a key of the stage; none of it
// uses the key. CloudFormation needs it too.
var administration = []string{
	"kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey", "kms:DisableKeyRotation", "kms:EnableKey", "kms:EnableKeyRotation",
	"kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListKeyRotations", "kms:ListResourceTags",
	"kms:PutKeyPolicy", "kms:RevokeGrant", "kms:RotateKeyOnDemand", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
}

// ofAccount leaves it to the account's IAM policies who does something with a key.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func ofAccount(sid string, actions []string, when condition) map[string]any {
	s := allow(actions, []string{"*"}, when)
	s["Sid"] = sid
	s["Principal"] = map[string]any{"AWS": "arn:" + *awscdk.Aws_PARTITION() + ":iam::" + *awscdk.Aws_ACCOUNT_ID() + ":root"}
	return s
}

// accountAdministers is the statement that keeps a key from locking its owner out.
// A key that outlives its stack is deleted by nobody before its policy is changed.
func (d *data) accountAdministers() map[string]any {
	actions := administration
	if d.removal == awscdk.RemovalPolicy_DESTROY {
		actions = append(slices.Clone(actions), "kms:CancelKeyDeletion", "kms:ScheduleKeyDeletion")
	}
	return ofAccount("Administer", actions, nil)
}

// tableUses lets the table's key be used through DynamoDB only, which also keeps
// grants on it to reach the table on its own.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
func tableUses() map[string]any {
	return ofAccount("UseThroughDynamoDB", []string{
		"kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo",
	}, condition{"StringEquals": {"kms:ViaService": service("dynamodb"), "kms:CallerAccount": *awscdk.Aws_ACCOUNT_ID()}})
}

// cursorUses lets the cursor key be used by roles with the tags of the stage's,
// which all of them have, see deployment.tag.
func cursorUses(p Props) map[string]any {
	return ofAccount("UseByStage", []string{"kms:GenerateMac", "kms:VerifyMac"}, condition{"StringEquals": {
		"aws:PrincipalTag/" + applicationTag: "tenon",
		"aws:PrincipalTag/" + billedTag:      p.Stage,
		"kms:MacAlgorithm":                   "HMAC_SHA_256",
	}})
}

// addTenantKey declares the key that tenants share, where they do. It carries the
// tag of the stage, which the functions' permissions ask for, and none of a tenant:
// who ends tenants' keys cannot end this one. It stays when the mode changes, as
// the tenants it was given to keep it.
func (d *data) addTenantKey(p Props) {
	if p.TenantKeyMode != SharedKey {
		return
	}
	use := []string{"kms:Decrypt", "kms:GenerateDataKey"}
	noGrants := deny([]string{"kms:CreateGrant"}, []string{"*"})
	noGrants["Sid"], noGrants["Principal"] = "NoGrants", map[string]any{"AWS": "*"}
	d.tenantKey = awskms.NewCfnKey(d.stack, jsii.String("TenantKey"), &awskms.CfnKeyProps{
		Description: jsii.String("Tenon " + p.Stage + ": credentials of the tenants that share a key."),
		KeyPolicy: policy(
			ofAccount("Administer", administration, nil),
			ofAccount("UseForTenants", use, condition{"Null": {"kms:EncryptionContext:" + tenantContext: "false"}}),
			ofAccount("UseForSecrets", use, condition{
				"StringEquals": {"kms:ViaService": service("secretsmanager")},
				"StringLike":   {"kms:EncryptionContext:SecretARN": append(secrets(p, allTenants), validationContext)},
			}),
			noGrants,
		),
		EnableKeyRotation: true,
		Tags:              &[]*awscdk.CfnTag{{Key: jsii.String(stageTag), Value: &p.Stage}},
	})
	d.tenantKey.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN, nil)
	output(d.stack, "TenantKeyArn", "KMS key that the tenants of this stage share.", *d.tenantKey.AttrArn())
}

// sharedTenantKey is what a function that onboards tenants is told of the key they
// share; empty where each gets its own.
func (d *data) sharedTenantKey(r *routes.Route) string {
	if d.tenantKey == nil || !slices.Contains(r.Grants, routes.TenantKeyNew) {
		return ""
	}
	return *d.tenantKey.AttrArn()
}

// endingPath is where the role of a function stands that ends keys, so that the
// policies of keys can name it; nil for any other.
func endingPath(r *routes.Route, p Props) *string {
	if !slices.Contains(r.Grants, routes.TenantKeyEnd) {
		return nil
	}
	return jsii.String(environ.EndingPath(p.Stage))
}
