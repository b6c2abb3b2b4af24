package cloud

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
)

var ssmAPI = api{wire: "AmazonSSM", name: "ssm"}

// parameterStore is the Parameter Store of AWS Systems Manager.
type parameterStore struct {
	cloud      *Cloud
	mu         sync.Mutex
	parameters map[string]parameter
}

type parameter struct {
	Name    string
	Value   string
	Type    string
	Version int
	ARN     string
}

// parameterRequest is any operation of the service.
type parameterRequest struct {
	Name      string
	Names     []string
	Value     string
	Type      string
	Path      string
	Recursive bool
	Overwrite bool
}

func (r *parameterRequest) resource() string {
	return r.Name + r.Path + strings.Join(r.Names, ",")
}

func newParameterStore(c *Cloud) *parameterStore {
	s := &parameterStore{cloud: c, parameters: map[string]parameter{}}
	handle(c, ssmAPI, "PutParameter", locked(&s.mu, s.put))
	handle(c, ssmAPI, "GetParameter", locked(&s.mu, s.get))
	handle(c, ssmAPI, "GetParameters", locked(&s.mu, s.getSeveral))
	handle(c, ssmAPI, "GetParametersByPath", locked(&s.mu, s.getByPath))
	return s
}

func (s *parameterStore) put(in *parameterRequest) (object, error) {
	if in.Name == "" || in.Value == "" {
		return nil, invalid("Name and Value must not be empty.")
	}
	old, exists := s.parameters[in.Name]
	if exists && !in.Overwrite {
		return nil, errorf("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
	}
	kind := in.Type
	if kind == "" {
		kind = old.Type
	}
	if !slices.Contains([]string{"String", "StringList", "SecureString"}, kind) {
		return nil, invalid("Type must be String, StringList or SecureString.")
	}
	s.parameters[in.Name] = parameter{
		Name:    in.Name,
		Value:   in.Value,
		Type:    kind,
		Version: old.Version + 1,
		ARN:     s.cloud.arn("ssm", "parameter/"+strings.TrimPrefix(in.Name, "/")),
	}
	return object{"Version": old.Version + 1}, nil
}

func (s *parameterStore) get(in *parameterRequest) (object, error) {
	found, ok := s.parameters[in.Name]
	if !ok {
		return nil, errorf("ParameterNotFound", "Parameter %s not found.", in.Name)
	}
	return object{"Parameter": found}, nil
}

func (s *parameterStore) getSeveral(in *parameterRequest) (object, error) {
	found := []parameter{}
	missing := []string{}
	for _, name := range in.Names {
		if p, ok := s.parameters[name]; ok {
			found = append(found, p)
		} else {
			missing = append(missing, name)
		}
	}
	return object{"Parameters": found, "InvalidParameters": missing}, nil
}

func (s *parameterStore) getByPath(in *parameterRequest) (object, error) {
	found := []parameter{}
	for _, name := range slices.Sorted(maps.Keys(s.parameters)) {
		rest, ok := strings.CutPrefix(name, strings.TrimSuffix(in.Path, "/")+"/")
		if ok && (in.Recursive || !strings.Contains(rest, "/")) {
			found = append(found, s.parameters[name])
		}
	}
	return object{"Parameters": found}, nil
}

func (s *parameterStore) save() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return json.Marshal(s.parameters)
}

func (s *parameterStore) load(data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parameters = nil // What the snapshot does not have is gone.
	return json.Unmarshal(data, &s.parameters)
}
