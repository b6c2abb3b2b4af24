package cloud

import (
	"maps"
	"slices"
	"strings"
)

// maxBatchSecrets is the length limit of SecretIdList.
const maxBatchSecrets = 20

func (s *secretStore) getValue(in *secretRequest) (object, error) {
	x, err := s.live(in.SecretId)
	if err != nil {
		return nil, err
	}
	v, err := x.selected(in)
	if err != nil {
		return nil, err
	}
	if err := s.checkKey(x.KMSKeyID, "DecryptionFailure"); err != nil {
		return nil, err
	}
	answer := object{
		"ARN":           x.ARN,
		"Name":          x.Name,
		"VersionId":     v.ID,
		"VersionStages": v.Stages,
		"CreatedDate":   v.Created.Unix(),
	}
	if v.String != nil {
		answer["SecretString"] = *v.String
	} else {
		answer["SecretBinary"] = v.Binary
	}
	return answer, nil
}

// selected finds the version a request asks for: by ID, by stage, by both
// when they agree, or the current one.
func (x *secret) selected(in *secretRequest) (*secretVersion, error) {
	stage := in.VersionStage
	var v *secretVersion
	if in.VersionId != "" {
		v = x.version(in.VersionId)
	} else {
		if stage == "" {
			stage = currentStage
		}
		v = x.staged(stage)
	}
	if v == nil {
		return nil, errorf("ResourceNotFoundException", "Secrets Manager can't find the specified secret value for staging label or version: %s%s", stage, in.VersionId)
	}
	if stage != "" && !v.has(stage) {
		return nil, errorf("InvalidRequestException", "You provided a VersionStage that is not associated to the provided VersionId.")
	}
	return v, nil
}

func (s *secretStore) batchGetValue(in *secretRequest) (object, error) {
	ids := in.SecretIdList
	if len(ids) > maxBatchSecrets {
		return nil, errorf("InvalidParameterException", "SecretIdList can have at most %d entries.", maxBatchSecrets)
	}
	if len(ids) == 0 {
		ids = s.matching(in)
	}
	values := []object{}
	failures := []object{}
	for _, id := range ids {
		value, err := s.getValue(&secretRequest{SecretId: id})
		if err != nil {
			failure := asError(err)
			failures = append(failures, object{"SecretId": id, "ErrorCode": failure.Code, "Message": failure.Message})
			continue
		}
		values = append(values, value)
	}
	return object{"SecretValues": values, "Errors": failures}, nil
}

func (s *secretStore) describe(x *secret, _ *secretRequest) (object, error) {
	description := object{
		"ARN":                    x.ARN,
		"Name":                   x.Name,
		"Description":            x.Description,
		"Tags":                   slices.Clone(x.Tags),
		"VersionIdsToStages":     x.stages(),
		"SecretVersionsToStages": x.stages(),
		"CreatedDate":            x.Created.Unix(),
		"LastChangedDate":        x.Changed.Unix(),
	}
	if x.KMSKeyID != "" {
		description["KmsKeyId"] = x.KMSKeyID
	}
	if x.Requested != nil {
		description["DeletedDate"] = x.Requested.Unix()
	}
	return description, nil
}

func (s *secretStore) list(in *secretRequest) (object, error) {
	list := []object{}
	answer := object{}
	for _, name := range s.matching(in) {
		if name <= in.NextToken {
			continue
		}
		if in.MaxResults > 0 && len(list) == in.MaxResults {
			answer["NextToken"] = list[len(list)-1]["Name"]
			break
		}
		description, err := s.describe(s.secrets[name], in)
		if err != nil {
			return nil, err
		}
		list = append(list, description)
	}
	answer["SecretList"] = list
	return answer, nil
}

// matching returns the names of the secrets that pass the filters, sorted.
func (s *secretStore) matching(in *secretRequest) []string {
	var matches []string
	for _, name := range slices.Sorted(maps.Keys(s.secrets)) {
		x, err := s.find(name)
		if err != nil || x.Deletion != nil && !in.IncludePlannedDeletion {
			continue
		}
		excludes := func(f secretFilter) bool { return !f.passes(x) }
		if !slices.ContainsFunc(in.Filters, excludes) {
			matches = append(matches, name)
		}
	}
	return matches
}

// secretFilter passes secrets of which an attribute begins with any value.
type secretFilter struct {
	Key    string
	Values []string
}

func (f secretFilter) passes(x *secret) bool {
	var subjects []string
	switch f.Key {
	case "name":
		subjects = []string{x.Name}
	case "description":
		subjects = []string{x.Description}
	case "tag-key":
		for _, tag := range x.Tags {
			subjects = append(subjects, tag.Key)
		}
	case "tag-value":
		for _, tag := range x.Tags {
			subjects = append(subjects, tag.Value)
		}
	}
	for _, prefix := range f.Values {
		if slices.ContainsFunc(subjects, func(s string) bool { return strings.HasPrefix(s, prefix) }) {
			return true
		}
	}
	return false
}
