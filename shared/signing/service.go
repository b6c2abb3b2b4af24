package signing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/vault"
)

// limit is how many keys a tenant may have that are not retired. Requests at
// the same moment may go over it by their number.
const limit = 10

// maxDays is the longest a certificate is valid: some systems take none of more
// than two years.
const maxDays = 729

var errLimit = fault.New(fault.Conflict, fault.CodeLimitExceeded, "The tenant has as many signing keys as it may have. Retire one first.")

// Service makes, lists and retires signing keys. Keys and Tenants may be nil in
// functions that create none.
type Service struct {
	Store       Store
	Keys        Keys
	Tenants     vault.DataKeys
	Idempotency *idempotency.Keys
	Audit       *audit.Log
	PublicURL   string
	Stage       string
	Now         func() time.Time
}

// New is what a new key says.
type New struct {
	Key         string // Idempotency-Key; empty for none.
	Fingerprint string // Of the request.
	Algorithm   string
	Size        int // RSA: 2048, 3072, 4096; 0 is 3072. ES256: 0.
	Days        int // How long the certificate is valid, up to 729; 0 is 729.
}

// Create makes a key of the caller's tenant. A request repeated with its key
// returns the signing key of the first, or finishes it.
func (s *Service) Create(ctx context.Context, caller auth.Caller, n New) (Key, error) {
	request := idempotency.Request{Route: "signing-key-create", Key: n.Key, Fingerprint: n.Fingerprint, Prefix: id.SigningKey}
	return idempotency.Do(ctx, s.Idempotency, caller, request,
		func(keyID string) (Key, error) { return s.create(ctx, caller, keyID, n) },
		func(keyID string) (Key, error) {
			if err := s.Audit.Permit(ctx, caller, audit.SigningKeyCreate); err != nil {
				return Key{}, err
			}
			return s.Store.Get(ctx, caller.Tenant, keyID)
		})
}

// create records the key before it exists at the key service, so that no key
// there is without a record that names it.
func (s *Service) create(ctx context.Context, caller auth.Caller, keyID string, n New) (Key, error) {
	if err := s.Audit.Check(ctx, caller, audit.SigningKeyCreate, keyID); err != nil {
		return Key{}, err
	}
	if err := n.complete(); err != nil {
		return Key{}, err
	}
	if _, err := s.Tenants.DataKey(ctx, caller.Tenant); err != nil {
		return Key{}, err
	}
	k := Key{
		Tenant: caller.Tenant, ID: keyID, Algorithm: n.Algorithm, Size: n.Size, Days: n.Days, State: Creating,
		CreatedAt: s.Now().UTC(), CreatedBy: caller.Actor(),
	}
	k, err := s.reserve(ctx, k)
	if err != nil || k.State != Creating {
		return k, err
	}
	if k, err = s.finish(ctx, k); err != nil {
		return Key{}, errors.Join(err, idempotency.ErrLeft)
	}
	return k, nil
}

// reserve stores the record, or returns that of an earlier run.
func (s *Service) reserve(ctx context.Context, k Key) (Key, error) {
	all, err := s.Store.List(ctx, k.Tenant)
	if err != nil {
		return Key{}, err
	}
	used := 0
	for _, other := range all {
		if other.ID == k.ID {
			return other, nil
		}
		if other.State != Retired {
			used++
		}
	}
	if used >= limit {
		return Key{}, errLimit
	}
	if err := s.Store.Create(ctx, k); err != nil {
		return Key{}, errors.Join(err, idempotency.ErrLeft) // It may have been stored.
	}
	return k, nil
}

// finish makes the key and its certificate. Of two that finish at once the first
// to record its certificate decides; both found the same key.
func (s *Service) finish(ctx context.Context, k Key) (Key, error) {
	var err error
	if k.ARN, k.PublicKey, err = s.Keys.CreateSigningKey(ctx, k.Tenant, k.ID, k.Algorithm, k.Size); err != nil {
		return Key{}, err
	}
	if err := s.certify(ctx, &k); err != nil {
		return Key{}, err
	}
	return s.Store.Update(ctx, k.Tenant, k.ID, func(stored *Key) error {
		if stored.ARN != "" {
			return nil
		}
		stored.ARN, stored.PublicKey, stored.Certificate, stored.ExpiresAt = k.ARN, k.PublicKey, k.Certificate, k.ExpiresAt
		if stored.State == Creating {
			stored.State = Active
			stored.ExpiryDue = s.Now().UTC().Add(due.Soon)
		}
		return nil
	})
}

// List returns the caller's keys, retired ones too, oldest first.
func (s *Service) List(ctx context.Context, caller auth.Caller) ([]Key, error) {
	if err := s.Audit.Check(ctx, caller, audit.SigningKeyRead, ""); err != nil {
		return nil, err
	}
	return s.Store.List(ctx, caller.Tenant)
}

// Retire ends the use of a key: from now on the newest active one signs in its
// place, also for connections that were made with it. It stays in the key set
// for a day. The key at the key service stays, disabled or deleted by an
// administrator only.
func (s *Service) Retire(ctx context.Context, caller auth.Caller, keyID string) error {
	if err := s.Audit.Check(ctx, caller, audit.SigningKeyRetire, keyID); err != nil {
		return err
	}
	now := s.Now().UTC()
	_, err := s.Store.Update(ctx, caller.Tenant, keyID, func(k *Key) error {
		if k.State != Retired {
			k.State, k.RetiredAt, k.ExpiryDue = Retired, now, time.Time{}
		}
		return nil
	})
	return s.Audit.Refuse(ctx, caller, audit.SigningKeyRetire, keyID, err)
}

// KeySet returns the public halves of the tenant's keys (RFC 7517). It is
// public; a tenant that does not exist has as few keys as one that made none.
func (s *Service) KeySet(ctx context.Context, tenant string) (api.KeySet, error) {
	set := api.KeySet{Keys: []api.PublicKey{}}
	all, err := s.Store.List(ctx, tenant)
	if err != nil {
		return set, err
	}
	now := s.Now()
	for _, k := range all {
		if !k.published(now) {
			continue
		}
		public, err := k.public()
		if err != nil {
			return set, fmt.Errorf("public half of %s: %w", k.ID, err)
		}
		set.Keys = append(set.Keys, public)
	}
	return set, nil
}

// Find returns the key that signs for the tenant with the algorithm: that of
// the id while it is active, else the newest active one. A tenant without one is
// credential_unavailable. It is for other domain packages, which have checked
// their caller.
func (s *Service) Find(ctx context.Context, tenant, algorithm, keyID string) (method.SigningKey, error) {
	if keyID != "" {
		k, err := s.Store.Get(ctx, tenant, keyID)
		if err == nil && k.signs(algorithm) {
			return k.reference(), nil
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return method.SigningKey{}, err
		}
	}
	all, err := s.Store.List(ctx, tenant)
	if err != nil {
		return method.SigningKey{}, err
	}
	for _, k := range slices.Backward(all) {
		if k.signs(algorithm) {
			return k.reference(), nil
		}
	}
	missing := fmt.Sprintf("There is no active signing key for %s. Create a signing key first.", algorithm)
	return method.SigningKey{}, fault.New(fault.Conflict, fault.CodeCredentialUnavailable, missing).WithRemedy("contact_admin")
}

func (k Key) signs(algorithm string) bool { return k.State == Active && k.Algorithm == algorithm }

func (k Key) reference() method.SigningKey {
	return method.SigningKey{ID: k.ID, ARN: k.ARN, Algorithm: k.Algorithm, Thumbprint: k.thumbprint()}
}

// complete fills in what was left out and checks the rest.
func (n *New) complete() error {
	var fields []fault.Field
	switch {
	case n.Algorithm == ES256 && n.Size == 0:
		n.Size = 256
	case n.Algorithm == ES256:
		fields = append(fields, fault.Field{Pointer: "/keySize", Detail: "Keys for ES256 have one size; leave it out."})
	case n.Algorithm != RS256 && n.Algorithm != PS256:
		fields = append(fields, fault.Field{Pointer: "/algorithm", Detail: "Must be RS256, PS256 or ES256."})
	case n.Size == 0:
		n.Size = 3072
	case !slices.Contains([]int{2048, 3072, 4096}, n.Size):
		fields = append(fields, fault.Field{Pointer: "/keySize", Detail: "Must be 2048, 3072 or 4096."})
	}
	if n.Days == 0 {
		n.Days = maxDays
	}
	if n.Days < 1 || n.Days > maxDays {
		fields = append(fields, fault.Field{Pointer: "/validDays", Detail: fmt.Sprintf("Must be between 1 and %d.", maxDays)})
	}
	if len(fields) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The signing key is not valid.", Remedy: "fix_input", Fields: fields}
}
