package cloud

// create makes a secret, or confirms that the same request already did.
func (s *secretStore) create(in *secretRequest) (object, error) {
	if !secretName.MatchString(in.Name) {
		return nil, errorf("InvalidParameterException", "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!")
	}
	if existing, err := s.find(in.Name); err == nil {
		return s.recreate(existing, in)
	}
	x := &secret{
		Name:        in.Name,
		ARN:         s.cloud.arn("secretsmanager", "secret:"+in.Name+"-"+randomSuffix()),
		Description: in.Description,
		KMSKeyID:    in.KmsKeyId,
		Created:     s.cloud.Now(),
		Changed:     s.cloud.Now(),
		Tags:        in.Tags,
	}
	answer := object{"ARN": x.ARN, "Name": x.Name}
	if in.SecretString != nil || in.SecretBinary != nil {
		v, err := s.add(x, in)
		if err != nil {
			return nil, err
		}
		answer["VersionId"] = v.ID
	} else if err := s.checkKey(in.KmsKeyId, "EncryptionFailure"); err != nil {
		return nil, err
	}
	s.secrets[in.Name] = x
	return answer, nil
}

func (s *secretStore) recreate(existing *secret, in *secretRequest) (object, error) {
	if existing.Deletion != nil {
		return nil, errorf("InvalidRequestException", "You can't create this secret because a secret with this name is already scheduled for deletion.")
	}
	if v := existing.version(in.ClientRequestToken); v != nil && v.holds(in) {
		return object{"ARN": existing.ARN, "Name": existing.Name, "VersionId": v.ID}, nil
	}
	return nil, errorf("ResourceExistsException", "The operation failed because the secret %s already exists.", in.Name)
}

// randomSuffix returns the six characters at the end of a secret's ARN.
func randomSuffix() string {
	const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	suffix := randomBytes(suffixLength - 1)
	for i, b := range suffix {
		suffix[i] = alphabet[int(b)%len(alphabet)]
	}
	return string(suffix)
}

func (s *secretStore) putValue(x *secret, in *secretRequest) (object, error) {
	v, err := s.add(x, in)
	if err != nil {
		return nil, err
	}
	return object{"ARN": x.ARN, "Name": x.Name, "VersionId": v.ID, "VersionStages": v.Stages}, nil
}

func (s *secretStore) update(x *secret, in *secretRequest) (object, error) {
	if in.KmsKeyId != "" {
		if err := s.checkKey(in.KmsKeyId, "EncryptionFailure"); err != nil {
			return nil, err
		}
		x.KMSKeyID = in.KmsKeyId
	}
	if in.Description != "" {
		x.Description = in.Description
	}
	answer := object{"ARN": x.ARN, "Name": x.Name}
	if in.SecretString != nil || in.SecretBinary != nil {
		v, err := s.add(x, in)
		if err != nil {
			return nil, err
		}
		answer["VersionId"] = v.ID
	}
	return answer, nil
}

// delete removes a secret at once when forced to, which also succeeds for a
// secret that does not exist, or after its recovery window.
func (s *secretStore) delete(in *secretRequest) (object, error) {
	if in.ForceDeleteWithoutRecovery && in.RecoveryWindowInDays != 0 {
		return nil, errorf("InvalidParameterException", "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
	}
	x, err := s.find(in.SecretId)
	if in.ForceDeleteWithoutRecovery {
		if err != nil {
			x = &secret{Name: in.SecretId, ARN: s.cloud.arn("secretsmanager", "secret:"+in.SecretId)}
		}
		delete(s.secrets, x.Name)
		return object{"ARN": x.ARN, "Name": x.Name, "DeletionDate": s.cloud.Now().Unix()}, nil
	}
	if err != nil {
		return nil, err
	}
	days := in.RecoveryWindowInDays
	if days == 0 {
		days = 30
	}
	if days < 7 || days > 30 {
		return nil, errorf("InvalidParameterException", "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
	}
	if x.Deletion != nil {
		return nil, errorf("InvalidRequestException", "You tried to perform the operation on a secret that's currently marked deleted.")
	}
	now := s.cloud.Now()
	deletion := now.AddDate(0, 0, days)
	x.Requested = &now
	x.Deletion = &deletion
	return object{"ARN": x.ARN, "Name": x.Name, "DeletionDate": deletion.Unix()}, nil
}

func restoreSecret(x *secret, _ *secretRequest) (object, error) {
	x.Requested = nil
	x.Deletion = nil
	return object{"ARN": x.ARN, "Name": x.Name}, nil
}
