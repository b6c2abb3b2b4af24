// Package signing owns the tenants' signing keys: asymmetric keys at the key
// service whose private half nobody can have, with a certificate for the systems
// that want one and a published key set for those that read it. It depends on
// packages api, audit, auth, due, fault, id, idempotency, method and vault.
package signing

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// The algorithms of RFC 7518 3.1 that keys are made for. A key signs with one.
const (
	RS256 = "RS256"
	PS256 = "PS256"
	ES256 = "ES256"
)

// Key is the stored record.
type Key struct {
	Tenant      string
	ID          string // sgk_…, and kid of the key set.
	Version     int64  // Counts the writes.
	Algorithm   string
	Size        int // In bits.
	Days        int // How long the certificate is valid.
	State       State
	ARN         string // At the key service; empty while creating, and once it is ended there.
	PublicKey   []byte // DER of SubjectPublicKeyInfo (RFC 5280 4.1).
	Certificate []byte // DER, self-signed; made once.
	CreatedAt   time.Time
	CreatedBy   string
	ExpiresAt   time.Time // End of the certificate.
	RetiredAt   time.Time
	ExpiryDue   time.Time // When the end of the certificate is looked at next; zero is never.
}

// State says what a key may be used for.
type State string

// The states.
const (
	Creating State = "creating" // Recorded; the key at the key service may be missing.
	Active   State = "active"
	Retired  State = "retired" // Signs nothing any more.
)

// Store keeps signing keys.
type Store interface {
	// Create stores a new key; an existing id is ErrExists.
	Create(ctx context.Context, k Key) error
	// Get returns ErrNotFound for an id the tenant does not have.
	Get(ctx context.Context, tenant, id string) (Key, error)
	// List returns all keys of the tenant in order of id, which is that of time.
	List(ctx context.Context, tenant string) ([]Key, error)
	// Update applies change to the record as it stands; change may run again.
	// ErrNotFound as for Get.
	Update(ctx context.Context, tenant, id string, change func(*Key) error) (Key, error)
}

// Keys is the key service.
type Keys interface {
	// CreateSigningKey returns the ARN and the public half, DER of
	// SubjectPublicKeyInfo, of the key for the id. It may be repeated: the key is
	// found again. bits counts for RSA: 2048, 3072, 4096.
	CreateSigningKey(ctx context.Context, tenant, id, algorithm string, bits int) (keyARN string, publicKey []byte, err error)
	method.KeySigner
}

// Errors of a Store.
var (
	ErrExists   = fault.New(fault.Conflict, fault.CodeConflict, "There is a signing key of this id already.")
	ErrNotFound = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such signing key.")
)

// grace is how long a retired key stays in the key set: what it signed shortly
// before can still be verified.
const grace = 24 * time.Hour

// published reports whether the key stands in the key set.
func (k Key) published(now time.Time) bool {
	return k.State == Active || k.State == Retired && k.ARN != "" && now.Before(k.RetiredAt.Add(grace))
}
