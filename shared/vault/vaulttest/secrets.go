package vaulttest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Secrets is a secret store in memory: vault.Secrets with the staging labels
// of Secrets Manager, and vault.Inventory. The zero value is ready to use.
type Secrets struct {
	// Keys, when set, must hold the key of every secret: one whose key is
	// disabled cannot be read or written.
	Keys *Keys
	// Now is when a secret is made; without it all are older than anything.
	Now func() time.Time

	mu        sync.Mutex
	secrets   map[string]*stored
	discarded map[string]*stored
}

type stored struct {
	keyARN   string
	values   map[string]secret.Bytes // By version, which is the token.
	labelled map[string]string       // Version by label.
	listed
}

const (
	current  = "AWSCURRENT"
	pending  = "AWSPENDING"
	previous = "AWSPREVIOUS"
)

var errSecret = fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "The stored credential cannot be used.").WithRemedy("contact_admin")

// Create implements vault.Secrets.
func (s *Secrets) Create(_ context.Context, name, keyARN, token string, value secret.Bytes) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.secrets[name]
	if !ok {
		x = &stored{keyARN: keyARN, values: map[string]secret.Bytes{}, labelled: map[string]string{}}
		x.tenant, _ = vault.SecretOwner(name)
		if s.Now != nil {
			x.made = s.Now()
		}
	}
	if err := s.add(x, token, current, value); err != nil {
		return "", err
	}
	if s.secrets == nil {
		s.secrets = map[string]*stored{}
	}
	s.secrets[name] = x
	return token, nil
}

// Put implements vault.Secrets.
func (s *Secrets) Put(_ context.Context, name, token string, value secret.Bytes) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.usable(name)
	if err != nil {
		return "", err
	}
	return token, s.add(x, token, pending, value)
}

// Promote implements vault.Secrets.
func (s *Secrets) Promote(_ context.Context, name, version, from string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.usable(name)
	if err != nil {
		return err
	}
	if _, ok := x.values[version]; !ok {
		return errSecret
	}
	if is := x.labelled[current]; is != version && is != from && from != "" {
		return fault.New(fault.Conflict, fault.CodeConflict, "The credential was changed by someone else.")
	}
	x.label(current, version)
	if x.labelled[pending] == version {
		delete(x.labelled, pending)
	}
	return nil
}

// Get implements vault.Secrets.
func (s *Secrets) Get(_ context.Context, at vault.Locator) (secret.Bytes, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, err := s.usable(at.Secret)
	if err != nil {
		return secret.Bytes{}, err
	}
	value, ok := x.values[at.Version]
	if !ok {
		return secret.Bytes{}, errSecret
	}
	return value, nil
}

// Retire implements vault.Secrets.
func (s *Secrets) Retire(_ context.Context, at vault.Locator) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.secrets[at.Secret]
	for _, label := range []string{previous, pending} {
		if ok && x.labelled[label] == at.Version {
			delete(x.labelled, label)
		}
	}
	return nil
}

// Delete implements vault.Secrets.
func (s *Secrets) Delete(_ context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.secrets, name)
	return nil
}

// Labels returns the labels of every labelled version, sorted; nothing for an
// absent secret.
func (s *Secrets) Labels(name string) map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string][]string{}
	if x, ok := s.secrets[name]; ok {
		for label, version := range x.labelled {
			out[version] = append(out[version], label)
			slices.Sort(out[version])
		}
	}
	return out
}

// Names returns the names of all secrets, sorted.
func (s *Secrets) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := []string{}
	for name := range s.secrets {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (s *Secrets) usable(name string) (*stored, error) {
	x, ok := s.secrets[name]
	if !ok {
		return nil, errSecret
	}
	return x, s.checkKey(x)
}

func (s *Secrets) checkKey(x *stored) error {
	if s.Keys == nil {
		return nil
	}
	if _, err := s.Keys.usable(x.keyARN); err != nil {
		return errSecret.Because(err)
	}
	return nil
}

// add stores a version; the same token with the same value is no change.
func (s *Secrets) add(x *stored, token, label string, value secret.Bytes) error {
	if len(token) < 32 || len(token) > 64 {
		return errors.New("token must have 32 to 64 characters")
	}
	if err := s.checkKey(x); err != nil {
		return err
	}
	if old, ok := x.values[token]; ok {
		if !old.Equal(value) {
			return errors.New("token was used for another value")
		}
		return nil
	}
	x.values[token] = value
	x.label(label, token)
	return nil
}

// label moves a label; the version that loses the current one becomes the
// previous one.
func (x *stored) label(label, version string) {
	if was := x.labelled[current]; label == current && was != "" && was != version {
		x.labelled[previous] = was
	}
	if label == current && x.labelled[previous] == version {
		delete(x.labelled, previous)
	}
	x.labelled[label] = version
}
