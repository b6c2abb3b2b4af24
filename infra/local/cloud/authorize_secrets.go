package cloud

import "strconv"

// validation is what Secrets Manager puts in place of the ARN while it checks
// that the caller may use the key of a new secret.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
const validation = "RequestToValidateKeyAccess"

// needPermissions registers the permissions of AWS Secrets Manager.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
func (s *secretStore) needPermissions() {
	for _, name := range []string{"DescribeSecret", "ListSecretVersionIds", "UpdateSecretVersionStage", "RestoreSecret"} {
		s.need(name, func(in *secretRequest) ([]access, error) { return s.named(name, in, nil) })
	}
	s.need("GetSecretValue", func(in *secretRequest) ([]access, error) {
		return s.named("GetSecretValue", in, given("secretsmanager:VersionStage", in.VersionStage), "kms:Decrypt")
	})
	s.need("PutSecretValue", func(in *secretRequest) ([]access, error) {
		return s.named("PutSecretValue", in, nil, "kms:GenerateDataKey", "kms:Decrypt")
	})
	s.need("DeleteSecret", func(in *secretRequest) ([]access, error) {
		return s.named("DeleteSecret", in, given("secretsmanager:ForceDeleteWithoutRecovery", strconv.FormatBool(in.ForceDeleteWithoutRecovery)))
	})
	s.need("TagResource", func(in *secretRequest) ([]access, error) {
		return s.named("TagResource", in, requestTags(tagsOf(in.Tags)))
	})
	s.need("UntagResource", func(in *secretRequest) ([]access, error) {
		return s.named("UntagResource", in, conditions{"aws:TagKeys": in.TagKeys})
	})
	s.need("ListSecrets", func(*secretRequest) ([]access, error) {
		return []access{{action: "secretsmanager:ListSecrets", resource: "*"}}, nil
	})
	s.need("CreateSecret", s.creation)
}

func (s *secretStore) need(operation string, permissions func(*secretRequest) ([]access, error)) {
	need(s.cloud, secretsAPI.name+"."+operation, func(in *secretRequest) ([]access, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return permissions(in)
	})
}

// named is an action on the secret that a request names, and what the service
// does with the secret's key. A secret that is not there is asked about by the
// name that was given.
func (s *secretStore) named(operation string, in *secretRequest, context conditions, use ...string) ([]access, error) {
	a := access{action: "secretsmanager:" + operation, resource: s.cloud.arn("secretsmanager", "secret:"+lastElement(in.SecretId, ":secret:"))}
	found, err := s.find(in.SecretId)
	if err != nil {
		a.context = context
		return []access{a}, nil
	}
	a.resource = found.ARN
	a.context = with(resourceTags(tagsOf(found.Tags)), context, given("secretsmanager:SecretId", in.SecretId))
	return append([]access{a}, s.keyUse(found.KMSKeyID, found.ARN, use...)...), nil
}

// creation is what a new secret needs. Its ARN is not known yet: the service
// asks about its name with a suffix of its own.
func (s *secretStore) creation(in *secretRequest) ([]access, error) {
	arn := s.cloud.arn("secretsmanager", "secret:"+in.Name+"-"+randomSuffix())
	tags := requestTags(tagsOf(in.Tags))
	out := []access{{action: "secretsmanager:CreateSecret", resource: arn, context: with(tags, given("secretsmanager:Name", in.Name))}}
	if len(in.Tags) > 0 {
		out = append(out, access{action: "secretsmanager:TagResource", resource: arn, context: tags})
	}
	use := []string{"kms:GenerateDataKey", "kms:Decrypt"}
	return append(append(out, s.keyUse(in.KmsKeyId, validation, use...)...), s.keyUse(in.KmsKeyId, arn, use...)...), nil
}

// keyUse is what the service does with a key of ours; with its own it needs
// nobody's permission.
func (s *secretStore) keyUse(id, secretARN string, actions ...string) []access {
	if id == "" || id == "alias/aws/secretsmanager" || len(actions) == 0 {
		return nil
	}
	return s.cloud.keys.behind("secretsmanager", id, map[string]string{"SecretARN": secretARN, "SecretVersionId": validation}, actions...)
}

func tagsOf(tags []secretTag) map[string]string {
	out := map[string]string{}
	for _, tag := range tags {
		out[tag.Key] = tag.Value
	}
	return out
}
