package cloud

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"
)

var secretsAPI = api{wire: "secretsmanager", name: "secretsmanager"}

// secretStore is AWS Secrets Manager. Secrets under a customer-managed key can
// be written and read only while that key is usable.
type secretStore struct {
	cloud   *Cloud
	mu      sync.Mutex
	secrets map[string]*secret // By name.
}

type secretTag struct {
	Key   string
	Value string
}

type secret struct {
	Name        string
	ARN         string
	Description string
	KMSKeyID    string // "" for the key managed by the service.
	Created     time.Time
	Changed     time.Time
	Requested   *time.Time // When deletion was requested; nil for a live secret.
	Deletion    *time.Time // When the secret will be gone; nil for a live secret.
	Tags        []secretTag
	Versions    []*secretVersion // Oldest first.
}

// secretRequest is any operation of the service.
type secretRequest struct {
	Name                       string
	SecretId                   string
	Description                string
	KmsKeyId                   string
	ClientRequestToken         string
	VersionId                  string
	VersionStage               string
	MoveToVersionId            string
	RemoveFromVersionId        string
	NextToken                  string
	SecretString               *string
	SecretBinary               []byte
	Tags                       []secretTag
	TagKeys                    []string
	VersionStages              []string
	SecretIdList               []string
	RecoveryWindowInDays       int
	MaxResults                 int
	ForceDeleteWithoutRecovery bool
	IncludeDeprecated          bool
	IncludePlannedDeletion     bool
	Filters                    []secretFilter
}

func (r *secretRequest) resource() string {
	if r.SecretId != "" {
		return r.SecretId
	}
	return r.Name
}

func newSecretStore(c *Cloud) *secretStore {
	s := &secretStore{cloud: c, secrets: map[string]*secret{}}
	s.handle("CreateSecret", s.create)
	s.handle("PutSecretValue", s.onLive(s.putValue))
	s.handle("UpdateSecret", s.onLive(s.update))
	s.handle("UpdateSecretVersionStage", s.onLive(s.moveStage))
	s.handle("GetSecretValue", s.getValue)
	s.handle("BatchGetSecretValue", s.batchGetValue)
	s.handle("DescribeSecret", s.onAny(s.describe))
	s.handle("ListSecrets", s.list)
	s.handle("ListSecretVersionIds", s.onAny(s.listVersions))
	s.handle("DeleteSecret", s.delete)
	s.handle("RestoreSecret", s.onAny(restoreSecret))
	s.handle("TagResource", s.onLive(tagSecret))
	s.handle("UntagResource", s.onLive(untagSecret))
	return s
}

func (s *secretStore) handle(name string, run func(*secretRequest) (object, error)) {
	handle(s.cloud, secretsAPI, name, locked(&s.mu, run))
}

// onAny finds the secret a request names, also one scheduled for deletion.
func (s *secretStore) onAny(run func(*secret, *secretRequest) (object, error)) func(*secretRequest) (object, error) {
	return func(in *secretRequest) (object, error) {
		found, err := s.find(in.SecretId)
		if err != nil {
			return nil, err
		}
		return run(found, in)
	}
}

// onLive finds the secret a request names unless it is scheduled for deletion.
func (s *secretStore) onLive(run func(*secret, *secretRequest) (object, error)) func(*secretRequest) (object, error) {
	return func(in *secretRequest) (object, error) {
		found, err := s.live(in.SecretId)
		if err != nil {
			return nil, err
		}
		return run(found, in)
	}
}

// suffixLength is the length of the "-" and six characters that end an ARN.
const suffixLength = 7

// find resolves a name, an ARN, or an ARN without its random suffix. A secret
// whose deletion date has passed is gone.
func (s *secretStore) find(id string) (*secret, error) {
	found := s.secrets[id]
	if found == nil && strings.HasPrefix(id, "arn:") {
		for _, candidate := range s.secrets {
			if candidate.ARN == id || candidate.ARN[:len(candidate.ARN)-suffixLength] == id {
				found = candidate
			}
		}
	}
	if found != nil && found.Deletion != nil && !s.cloud.Now().Before(*found.Deletion) {
		delete(s.secrets, found.Name)
		found = nil
	}
	if found == nil {
		return nil, errorf("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
	}
	return found, nil
}

func (s *secretStore) live(id string) (*secret, error) {
	found, err := s.find(id)
	if err != nil {
		return nil, err
	}
	if found.Deletion != nil {
		return nil, errorf("InvalidRequestException", "You can't perform this operation on the secret because it was marked for deletion.")
	}
	return found, nil
}

func tagSecret(x *secret, in *secretRequest) (object, error) {
	for _, tag := range in.Tags {
		x.Tags = slices.DeleteFunc(x.Tags, func(old secretTag) bool { return old.Key == tag.Key })
		x.Tags = append(x.Tags, tag)
	}
	return object{}, nil
}

func untagSecret(x *secret, in *secretRequest) (object, error) {
	x.Tags = slices.DeleteFunc(x.Tags, func(old secretTag) bool { return slices.Contains(in.TagKeys, old.Key) })
	return object{}, nil
}

func (s *secretStore) save() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return json.Marshal(s.secrets)
}

func (s *secretStore) load(data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets = nil // What the snapshot does not have is gone.
	return json.Unmarshal(data, &s.secrets)
}
