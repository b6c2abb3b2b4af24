// Package vault keeps credential material: the long-lived part in a secret
// store under the tenant's own key, and a sealed copy of what a lease returns
// beside the connection. It depends on packages fault and secret.
//
// Two layers of keys. Each tenant has a KMS key that never leaves KMS, or shares
// one with the others of its stage. Under it stands one data key per tenant,
// wrapped for this tenant alone, in the tenant's item; the Sealer
// unwraps it, keeps it for at most five minutes and encrypts locally with
// AES-256-GCM. The additional data of every ciphertext names tenant, resource,
// purpose and version, so a ciphertext moved to another item does not open.
package vault

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/tenonhq/tenon/shared/secret"
)

// Locator says where long-lived material is kept. The domain passes it on and
// reads nothing into it.
type Locator struct {
	Secret  string // Name in the secret store.
	Version string // Immutable version id.
}

// ErrKeyUnusable is wrapped by what Keys answers for a key that is disabled,
// pending deletion or gone: no retry helps, only a person with rights over it.
var ErrKeyUnusable = errors.New("the key cannot be used")

// Keys is the key service.
type Keys interface {
	// NewDataKey returns a fresh 32-byte key and its wrapped form under keyARN.
	NewDataKey(ctx context.Context, keyARN string, binding map[string]string) (plain secret.Bytes, wrapped []byte, err error)
	// Unwrap returns the key that was wrapped with the same binding.
	Unwrap(ctx context.Context, keyARN string, wrapped []byte, binding map[string]string) (secret.Bytes, error)
}

// Secrets is the system of record for long-lived material. Every version is
// immutable. The token makes a repeated call of Create and Put harmless.
type Secrets interface {
	// Create makes the secret with its first version and returns the version id.
	// A secret of this name that exists gets the value as its new current
	// version: whoever keeps the version id decides which one counts.
	Create(ctx context.Context, name, keyARN, token string, value secret.Bytes) (version string, err error)
	// Put adds a pending version.
	Put(ctx context.Context, name, token string, value secret.Bytes) (version string, err error)
	// Promote makes version the current one if from is current now, or whichever
	// is when from is empty. Promoting the version that is current already is no
	// error.
	Promote(ctx context.Context, name, version, from string) error
	// Get returns one version. fault.CodeCredentialUnavailable when the secret
	// is gone or its key is disabled.
	Get(ctx context.Context, at Locator) (secret.Bytes, error)
	// Retire takes a superseded or pending version out of service: it is no longer
	// labelled and cannot be found but by its id, until the store removes it. The
	// current version stays what it is. A version that is gone is no error.
	Retire(ctx context.Context, at Locator) error
	// Delete destroys the secret with all versions; an absent one is no error.
	Delete(ctx context.Context, name string) error
}

// WrappedKey is a tenant's data key as it is stored.
type WrappedKey struct {
	KeyARN  string // The KMS key it is wrapped under.
	Shared  bool   // The KMS key is the stage's: other tenants have it too.
	Version int    // Counts rotations of the data key.
	Blob    []byte
}

// DataKeys finds a tenant's wrapped data key.
type DataKeys interface {
	DataKey(ctx context.Context, tenant string) (WrappedKey, error)
}

// Binding is the encryption context a tenant's data key is wrapped with.
func Binding(tenant string) map[string]string {
	return map[string]string{"tenon:tenant": tenant, "tenon:purpose": "data-key"}
}

// SecretName names a secret. The random part makes every name new: a name whose
// deletion is pending cannot be created again.
func SecretName(stage, tenant, resource, random string) string {
	return "tenon/" + stage + "/" + tenant + "/" + resource + "/" + random
}

// SecretOwner returns whose a secret is from a name of SecretName; both are
// empty for any other name.
func SecretOwner(name string) (tenant, resource string) {
	parts := strings.Split(name, "/")
	if len(parts) != 5 {
		return "", ""
	}
	return parts[2], parts[3]
}

// Token returns the idempotency token of a write to the secret store: the same
// parts give the same token, so that a write repeated after a crash is one.
// The form is that of a UUID (version 8, RFC 9562 5.8).
func Token(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	h[6] = h[6]&0x0f | 0x80
	h[8] = h[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
