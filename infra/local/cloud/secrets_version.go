package cloud

import (
	"bytes"
	"slices"
	"time"
)

// The staging labels the service moves by itself.
const (
	currentStage  = "AWSCURRENT"
	previousStage = "AWSPREVIOUS"
)

// maxSecret is the largest secret value, in bytes.
const maxSecret = 65536

type secretVersion struct {
	ID      string
	Created time.Time
	Stages  []string
	String  *string
	Binary  []byte
}

func (v *secretVersion) has(stage string) bool {
	return slices.Contains(v.Stages, stage)
}

func (v *secretVersion) drop(stage string) {
	v.Stages = slices.DeleteFunc(slices.Clone(v.Stages), func(s string) bool { return s == stage })
}

// holds reports whether the version has the value of the request.
func (v *secretVersion) holds(in *secretRequest) bool {
	if (v.String == nil) != (in.SecretString == nil) || !bytes.Equal(v.Binary, in.SecretBinary) {
		return false
	}
	return v.String == nil || *v.String == *in.SecretString
}

// version finds a version by ID, or returns nil.
func (x *secret) version(id string) *secretVersion {
	for _, v := range x.Versions {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// staged finds the version with a staging label, or returns nil.
func (x *secret) staged(stage string) *secretVersion {
	for _, v := range x.Versions {
		if v.has(stage) {
			return v
		}
	}
	return nil
}

// move attaches a staging label to a version and drops it elsewhere. The
// version that loses AWSCURRENT gets AWSPREVIOUS.
func (x *secret) move(stage string, to *secretVersion) {
	if from := x.staged(stage); from != nil && from != to {
		from.drop(stage)
		if stage == currentStage {
			x.move(previousStage, from)
		}
	}
	if !to.has(stage) {
		to.Stages = append(slices.Clone(to.Stages), stage)
	}
	if stage == currentStage {
		to.drop(previousStage)
	}
}

// stages lists the labels of every labelled version.
func (x *secret) stages() map[string][]string {
	stages := map[string][]string{}
	for _, v := range x.Versions {
		if len(v.Stages) > 0 {
			stages[v.ID] = v.Stages
		}
	}
	return stages
}

// add stores a new version. Repeating a request token with the same value is
// no change; with another value it is an error.
func (s *secretStore) add(x *secret, in *secretRequest) (*secretVersion, error) {
	if err := checkValue(in); err != nil {
		return nil, err
	}
	if err := s.checkKey(x.KMSKeyID, "EncryptionFailure"); err != nil {
		return nil, err
	}
	id := in.ClientRequestToken
	if id == "" {
		id = newUUID()
	}
	if v := x.version(id); v != nil {
		if !v.holds(in) {
			return nil, errorf("ResourceExistsException", "You can't use ClientRequestToken %s because that value is already in use for a version of secret %s.", id, x.ARN)
		}
		return v, nil
	}
	v := &secretVersion{ID: id, Created: s.cloud.Now(), String: in.SecretString, Binary: in.SecretBinary}
	x.Versions = append(x.Versions, v)
	stages := in.VersionStages
	if len(stages) == 0 {
		stages = []string{currentStage}
	}
	for _, stage := range stages {
		x.move(stage, v)
	}
	x.Changed = s.cloud.Now()
	return v, nil
}

func checkValue(in *secretRequest) error {
	switch {
	case in.SecretString != nil && in.SecretBinary != nil:
		return errorf("InvalidParameterException", "You can't specify both SecretString and SecretBinary.")
	case in.SecretString == nil && in.SecretBinary == nil:
		return errorf("InvalidParameterException", "You must provide either SecretString or SecretBinary.")
	case in.SecretString != nil && len(*in.SecretString) > maxSecret, len(in.SecretBinary) > maxSecret:
		return errorf("InvalidParameterException", "The secret value must have a length of at most %d.", maxSecret)
	}
	if n := len(in.ClientRequestToken); n != 0 && (n < 32 || n > 64) {
		return errorf("InvalidParameterException", "ClientRequestToken must be 32 to 64 characters long.")
	}
	return nil
}

// checkKey reports a customer-managed key that cannot be used now, with the
// error code of the direction.
func (s *secretStore) checkKey(id, code string) error {
	if id == "" || id == "alias/aws/secretsmanager" {
		return nil
	}
	keys := s.cloud.keys
	keys.mu.Lock()
	defer keys.mu.Unlock()
	if _, err := keys.usable(id, encryptUsage); err != nil {
		return errorf(code, "Secrets Manager can't use the KMS key of the secret: %s.", asError(err).Code)
	}
	return nil
}

func (s *secretStore) moveStage(x *secret, in *secretRequest) (object, error) {
	if in.VersionStage == "" {
		return nil, errorf("InvalidParameterException", "VersionStage can't be empty.")
	}
	holder := x.staged(in.VersionStage)
	if holder != nil && in.MoveToVersionId != holder.ID && in.RemoveFromVersionId != holder.ID {
		return nil, errorf("InvalidParameterException", "The parameter RemoveFromVersionId can't be empty. Staging label %s is currently attached to version %s, so you must explicitly reference that version in RemoveFromVersionId.", in.VersionStage, holder.ID)
	}
	answer := object{"ARN": x.ARN, "Name": x.Name}
	if in.MoveToVersionId == "" {
		if in.VersionStage == currentStage {
			return nil, errorf("InvalidParameterException", "You can't remove the staging label %s without moving it to another version.", currentStage)
		}
		if holder != nil {
			holder.drop(in.VersionStage)
		}
		return answer, nil
	}
	target := x.version(in.MoveToVersionId)
	if target == nil {
		return nil, errorf("ResourceNotFoundException", "Secrets Manager can't find the specified secret version: %s.", in.MoveToVersionId)
	}
	x.move(in.VersionStage, target)
	return answer, nil
}

func (s *secretStore) listVersions(x *secret, in *secretRequest) (object, error) {
	list := []object{}
	for _, v := range x.Versions {
		if len(v.Stages) > 0 || in.IncludeDeprecated {
			list = append(list, object{"VersionId": v.ID, "VersionStages": v.Stages, "CreatedDate": v.Created.Unix()})
		}
	}
	return object{"ARN": x.ARN, "Name": x.Name, "Versions": list}, nil
}
