package login

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"github.com/tenonhq/tenon/shared/secret"
)

// Profile is a stage that a person is signed in to.
type Profile struct {
	Name     string
	URL      string // Of the stage.
	Stage    string // Its name.
	Issuer   string
	ClientID string
	Expiry   time.Time // Of the access token; zero where the issuer does not say.

	access, refresh secret.Bytes
}

// Store keeps profiles in a directory that only its owner may read.
type Store struct {
	dir string
}

// profileName is what a profile may be called.
var profileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$`)

// file is what is kept. It alone has the tokens as text.
type file struct {
	Current  string                 `json:"current"`
	Profiles map[string]fileProfile `json:"profiles"`
}

type fileProfile struct {
	URL          string    `json:"url"`
	Stage        string    `json:"stage"`
	Issuer       string    `json:"issuer"`
	ClientID     string    `json:"clientId"`
	AccessToken  string    `json:"accessToken"`
	RefreshToken string    `json:"refreshToken,omitempty"`
	Expiry       time.Time `json:"expiry,omitzero"`
}

// NewStore returns the store of the person: $XDG_CONFIG_HOME/tenon, or
// ~/.config/tenon.
func NewStore(getenv func(string) string) (*Store, error) {
	base := getenv("XDG_CONFIG_HOME")
	if base == "" {
		home := getenv("HOME")
		if home == "" {
			return nil, errors.New("neither XDG_CONFIG_HOME nor HOME is set")
		}
		base = filepath.Join(home, ".config")
	}
	return &Store{dir: filepath.Join(base, "tenon")}, nil
}

// Profile returns the profile of that name, or the current one for no name.
func (s *Store) Profile(name string) (Profile, bool, error) {
	f, err := s.read()
	if err != nil {
		return Profile{}, false, err
	}
	if name == "" {
		name = f.Current
	}
	p, ok := f.Profiles[name]
	return p.profile(name), ok, nil
}

// At returns the profile of the stage at an address.
func (s *Store) At(address string) (Profile, bool, error) {
	f, err := s.read()
	if err != nil {
		return Profile{}, false, err
	}
	if p, ok := f.Profiles[f.Current]; ok && p.URL == address {
		return p.profile(f.Current), true, nil
	}
	for name, p := range f.Profiles {
		if p.URL == address {
			return p.profile(name), true, nil
		}
	}
	return Profile{}, false, nil
}

// update changes the file while nobody else does.
func (s *Store) update(change func(*file) error) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("keep the sign-in: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(s.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("keep the sign-in: %w", err)
	}
	defer func() { _ = lock.Close() }() // Which ends the lock.
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("lock the sign-in: %w", err)
	}
	f, err := s.read()
	if err != nil {
		return err
	}
	if err := change(&f); err != nil {
		return err
	}
	if err := s.write(f); err != nil {
		return fmt.Errorf("keep the sign-in: %w", err)
	}
	return nil
}

func (s *Store) path() string { return filepath.Join(s.dir, "profiles.json") }

func (s *Store) read() (file, error) {
	f := file{}
	text, err := os.ReadFile(s.path())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f, fmt.Errorf("read the sign-in: %w", err)
	}
	if err == nil && json.Unmarshal(text, &f) != nil {
		return f, fmt.Errorf("%s cannot be read; remove it and sign in again", s.path())
	}
	if f.Profiles == nil {
		f.Profiles = map[string]fileProfile{}
	}
	return f, nil
}

// write replaces the file in one step.
func (s *Store) write(f file) error {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	next, err := os.CreateTemp(s.dir, "profiles-*") // Only the owner may read it.
	if err != nil {
		return err
	}
	_, err = next.Write(append(text, '\n'))
	if err = errors.Join(err, next.Sync(), next.Close()); err == nil {
		err = os.Rename(next.Name(), s.path())
	}
	if err != nil {
		_ = os.Remove(next.Name())
	}
	return err
}

func (p fileProfile) profile(name string) Profile {
	return Profile{
		Name: name, URL: p.URL, Stage: p.Stage, Issuer: p.Issuer, ClientID: p.ClientID, Expiry: p.Expiry,
		access: secret.FromString(p.AccessToken), refresh: secret.FromString(p.RefreshToken),
	}
}

func kept(p Profile) fileProfile {
	return fileProfile{
		URL: p.URL, Stage: p.Stage, Issuer: p.Issuer, ClientID: p.ClientID, Expiry: p.Expiry,
		AccessToken: p.access.Reveal(), RefreshToken: p.refresh.Reveal(),
	}
}
