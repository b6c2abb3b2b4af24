package cloud

// onlyPolicy is the name of the one policy that a key has.
const onlyPolicy = "default"

// keyPolicy answers the policy a key was made with, or the one KMS gives a key
// that was made without: the account's IAM policies decide.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func keyPolicy(k *key, in *keyRequest) (object, error) {
	if in.PolicyName != "" && in.PolicyName != onlyPolicy {
		return nil, errorf("NotFoundException", "No such policy exists")
	}
	policy := k.Policy
	if policy == "" {
		account := k.metadata()["AWSAccountId"].(string)
		policy = `{"Version":"2012-10-17","Id":"key-default-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow",` +
			`"Principal":{"AWS":"arn:aws:iam::` + account + `:root"},"Action":"kms:*","Resource":"*"}]}`
	}
	return object{"Policy": policy, "PolicyName": onlyPolicy}, nil
}
