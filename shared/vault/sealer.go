package vault

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// cacheLifetime bounds how long a disabled tenant key can still open what was
// sealed: the figure is part of the threat model.
const cacheLifetime = 5 * time.Minute

// Purpose says what a ciphertext is for.
type Purpose string

// The purposes.
const (
	PurposeLease    Purpose = "lease"    // What a lease returns.
	PurposeRefresh  Purpose = "refresh"  // A rotated refresh token not yet in the secret store.
	PurposeAnswer   Purpose = "answer"   // A provider's raw answer, written ahead.
	PurposeVerifier Purpose = "verifier" // The PKCE verifier and nonce of a handoff.
	PurposeWebhook  Purpose = "webhook"  // What signs the webhooks of an endpoint.
	PurposeProbe    Purpose = "probe"    // A login on its way to the function that tries it.
)

// Place is where a ciphertext belongs. It opens nowhere else.
type Place struct {
	Tenant   string
	Resource string // Identifier of the item that holds it.
	Purpose  Purpose
	Version  int // Credential version or refresh epoch.
}

// Sealer encrypts and decrypts under tenants' data keys. It is safe for
// concurrent use. Now and Random may be nil.
type Sealer struct {
	Keys     Keys
	DataKeys DataKeys
	Now      func() time.Time
	Random   io.Reader
	// Unusable is told of a tenant whose key is ErrKeyUnusable; may be nil.
	Unusable func(ctx context.Context, tenant string)

	mu    sync.Mutex
	cache map[string]cached
}

type cached struct {
	aead    cipher.AEAD
	version int
	until   time.Time
}

// readyTime is for how long Ready promises a key.
const readyTime = time.Minute

// Ready fetches the tenant's data key, so that a Seal within a minute needs no
// call and cannot fail for lack of it.
func (s *Sealer) Ready(ctx context.Context, tenant string) error {
	_, err := s.keyFor(ctx, tenant, readyTime)
	return err
}

// Seal encrypts plain for place.
func (s *Sealer) Seal(ctx context.Context, place Place, plain secret.Bytes) ([]byte, error) {
	k, err := s.key(ctx, place.Tenant)
	if err != nil {
		return nil, err
	}
	random := s.Random
	if random == nil {
		random = rand.Reader
	}
	out := make([]byte, headerLength, headerLength+plain.Len()+k.aead.Overhead())
	out[0] = formatV1
	binary.BigEndian.PutUint16(out[1:], uint16(k.version))
	if _, err := io.ReadFull(random, out[3:headerLength]); err != nil {
		return nil, fmt.Errorf("read nonce: %w", err)
	}
	return k.aead.Seal(out, out[3:headerLength], []byte(plain.Reveal()), place.additional()), nil
}

// Open decrypts what was sealed for exactly this place. A ciphertext of another
// place is a fault with code kms_integrity.
func (s *Sealer) Open(ctx context.Context, place Place, sealed []byte) (secret.Bytes, error) {
	if len(sealed) < headerLength || sealed[0] != formatV1 {
		return secret.Bytes{}, integrity(errors.New("malformed ciphertext"))
	}
	k, err := s.key(ctx, place.Tenant)
	if err != nil {
		return secret.Bytes{}, err
	}
	plain, err := k.aead.Open(nil, sealed[3:headerLength], sealed[headerLength:], place.additional())
	if err != nil {
		return secret.Bytes{}, integrity(err)
	}
	return secret.New(plain), nil
}

const (
	formatV1     = 1
	headerLength = 1 + 2 + 12 // format, data key version, nonce
)

// additional is unambiguous: every part is preceded by its length.
func (p Place) additional() []byte {
	var b []byte
	for _, part := range []string{p.Tenant, p.Resource, string(p.Purpose)} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return binary.BigEndian.AppendUint64(b, uint64(p.Version))
}

func (s *Sealer) key(ctx context.Context, tenant string) (cached, error) {
	return s.keyFor(ctx, tenant, 0)
}

// keyFor returns a key that stays in the cache for at least d.
func (s *Sealer) keyFor(ctx context.Context, tenant string, d time.Duration) (cached, error) {
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	s.mu.Lock()
	k, ok := s.cache[tenant]
	s.mu.Unlock()
	if ok && now().Add(d).Before(k.until) {
		return k, nil
	}
	wrapped, err := s.DataKeys.DataKey(ctx, tenant)
	if err != nil {
		return cached{}, err
	}
	plain, err := s.Keys.Unwrap(ctx, wrapped.KeyARN, wrapped.Blob, Binding(tenant))
	if errors.Is(err, ErrKeyUnusable) && s.Unusable != nil {
		s.Unusable(ctx, tenant)
	}
	if err != nil {
		return cached{}, err
	}
	block, err := aes.NewCipher([]byte(plain.Reveal()))
	if err != nil {
		return cached{}, fmt.Errorf("data key of tenant %s: %w", tenant, err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return cached{}, fmt.Errorf("data key of tenant %s: %w", tenant, err)
	}
	k = cached{aead: aead, version: wrapped.Version, until: now().Add(cacheLifetime)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cache == nil {
		s.cache = map[string]cached{}
	}
	s.cache[tenant] = k
	return k, nil
}

func integrity(err error) error {
	return fault.New(fault.Unavailable, fault.CodeKeyIntegrity, "The stored credential does not belong where it was found.").Because(err)
}
