package cloud

import "fmt"

// Snapshot returns everything that Save would write. It holds secrets and key
// material in the clear.
func (c *Cloud) Snapshot() ([]byte, error) {
	data, err := c.encode()
	if err != nil {
		return nil, fmt.Errorf("snapshot of the cloud: %w", err)
	}
	return data, nil
}

// Restore makes everything as it was at a Snapshot of this cloud. Roles and
// sessions, which a snapshot does not have, stay, and what was made since is gone.
// Nothing may be under way.
func (c *Cloud) Restore(snapshot []byte) error {
	if err := c.load(snapshot); err != nil {
		return fmt.Errorf("restore the cloud: %w", err)
	}
	return nil
}
