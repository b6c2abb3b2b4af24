// Package vaulttest holds in-memory fakes of what package vault needs, and the
// contract every implementation of its interfaces must keep. The fakes encrypt
// for real and label versions as Secrets Manager does, so a test over them sees
// the failures the services would give.
package vaulttest

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Keys is a key service in memory: vault.Keys and tenant.Keys. The zero value
// is ready to use.
type Keys struct {
	mu      sync.Mutex
	keys    map[string]*key   // By ARN.
	tenants map[string]string // ARN by tenant.
	unwraps int
	ended   map[string]time.Time // By ARN, of keys made here and elsewhere.
}

type key struct {
	aead     cipher.AEAD
	disabled bool
}

var (
	errKey       = fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "The tenant's key cannot be used.").WithRemedy("contact_admin").Because(vault.ErrKeyUnusable)
	errIntegrity = fault.New(fault.Unavailable, fault.CodeKeyIntegrity, "The stored credential does not belong where it was found.")
)

// CreateTenantKey implements tenant.Keys.
func (k *Keys) CreateTenantKey(_ context.Context, tenant string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if arn, ok := k.tenants[tenant]; ok {
		if k.keys[arn].disabled {
			return "", errKey
		}
		return arn, nil
	}
	material := make([]byte, 32)
	rand.Read(material)
	aead, err := newAEAD(material)
	if err != nil {
		return "", err
	}
	if k.keys == nil {
		k.keys, k.tenants = map[string]*key{}, map[string]string{}
	}
	arn := fmt.Sprintf("arn:aws:kms:eu-west-1:123456789012:key/%s-%d", tenant, len(k.keys))
	k.keys[arn], k.tenants[tenant] = &key{aead: aead}, arn
	return arn, nil
}

// NewDataKey implements vault.Keys.
func (k *Keys) NewDataKey(_ context.Context, keyARN string, binding map[string]string) (secret.Bytes, []byte, error) {
	aead, err := k.usable(keyARN)
	if err != nil {
		return secret.Bytes{}, nil, err
	}
	plain := make([]byte, 32)
	rand.Read(plain)
	return secret.New(plain), aead.Seal(nil, nil, plain, additional(binding)), nil
}

// Unwrap implements vault.Keys.
func (k *Keys) Unwrap(_ context.Context, keyARN string, wrapped []byte, binding map[string]string) (secret.Bytes, error) {
	aead, err := k.usable(keyARN)
	if err != nil {
		return secret.Bytes{}, err
	}
	plain, err := aead.Open(nil, nil, wrapped, additional(binding))
	if err != nil {
		return secret.Bytes{}, errIntegrity.Because(err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.unwraps++
	return secret.New(plain), nil
}

// Unwraps returns how often a key was unwrapped.
func (k *Keys) Unwraps() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.unwraps
}

// Disable makes a key unusable, Enable usable again.
func (k *Keys) Disable(keyARN string) { k.set(keyARN, true) }

// Enable undoes Disable.
func (k *Keys) Enable(keyARN string) { k.set(keyARN, false) }

// FindKey implements offboarding.Keys.
func (k *Keys) FindKey(_ context.Context, name string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.tenants[name], nil
}

// DisableKey implements offboarding.Keys.
func (k *Keys) DisableKey(_ context.Context, keyARN string) error {
	k.Disable(keyARN)
	return nil
}

// ScheduleKeyDeletion implements offboarding.Keys.
func (k *Keys) ScheduleKeyDeletion(_ context.Context, keyARN string, days int) (time.Time, error) {
	k.Disable(keyARN)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended == nil {
		k.ended = map[string]time.Time{}
	}
	if at, ok := k.ended[keyARN]; ok {
		return at, nil
	}
	k.ended[keyARN] = time.Now().AddDate(0, 0, days).UTC()
	return k.ended[keyARN], nil
}

// Ended returns when the keys are deleted that are scheduled for it, by ARN.
func (k *Keys) Ended() map[string]time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.ended)
}

func (k *Keys) set(keyARN string, disabled bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if found, ok := k.keys[keyARN]; ok {
		found.disabled = disabled
	}
}

func (k *Keys) usable(keyARN string) (cipher.AEAD, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	found, ok := k.keys[keyARN]
	if !ok || found.disabled {
		return nil, errKey
	}
	return found.aead, nil
}

func newAEAD(material []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(material)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// additional is deterministic: encoding/json sorts the names.
func additional(binding map[string]string) []byte {
	b, _ := json.Marshal(binding)
	return b
}
