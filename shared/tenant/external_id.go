package tenant

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
)

// ExternalIDs gives each tenant the id under which the roles in its AWS accounts
// trust us. It is random, so that no tenant can have the one of another: not by
// choosing it, not by knowing its form. Random may be nil.
type ExternalIDs struct {
	Store  ExternalIDStore
	Random io.Reader
}

// ExternalIDStore keeps the external ids.
type ExternalIDStore interface {
	// ExternalID returns the tenant's external id, or nothing.
	ExternalID(ctx context.Context, tenant string) (string, error)
	// ClaimExternalID makes proposed the external id of a tenant that has none,
	// once: when another caller did it first, the id of the first is returned.
	ClaimExternalID(ctx context.Context, tenant, proposed string) (string, error)
}

// ExternalID returns the tenant's external id: 256 bits, drawn at its first use
// and never changed, for the trust of roles hangs on it. The caller is checked
// by who asks.
func (e ExternalIDs) ExternalID(ctx context.Context, tenant string) (string, error) {
	found, err := e.Store.ExternalID(ctx, tenant)
	if err != nil || found != "" {
		return found, err
	}
	source := e.Random
	if source == nil {
		source = rand.Reader
	}
	b := make([]byte, 32)
	if _, err := io.ReadFull(source, b); err != nil {
		return "", fmt.Errorf("read randomness: %w", err)
	}
	return e.Store.ClaimExternalID(ctx, tenant, base64.RawURLEncoding.EncodeToString(b))
}
