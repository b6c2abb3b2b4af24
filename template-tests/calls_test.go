package templatetests_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// A call is a request that a function makes as it should.
type call struct {
	action, resource string
	context          conditions
}

type conditions = map[string][]string

// ofTenantOne are the tags of a session that works for the tenant t1.
var ofTenantOne = map[string]string{"tenon:tenant": "t1"}

const (
	localARN   = region + ":" + accountID + ":"
	tenantKey  = "arn:aws:kms:" + localARN + "key/tenant"
	tenantName = "arn:aws:kms:" + localARN + "alias/tenon/dev/t1"
	secret     = "arn:aws:secretsmanager:" + localARN + "secret:tenon/dev/t1/connection-AbCdEf"
	sender     = "arn:aws:ses:" + localARN + "identity/tenon@mail.example"
	stranger   = "210987654321"
	foreign    = "arn:aws:iam::" + stranger + ":role/theirs"
)

// with returns the union of conditions.
func with(all ...conditions) conditions {
	union := conditions{}
	for _, each := range all {
		maps.Copy(union, each)
	}
	return union
}

var (
	taggedKey  = conditions{"aws:ResourceTag/tenon:stage": {"dev"}, "aws:ResourceTag/tenon:tenant": {"t1"}}
	signingKey = with(taggedKey, conditions{"aws:ResourceTag/tenon:signing-key": {"k1"}})
	boundToOne = conditions{"kms:EncryptionContextKeys": {"tenon:tenant"}, "kms:EncryptionContext:tenon:tenant": {"t1"}}
	viaTable   = conditions{"kms:ViaService": {"dynamodb." + region + ".amazonaws.com"}, "kms:CallerAccount": {accountID}}
	ofConn     = conditions{"dynamodb:LeadingKeys": {"t1#connection"}}
	newKeyTags = conditions{"aws:RequestTag/tenon:stage": {"dev"}, "aws:RequestTag/tenon:tenant": {"t1"}, "aws:TagKeys": {"tenon:stage", "tenon:tenant"}}
)

// viaSecret is what Secrets Manager says of a use of a key for a secret.
func viaSecret(arn string) conditions {
	return conditions{
		"kms:ViaService":                      {"secretsmanager." + region + ".amazonaws.com"},
		"kms:EncryptionContext:SecretARN":     {arn},
		"kms:EncryptionContextKeys":           {"SecretARN", "SecretVersionId"},
		"kms:EncryptionContext:SecretVersion": {"v1"},
	}
}

// on makes one call of each action on the same resource.
func on(resource string, context conditions, actions ...string) []call {
	var calls []call
	for _, action := range actions {
		calls = append(calls, call{action, resource, context})
	}
	return calls
}

// calls has a call for everything that any function does.
func (w *world) calls() []call {
	n := w.names
	table := n.arn("Table")
	return slices.Concat(
		on(table, ofConn, "dynamodb:GetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
		on(table+"/index/refresh-due", conditions{"dynamodb:LeadingKeys": {"07"}}, "dynamodb:Query"),
		on(n.arn("TableKey"), viaTable, "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
		on(n.arn("CursorKey"), conditions{"kms:MacAlgorithm": {"HMAC_SHA_256"}}, "kms:GenerateMac", "kms:VerifyMac"),
		w.tenantKeyCalls(),
		on(secret, nil, "secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue",
			"secretsmanager:PutSecretValue", "secretsmanager:TagResource", "secretsmanager:UpdateSecretVersionStage"),
		on(secret, conditions{"aws:TagKeys": {"tenon:orphan-since"}}, "secretsmanager:TagResource", "secretsmanager:UntagResource"),
		on("*", nil, "secretsmanager:ListSecrets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"),
		on(n.arn("Bus"), nil, "events:PutEvents"),
		on(n.arn("QueueRefreshQueue"), nil, "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"),
		on(n.arn("ServerProbeFunction"), nil, "lambda:InvokeFunction"),
		on(strings.TrimSuffix(n.arn("ConnectionLeaseLogs"), "*")+"log-stream:x", nil, "logs:CreateLogStream", "logs:PutLogEvents"),
		on(sender, conditions{"ses:FromAddress": {"tenon@mail.example"}}, "ses:SendEmail"),
		on(foreign, conditions{"sts:ExternalId": {"e1"}}, "sts:AssumeRole"),
	)
}

// tenantKeyCalls are those on the keys of tenants, which are in no template.
func (w *world) tenantKeyCalls() []call {
	spec := func(spec, usage string) conditions {
		return conditions{"kms:KeySpec": {spec}, "kms:KeyUsage": {usage}, "kms:BypassPolicyLockoutSafetyCheck": {"true"}}
	}
	sign := conditions{"kms:MessageType": {"DIGEST"}, "kms:SigningAlgorithm": {"ECDSA_SHA_256"}}
	window := conditions{"kms:ScheduleKeyDeletionPendingWindowInDays": {"30"}}
	return slices.Concat(
		on(tenantKey, with(taggedKey, boundToOne), "kms:Decrypt", "kms:GenerateDataKey"),
		on(tenantKey, with(taggedKey, viaSecret(secret)), "kms:Decrypt", "kms:GenerateDataKey"),
		on(tenantKey, taggedKey, "kms:CreateAlias", "kms:DescribeKey", "kms:DisableKey", "kms:EnableKeyRotation"),
		on(tenantKey, signingKey, "kms:GetPublicKey"),
		on(tenantKey, with(signingKey, sign), "kms:Sign"),
		on(tenantKey, with(taggedKey, window), "kms:ScheduleKeyDeletion"),
		on(tenantKey, newKeyTags, "kms:TagResource"),
		on(tenantName, nil, "kms:CreateAlias", "kms:DescribeKey"),
		on("*", with(newKeyTags, spec("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")), "kms:CreateKey"),
		on("*", with(newKeyTags, spec("ECC_NIST_P256", "SIGN_VERIFY")), "kms:CreateKey"),
	)
}

// replaced is the call with other text in its resource and conditions.
func (c call) replaced(old, new string) call {
	changed := call{c.action, strings.ReplaceAll(c.resource, old, new), conditions{}}
	for key, values := range c.context {
		for _, v := range values {
			changed.context[key] = append(changed.context[key], strings.ReplaceAll(v, old, new))
		}
	}
	return changed
}

// TestCalls: somebody may make each of the calls, so that what is denied of
// their kind is denied for its difference, and they leave no action out.
func TestCalls(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := map[string]bool{}
	for _, c := range w.calls() {
		made[c.action] = true
		if len(w.may(c)) == 0 {
			t.Errorf("nobody may %s on %s when %v", c.action, c.resource, c.context)
		}
	}
	_, api := load(t)
	for id := range api.ofType("AWS::IAM::Role") {
		for p := range permissions(t, api, id) {
			if !made[p.action] {
				t.Errorf("%s may %s, of which there is no call", id, p.action)
			}
		}
	}
}
