package method

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/secret"
)

// Reach is how methods reach other systems. HTTP is always there; a method that
// lacks another member refuses with CodeSchemeMismatch.
type Reach struct {
	HTTP    Doer
	Keys    KeySigner
	Roles   RoleAssumer
	Servers Prober
	Now     func() time.Time
	Random  io.Reader
}

// now is the time, by the clock of the reach where it has one.
func (r Reach) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

// nonce returns 128 random bits in hexadecimal digits.
func (r Reach) nonce() (string, error) {
	source := r.Random
	if source == nil {
		source = rand.Reader
	}
	b := make([]byte, 16)
	if _, err := io.ReadFull(source, b); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// Doer sends one HTTP request. It must not follow redirects, retry, or reach
// addresses a provider cannot have.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// CertifiedDoer is a Doer that can show a client certificate.
type CertifiedDoer interface {
	Doer
	// Certified returns a client with the same rules that shows the certificate to
	// every system that asks, on a connection of its own for each request.
	Certified(tls.Certificate) *http.Client
}

// KeySigner signs with a tenant's key that never leaves the key service.
type KeySigner interface {
	// Sign returns the signature of the message as RFC 7518 defines it for the
	// algorithm: RS256, PS256, or ES256 as r and s of 32 bytes each.
	Sign(ctx context.Context, keyARN, algorithm string, message []byte) ([]byte, error)
}

// RoleAssumer speaks to AWS STS.
type RoleAssumer interface {
	// AssumeRole returns temporary credentials of the role. A refusal is an error
	// that wraps Definitive; other errors are faults of kind RateLimited or
	// Unavailable, and those of Unreachable.
	AssumeRole(ctx context.Context, r RoleRequest) (RoleSession, error)
	// CallerIdentity returns the ARN and the account behind credentials, as STS in
	// the region knows them. Its errors are those of AssumeRole, and Denied.
	CallerIdentity(ctx context.Context, region string, s RoleSession) (arn, account string, err error)
}

// RoleRequest names the role and who asks for it.
type RoleRequest struct {
	RoleARN, ExternalID, SessionName string
	Lifetime                         time.Duration
}

// RoleSession is a set of AWS credentials; the token is zero for those of a user.
type RoleSession struct {
	AccessKeyID     string
	SecretAccessKey secret.Bytes
	SessionToken    secret.Bytes
}

// Prober logs in to a system that does not speak HTTP, and asks it nothing but
// whether it works.
type Prober interface {
	// Probe returns the outcome of the attempt; the error is of our own making
	// only.
	Probe(ctx context.Context, l Login) (Probe, error)
}

// Names of the values of a Login. A connector's inputs, fields and placement use
// the same words.
const (
	ValueUser              = fieldUser
	ValuePassword          = fieldPassword
	ValuePrivateKey        = fieldPrivateKey
	ValuePassphrase        = fieldPassphrase
	ValueHostKey           = "hostKey"  // "SHA256:…" as ssh-keygen -l prints it; absent until it is confirmed.
	ValuePath              = "path"     // A directory of an SFTP server that must be there.
	ValueDatabase          = "database" // Its name; absent for the server's default.
	ValueTLSMode           = "tlsMode"  // verify-full, verify-ca, require or disable; absent for verify-full.
	ValueAuthority         = fieldAuthority
	ValueClientCertificate = fieldClientCertificate
	ValueClientKey         = fieldClientKey
)

// Login is what a Prober needs to know.
type Login struct {
	Tenant   string
	Protocol string // Of catalog.Server.
	Host     string
	Port     string
	Values   map[string]secret.Bytes // Of the lease: what a runtime would log in with.
}

// Probe is the result of one verification.
type Probe struct {
	Outcome     catalog.Outcome
	Message     string // What a person should know beyond the outcome; never what the system said.
	AccountID   string
	AccountName string
	Scopes      []string // What the credential may do, where the system says; else nil.
	Members     any      // The answer, where it was a JSON object (map[string]any) or list ([]any).
	HostKey     string   // Fingerprint of the host key that an SSH server showed, whatever the outcome.
}
