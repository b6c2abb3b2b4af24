package kms

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/tenonhq/tenon/shared/environ"
)

// Owner is whose keys are made here: what the policies of keys name. Nothing of it
// comes from a request.
type Owner struct {
	Partition string // "aws".
	Account   string // Twelve digits.
	Region    string // "eu-central-1".
}

// deletionWindow is for how many days, at least, a key that is to be deleted can be
// had back: the longest there is.
const deletionWindow = 30

// validationContext is what Secrets Manager puts in place of the secret's ARN
// while it checks that the caller may use the key of a new secret.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
const validationContext = "RequestToValidateKeyAccess"

// segment is the form of names in a policy: none of them can end a string, match
// more than itself, name a policy variable, or reach below another name.
var segment = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_-]+$`) })

type document struct {
	Version   string
	Statement []statement
}

type condition map[string]map[string]any

type statement struct {
	Sid       string
	Effect    string
	Principal map[string]string
	Action    []string
	Resource  string
	Condition condition `json:",omitempty"`
}

// tenantKeyPolicy is the policy of a tenant's key. The key serves the roles of the
// account, as far as IAM lets them, for this tenant and for nobody else: what the
// call names, or the secret Secrets Manager calls for, is the tenant's.
func tenantKeyPolicy(o Owner, stage, tenant string) (string, error) {
	secrets := fmt.Sprintf("arn:%s:secretsmanager:%s:%s:secret:tenon/%s/%s/*", o.Partition, o.Region, o.Account, stage, tenant)
	use := []string{"kms:Decrypt", "kms:GenerateDataKey"}
	return o.policy(stage, tenant,
		o.allow("UseForTenant", use, condition{"StringEquals": {"kms:EncryptionContext:" + tagTenant: tenant}}),
		o.allow("UseForSecretsOfTenant", use, condition{
			"StringEquals": {"kms:ViaService": "secretsmanager." + o.Region + ".amazonaws.com"},
			"StringLike":   {"kms:EncryptionContext:SecretARN": []string{secrets, validationContext}},
		}),
	)
}

// signingKeyPolicy is the policy of a signing key: it signs digests, with the one
// algorithm it is for.
func signingKeyPolicy(o Owner, stage, tenant string, algorithm types.SigningAlgorithmSpec) (string, error) {
	return o.policy(stage, tenant,
		o.allow("Sign", []string{"kms:Sign"}, condition{"StringEquals": {"kms:MessageType": "DIGEST", "kms:SigningAlgorithm": string(algorithm)}}),
		o.allow("ReadPublicKey", []string{"kms:GetPublicKey"}, nil),
	)
}

// policy adds to the uses of a key what holds for all of a tenant's. The account
// administers the key, and may close it, but neither uses nor opens nor deletes it
// without changing this policy first. The role that removes tenants has it deleted,
// with the longest window; the break-glass role too, and it alone undoes that.
// Nobody hands it on by a grant.
func (o Owner) policy(stage, tenant string, uses ...statement) (string, error) {
	for _, name := range []string{o.Partition, o.Account, o.Region, stage, tenant} {
		if !segment().MatchString(name) {
			return "", fmt.Errorf("policy of a key: %q cannot stand in it", name)
		}
	}
	ending, breakGlass := o.roles(environ.EndingPath(stage)), o.roles(environ.BreakGlassPath(stage))
	statements := append([]statement{o.allow("Administer", administration, nil)}, uses...)
	statements = append(statements,
		o.allow("End", []string{"kms:ScheduleKeyDeletion"}, condition{
			"ArnLike":                  {"aws:PrincipalArn": []string{ending, breakGlass}},
			"NumericGreaterThanEquals": {"kms:ScheduleKeyDeletionPendingWindowInDays": deletionWindow},
		}),
		o.allow("Reopen", []string{"kms:CancelKeyDeletion", "kms:EnableKey"}, condition{"ArnLike": {"aws:PrincipalArn": breakGlass}}),
		statement{Sid: "NoGrants", Effect: "Deny", Principal: map[string]string{"AWS": "*"}, Action: []string{"kms:CreateGrant"}, Resource: "*"},
	)
	text, err := json.Marshal(document{Version: "2012-10-17", Statement: statements})
	if err != nil {
		return "", fmt.Errorf("encode policy of a key: %w", err)
	}
	return string(text), nil
}

// administration is what says and does nothing with what a key protects.
var administration = []string{
	"kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey", "kms:DisableKeyRotation", "kms:EnableKeyRotation",
	"kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListKeyRotations", "kms:ListResourceTags",
	"kms:PutKeyPolicy", "kms:RevokeGrant", "kms:RotateKeyOnDemand", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
}

// allow lets the account decide by its IAM policies who does this.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (o Owner) allow(sid string, actions []string, when condition) statement {
	root := fmt.Sprintf("arn:%s:iam::%s:root", o.Partition, o.Account)
	return statement{Sid: sid, Effect: "Allow", Principal: map[string]string{"AWS": root}, Action: actions, Resource: "*", Condition: when}
}

// roles is the pattern of the ARNs of roles under a path.
func (o Owner) roles(path string) string {
	return fmt.Sprintf("arn:%s:iam::%s:role%s*", o.Partition, o.Account, path)
}
