package cloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

const (
	snapshotName    = "cloud.json"
	snapshotVersion = 1
)

// Open returns the cloud saved in a directory, or an empty one whose Save
// writes there. The directory is created when needed. The snapshot holds
// secrets and key material in the clear and is readable by its owner only.
func Open(dir string) (*Cloud, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open cloud: %w", err)
	}
	c := New()
	c.snapshot.path = filepath.Join(dir, snapshotName)
	data, err := os.ReadFile(c.snapshot.path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open cloud: %w", err)
	}
	if err := c.load(data); err != nil {
		return nil, fmt.Errorf("open cloud %s: %w", c.snapshot.path, err)
	}
	return c, nil
}

// Save writes a snapshot of everything to the directory given to Open. The
// previous snapshot stays intact when it fails.
func (c *Cloud) Save() error {
	c.snapshot.mu.Lock()
	defer c.snapshot.mu.Unlock()
	if c.snapshot.path == "" {
		return errors.New("save cloud: made by New, not by Open")
	}
	changes := c.changes.Load()
	data, err := c.encode()
	if err != nil {
		return fmt.Errorf("save cloud: %w", err)
	}
	if err := writeFile(c.snapshot.path, data); err != nil {
		return fmt.Errorf("save cloud: %w", err)
	}
	c.snapshot.saved = changes
	return nil
}

// autosave saves when there is somewhere to save and something new.
func (c *Cloud) autosave() error {
	c.snapshot.mu.Lock()
	needed := c.snapshot.path != "" && c.snapshot.saved != c.changes.Load()
	c.snapshot.mu.Unlock()
	if !needed {
		return nil
	}
	return c.Save()
}

// snapshotFile is where the cloud is saved.
type snapshotFile struct {
	mu    sync.Mutex
	path  string // "" for a cloud in memory.
	saved int64  // The count of changes at the latest save.
}

// persistent is a service whose state a snapshot holds.
type persistent interface {
	save() ([]byte, error)
	load([]byte) error
}

func (c *Cloud) persistent() map[string]persistent {
	return map[string]persistent{
		"dynamodb":       c.dynamo,
		"kms":            c.keys,
		"secretsmanager": c.secrets,
		"sqs":            c.queues,
		"eventbridge":    c.events,
		"scheduler":      c.schedules,
		"sesv2":          c.mail,
		"ssm":            c.parameters,
	}
}

type snapshot struct {
	Version  int
	Account  string
	Region   string
	Services map[string]json.RawMessage
}

func (c *Cloud) encode() ([]byte, error) {
	s := snapshot{Version: snapshotVersion, Account: c.Account, Region: c.Region, Services: map[string]json.RawMessage{}}
	for name, service := range c.persistent() {
		data, err := service.save()
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", name, err)
		}
		s.Services[name] = data
	}
	return json.Marshal(s)
}

func (c *Cloud) load(data []byte) error {
	var s snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	if s.Version != snapshotVersion {
		return fmt.Errorf("snapshot version %d is not %d", s.Version, snapshotVersion)
	}
	c.Account = s.Account
	c.Region = s.Region
	for name, service := range c.persistent() {
		saved, ok := s.Services[name]
		if !ok {
			continue
		}
		if err := service.load(saved); err != nil {
			return fmt.Errorf("decode %s: %w", name, err)
		}
	}
	return nil
}

// writeFile replaces a file by one that only its owner can read, so that
// readers see the old content or the new, never a part.
func writeFile(path string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // Mode 0600.
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
