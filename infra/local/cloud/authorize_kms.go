package cloud

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// needPermissions registers the permissions of AWS KMS. Which condition keys an
// action has:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
func (k *keyStore) needPermissions() {
	for _, name := range []string{
		"DescribeKey", "DisableKey", "EnableKey", "ScheduleKeyDeletion", "CancelKeyDeletion", "EnableKeyRotation", "DisableKeyRotation",
		"GetKeyRotationStatus", "RotateKeyOnDemand", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "Sign", "Verify",
		"GetPublicKey", "GenerateMac", "VerifyMac", "PutKeyPolicy", "GetKeyPolicy",
	} {
		k.need(name, func(in *keyRequest) ([]access, error) { return k.named("kms:"+name, in.KeyId, in) })
	}
	k.need("Decrypt", func(in *keyRequest) ([]access, error) {
		if len(in.CiphertextBlob) < headerLength {
			return nil, errCiphertext
		}
		list, err := k.named("kms:Decrypt", string(in.CiphertextBlob[:keyIDLength]), in)
		if failure, ok := errors.AsType[*Error](err); ok && failure.Code == "NotFoundException" {
			return nil, errCiphertext
		}
		return list, err
	})
	// An alias is made with permissions for it and for its key.
	// https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html
	k.need("CreateAlias", func(in *keyRequest) ([]access, error) {
		list, err := k.named("kms:CreateAlias", in.TargetKeyId, &keyRequest{})
		return append([]access{{action: "kms:CreateAlias", resource: k.cloud.arn("kms", in.AliasName)}}, list...), err
	})
	k.need("CreateKey", k.creation)
}

func (k *keyStore) need(operation string, permissions func(*keyRequest) ([]access, error)) {
	need(k.cloud, kmsAPI.name+"."+operation, func(in *keyRequest) ([]access, error) {
		k.mu.Lock()
		defer k.mu.Unlock()
		return permissions(in)
	})
}

// named is an action on the key that a request names. An alias without a key is
// asked about as itself, before the caller learns that it leads nowhere.
func (k *keyStore) named(action, id string, in *keyRequest) ([]access, error) {
	if i := strings.Index(id, "alias/"); i >= 0 && k.aliases[id[i:]] == "" {
		return []access{{action: action, resource: k.cloud.arn("kms", id[i:])}}, nil
	}
	found, err := k.find(id)
	if err != nil {
		return nil, err
	}
	context := with(encryptionContext(in.EncryptionContext),
		given("kms:SigningAlgorithm", in.SigningAlgorithm), given("kms:MessageType", in.MessageType), given("kms:MacAlgorithm", in.MacAlgorithm))
	if in.SigningAlgorithm != "" && in.MessageType == "" {
		context["kms:MessageType"] = []string{"RAW"}
	}
	if in.PendingWindowInDays != 0 {
		context["kms:ScheduleKeyDeletionPendingWindowInDays"] = []string{strconv.Itoa(in.PendingWindowInDays)}
	}
	if i := strings.Index(id, "alias/"); i >= 0 {
		context["kms:RequestAlias"] = []string{id[i:]}
	}
	if action == "kms:PutKeyPolicy" {
		context["kms:BypassPolicyLockoutSafetyCheck"] = []string{strconv.FormatBool(in.BypassPolicyLockoutSafetyCheck)}
	}
	return []access{k.on(found, action, context)}, nil
}

// on is an action on a key, whose policy must allow it.
func (k *keyStore) on(found *key, action string, context conditions) access {
	tags := map[string]string{}
	for _, tag := range found.Tags {
		tags[tag.TagKey] = tag.TagValue
	}
	var aliases []string
	for name, target := range k.aliases {
		if target == found.ID {
			aliases = append(aliases, name)
		}
	}
	context = with(resourceTags(tags), context, conditions{
		"kms:CallerAccount": {k.cloud.Account}, "kms:KeySpec": {found.Spec}, "kms:KeyUsage": {found.Usage},
		"kms:KeyOrigin": {"AWS_KMS"}, "kms:MultiRegion": {strconv.FormatBool(found.MultiRegion)},
	})
	if aliases != nil {
		slices.Sort(aliases)
		context["kms:ResourceAliases"] = aliases
	}
	policy := k.policyOf(found)
	return access{action: action, resource: found.ARN, context: context, policy: &policy, guarded: true}
}

// encryptionContext are its condition keys.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
func encryptionContext(pairs map[string]string) conditions {
	out := conditions{}
	for name, value := range pairs {
		out["kms:EncryptionContext:"+name] = []string{value}
		out["kms:EncryptionContextKeys"] = append(out["kms:EncryptionContextKeys"], name)
	}
	slices.Sort(out["kms:EncryptionContextKeys"])
	return out
}

// behind are actions on a key by a service that uses it with the permissions of
// the service's caller. A key that is not there is the service's trouble.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func (k *keyStore) behind(service, id string, pairs map[string]string, actions ...string) []access {
	k.mu.Lock()
	defer k.mu.Unlock()
	found, err := k.find(id)
	if err != nil {
		return nil
	}
	via := conditions{"kms:ViaService": {service + "." + k.cloud.Region + ".amazonaws.com"}}
	var out []access
	for _, action := range actions {
		a := k.on(found, action, with(encryptionContext(pairs), via))
		a.behind = true
		out = append(out, a)
	}
	return out
}

// creation is what a new key needs. Its tags are a permission of their own, on a
// key that has no policy yet.
func (k *keyStore) creation(in *keyRequest) ([]access, error) {
	tags := map[string]string{}
	for _, tag := range in.Tags {
		tags[tag.TagKey] = tag.TagValue
	}
	spec, usage := in.KeySpec, in.KeyUsage
	if spec == "" {
		spec = "SYMMETRIC_DEFAULT"
	}
	if usage == "" {
		usage = encryptUsage
	}
	context := with(requestTags(tags), conditions{
		"kms:CallerAccount": {k.cloud.Account}, "kms:KeySpec": {spec}, "kms:KeyUsage": {usage}, "kms:KeyOrigin": {"AWS_KMS"},
		"kms:MultiRegion": {strconv.FormatBool(in.MultiRegion)}, "kms:BypassPolicyLockoutSafetyCheck": {strconv.FormatBool(in.BypassPolicyLockoutSafetyCheck)},
	})
	out := []access{{action: "kms:CreateKey", resource: "*", context: context}}
	if len(tags) > 0 {
		out = append(out, access{action: "kms:TagResource", resource: k.cloud.arn("kms", "key/"+newUUID()), context: with(requestTags(tags), given("kms:CallerAccount", k.cloud.Account))})
	}
	return out, nil
}

// policyOf is the key's policy: that of its creation, or the one that KMS gives,
// which leaves everything to the policies of the account.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func (k *keyStore) policyOf(found *key) iam.Document {
	if found.parsed == nil {
		parsed, err := parsePolicy(found.Policy)
		if err != nil || found.Policy == "" {
			parsed, _ = iam.Parse(k.defaultPolicy())
		}
		parsed.Name = "key policy"
		found.parsed = &parsed
	}
	return *found.parsed
}
