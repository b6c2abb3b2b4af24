package crm

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const stateFile = "crm.json"

// state is everything the provider remembers. Codes, tokens, keys and secrets
// are stored and looked up by their digest; the one readable secret is that of
// the demo client, which the landing page shows.
type state struct {
	DemoSecret string             `json:"demoSecret"`
	FormKey    []byte             `json:"formKey"`
	Clients    map[string]client  `json:"clients"`
	Grants     map[string]grant   `json:"grants"`
	Codes      map[string]code    `json:"codes"`
	Access     map[string]access  `json:"access"`
	Refresh    map[string]refresh `json:"refresh"`
	Keys       map[string]string  `json:"keys"` // Digest to account name.
	Contacts   []contact          `json:"contacts"`
	Stats      counters           `json:"stats"`
}

// counters is the answer of GET /stats.
type counters struct {
	Authorizations int `json:"authorizations"`
	CodesExchanged int `json:"codesExchanged"`
	Refreshes      int `json:"refreshes"`
	RefreshReuse   int `json:"refreshReuse"`
	Revocations    int `json:"revocations"`
	APICalls       int `json:"apiCalls"`
}

// digest is how a secret of at least 128 random bits is stored.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func newSecret(prefix string) string { return prefix + rand.Text() }

func (p *Provider) load(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("demo CRM directory: %w", err)
	}
	p.file = filepath.Join(dir, stateFile)
	data, err := os.ReadFile(p.file)
	p.state = newState()
	if errors.Is(err, fs.ErrNotExist) {
		return p.save()
	}
	if err != nil {
		return fmt.Errorf("read demo CRM state: %w", err)
	}
	if err := json.Unmarshal(data, &p.state); err != nil {
		return fmt.Errorf("demo CRM state %s is not valid", p.file)
	}
	return nil
}

func newState() state {
	formKey := make([]byte, 32)
	_, _ = rand.Read(formKey) // It never returns an error.
	secret := newSecret("crm_secret_")
	return state{
		DemoSecret: secret,
		FormKey:    formKey,
		Clients:    map[string]client{demoClientID: {Name: demoClientName, SecretDigest: digest(secret)}},
		Grants:     map[string]grant{},
		Codes:      map[string]code{},
		Access:     map[string]access{},
		Refresh:    map[string]refresh{},
		Keys:       map[string]string{digest(DemoAPIKey): "alice"},
		Contacts:   demoContacts(),
	}
}

// save replaces the state file in one step. The caller holds p.mu.
func (p *Provider) save() error {
	p.prune()
	data, err := json.MarshalIndent(p.state, "", "  ")
	if err != nil {
		return fmt.Errorf("encode demo CRM state: %w", err)
	}
	next := p.file + ".new"
	if err := os.WriteFile(next, data, 0o600); err != nil {
		return fmt.Errorf("write demo CRM state: %w", err)
	}
	if err := os.Rename(next, p.file); err != nil {
		return fmt.Errorf("replace demo CRM state: %w", err)
	}
	return nil
}

// prune drops what can no longer change an answer. A consumed code stays for a
// day and a consumed refresh token for its whole lifetime, because presenting
// one again must revoke the grant.
func (p *Provider) prune() {
	now := p.now()
	dead := func(grantID string, expires time.Time) bool {
		_, live := p.state.Grants[grantID]
		return !live || now.After(expires)
	}
	for id, a := range p.state.Access {
		if dead(a.Grant, a.Expires) {
			delete(p.state.Access, id)
		}
	}
	for id, r := range p.state.Refresh {
		if dead(r.Grant, r.Expires) {
			delete(p.state.Refresh, id)
		}
	}
	for id, c := range p.state.Codes {
		if dead(c.Grant, c.Expires.Add(24*time.Hour)) {
			delete(p.state.Codes, id)
		}
	}
	for id, g := range p.state.Grants {
		if now.After(g.Expires) {
			delete(p.state.Grants, id)
		}
	}
}
