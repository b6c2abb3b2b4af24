package cloud

import (
	"maps"
	"slices"
	"strings"
)

func disableKey(k *key, _ *keyRequest) (object, error) {
	if k.State == pendingDeletion {
		return nil, errorf("KMSInvalidStateException", "%s is pending deletion.", k.ARN)
	}
	k.State = disabled
	return object{}, nil
}

func enableKey(k *key, _ *keyRequest) (object, error) {
	if k.State == pendingDeletion {
		return nil, errorf("KMSInvalidStateException", "%s is pending deletion.", k.ARN)
	}
	k.State = enabled
	return object{}, nil
}

func (k *keyStore) scheduleDeletion(target *key, in *keyRequest) (object, error) {
	days := in.PendingWindowInDays
	if days == 0 {
		days = 30
	}
	if days < 7 || days > 30 {
		return nil, invalid("PendingWindowInDays must be between 7 and 30 days")
	}
	if target.State == pendingDeletion {
		return nil, errorf("KMSInvalidStateException", "%s is pending deletion.", target.ARN)
	}
	target.State = pendingDeletion
	target.Deletion = k.cloud.Now().AddDate(0, 0, days)
	return object{
		"KeyId":               target.ARN,
		"DeletionDate":        target.Deletion.Unix(),
		"KeyState":            target.State,
		"PendingWindowInDays": days,
	}, nil
}

func cancelDeletion(k *key, _ *keyRequest) (object, error) {
	if k.State != pendingDeletion {
		return nil, errorf("KMSInvalidStateException", "%s is not pending deletion.", k.ARN)
	}
	k.State = disabled
	return object{"KeyId": k.ARN}, nil
}

func enableRotation(k *key, _ *keyRequest) (object, error) {
	if k.Spec != "SYMMETRIC_DEFAULT" {
		return nil, errorf("UnsupportedOperationException", "%s is not a symmetric encryption key.", k.ARN)
	}
	k.Rotation = true
	return object{}, nil
}

func disableRotation(k *key, _ *keyRequest) (object, error) {
	k.Rotation = false
	return object{}, nil
}

func rotationStatus(k *key, _ *keyRequest) (object, error) {
	return object{"KeyId": k.ARN, "KeyRotationEnabled": k.Rotation}, nil
}

// rotateNow adds a generation; older ciphertexts stay readable.
func rotateNow(k *key, _ *keyRequest) (object, error) {
	if k.Spec != "SYMMETRIC_DEFAULT" {
		return nil, errorf("UnsupportedOperationException", "%s is not a symmetric encryption key.", k.ARN)
	}
	if len(k.Material) > maxGeneration {
		return nil, errorf("LimitExceededException", "%s has been rotated too often.", k.ARN)
	}
	k.Material = append(k.Material, randomBytes(32))
	return object{"KeyId": k.ARN}, nil
}

func checkAlias(name string) error {
	if strings.HasPrefix(name, "alias/aws/") {
		return errorf("NotAuthorizedException", "Aliases that begin with alias/aws/ are reserved.")
	}
	if !aliasName.MatchString(name) {
		return errorf("InvalidAliasNameException", "Alias must start with the prefix \"alias/\" and consist of up to 250 more alphanumeric characters, '/', '_' and '-'.")
	}
	return nil
}

func (k *keyStore) createAlias(in *keyRequest) (object, error) {
	if err := checkAlias(in.AliasName); err != nil {
		return nil, err
	}
	if k.aliases[in.AliasName] != "" {
		return nil, errorf("AlreadyExistsException", "An alias with the name %s already exists", k.cloud.arn("kms", in.AliasName))
	}
	target, err := k.find(in.TargetKeyId)
	if err != nil {
		return nil, err
	}
	k.aliases[in.AliasName] = target.ID
	return object{}, nil
}

func (k *keyStore) updateAlias(in *keyRequest) (object, error) {
	if err := k.knownAlias(in.AliasName); err != nil {
		return nil, err
	}
	target, err := k.find(in.TargetKeyId)
	if err != nil {
		return nil, err
	}
	k.aliases[in.AliasName] = target.ID
	return object{}, nil
}

func (k *keyStore) deleteAlias(in *keyRequest) (object, error) {
	if err := k.knownAlias(in.AliasName); err != nil {
		return nil, err
	}
	delete(k.aliases, in.AliasName)
	return object{}, nil
}

func (k *keyStore) knownAlias(name string) error {
	if k.aliases[name] == "" {
		return errorf("NotFoundException", "Alias %s is not found.", k.cloud.arn("kms", name))
	}
	return nil
}

func (k *keyStore) listAliases(in *keyRequest) (object, error) {
	list := []object{}
	for _, name := range slices.Sorted(maps.Keys(k.aliases)) {
		if in.KeyId != "" && !strings.HasSuffix(in.KeyId, k.aliases[name]) {
			continue
		}
		list = append(list, object{
			"AliasName":   name,
			"AliasArn":    k.cloud.arn("kms", name),
			"TargetKeyId": k.aliases[name],
		})
	}
	return object{"Aliases": list}, nil
}

// createGrant stores a grant. Grants are listed and revoked, but allow nobody
// anything.
func createGrant(k *key, in *keyRequest) (object, error) {
	grant := keyGrant{
		GrantId:          newUUID(),
		KeyId:            k.ARN,
		GranteePrincipal: in.GranteePrincipal,
		Operations:       in.Operations,
		Constraints:      in.Constraints,
	}
	k.Grants = append(k.Grants, grant)
	return object{"GrantId": grant.GrantId, "GrantToken": newUUID()}, nil
}

func listGrants(k *key, _ *keyRequest) (object, error) {
	return object{"Grants": slices.Clone(k.Grants)}, nil
}

func revokeGrant(k *key, in *keyRequest) (object, error) {
	before := len(k.Grants)
	k.Grants = slices.DeleteFunc(k.Grants, func(g keyGrant) bool { return g.GrantId == in.GrantId })
	if len(k.Grants) == before {
		return nil, errorf("NotFoundException", "Grant %s does not exist", in.GrantId)
	}
	return object{}, nil
}
