package cloud

import (
	"encoding/json"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// defaultPolicy leaves the key to the policies of its account.
func (k *keyStore) defaultPolicy() map[string]any {
	return map[string]any{"Version": "2012-10-17", "Id": "key-default-1", "Statement": []any{map[string]any{
		"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Action": "kms:*", "Resource": "*",
		"Principal": map[string]any{"AWS": "arn:aws:iam::" + k.cloud.Account + ":root"},
	}}}
}

func parsePolicy(text string) (iam.Document, error) {
	if text == "" {
		return iam.Document{}, nil
	}
	var document any
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		return iam.Document{}, malformed("The policy is not a JSON document.")
	}
	parsed, err := iam.Parse(document)
	if err != nil {
		return iam.Document{}, malformed("The policy is not one that is understood here: %v", err)
	}
	return parsed, nil
}

func malformed(format string, arguments ...any) *Error {
	return errorf("MalformedPolicyDocumentException", format, arguments...)
}

// checkPolicy refuses a policy that keeps its author from changing it again,
// unless the author wants that. What the author's own policies allow is not
// looked at: a policy that leaves the key to the account is safe.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html#KMS-CreateKey-request-BypassPolicyLockoutSafetyCheck
func (k *keyStore) checkPolicy(in *keyRequest) error {
	if in.Policy == "" {
		return nil
	}
	parsed, err := parsePolicy(in.Policy)
	if err != nil || in.BypassPolicyLockoutSafetyCheck {
		return err
	}
	who := in.who
	decision := iam.Evaluate(iam.Policies{Identity: []iam.Document{allows("kms:PutKeyPolicy")}, Resource: &parsed, Key: true}, iam.Request{
		Principal: iam.Principal{ARN: who.principal(), Session: who.arn, Account: accountOf(who.arn), Tags: who.tags},
		Action:    "kms:PutKeyPolicy", Resource: k.cloud.arn("kms", "key/"+newUUID()), Context: conditions{"kms:CallerAccount": {k.cloud.Account}},
	})
	if !decision.Allowed {
		return malformed("The new key policy will not allow you to update the key policy in the future.")
	}
	return nil
}

func (k *keyStore) putPolicy(target *key, in *keyRequest) (object, error) {
	if in.Policy == "" {
		return nil, malformed("The policy is empty.")
	}
	if err := k.checkPolicy(in); err != nil {
		return nil, err
	}
	target.Policy, target.parsed = in.Policy, nil
	return object{}, nil
}

func (k *keyStore) getPolicy(target *key, _ *keyRequest) (object, error) {
	policy := target.Policy
	if policy == "" {
		encoded, err := json.Marshal(k.defaultPolicy())
		if err != nil {
			return nil, err
		}
		policy = string(encoded)
	}
	return object{"Policy": policy, "PolicyName": "default"}, nil
}
