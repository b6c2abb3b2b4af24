// Package tenant owns the customers of the organization: their onboarding with
// a data key of their own under a KMS key of their own or of the stage, their
// standing, on which it depends who is served, their settings, and how roles in
// their AWS accounts know them; and which addresses calls to systems come from. It
// depends on packages api, audit, auth, connection, fault, id, notify, secret and
// vault.
package tenant

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Tenant is the stored record.
type Tenant struct {
	ID          string
	Name        string
	State       State
	Key         vault.WrappedKey // Zero while provisioning; without the blob once removed.
	CreatedAt   time.Time
	Suspension  *Suspension  // Of a suspended tenant, else nil.
	Offboarding *Offboarding // Of one that is being removed or is removed, else nil.
	Due         time.Time    // When it is looked after next; zero is never.
	Version     int64        // Counts the writes.
}

// State says where a tenant is in its life.
type State string

// The states, in their order; a suspended tenant becomes ready again.
const (
	Provisioning State = "provisioning" // Recorded; the key may be missing.
	Ready        State = "ready"
	Suspended    State = "suspended"   // Its key cannot be used.
	Leaving      State = "offboarding" // Being removed.
	Removed      State = "removed"     // The record stays, so that the id is never used again.
)

// Store keeps tenants.
type Store interface {
	// Get returns ErrUnknown for a tenant that was never created.
	Get(ctx context.Context, id string) (Tenant, error)
	// Create stores a new tenant; an existing id is ErrExists.
	Create(ctx context.Context, t Tenant) error
	// Activate sets key and state of a provisioning tenant, once: one that is not
	// provisioning any more is returned as it is.
	Activate(ctx context.Context, id string, key vault.WrappedKey) (Tenant, error)
	// Update applies change to the record as it stands; change may run again, and
	// its error ends it. ErrUnknown as for Get.
	Update(ctx context.Context, id string, change func(*Tenant) error) (Tenant, error)
	// Mark is Update for whoever may write the tenant's record and not the list of
	// tenants, as sessions of one tenant: the list shows it with the next Update.
	Mark(ctx context.Context, id string, change func(*Tenant) error) (Tenant, error)
	// List returns tenants in order of id, beginning after start.
	List(ctx context.Context, start string, limit int) ([]Tenant, string, error)
	GetSettings(ctx context.Context, tenant string) (Settings, error)
	// PutSettings replaces the revision before s.Revision, else ErrStale.
	PutSettings(ctx context.Context, tenant string, s Settings) error
	// DeleteSettings makes the settings the zero value; it may be repeated.
	DeleteSettings(ctx context.Context, tenant string) error
	ExternalIDStore
}

// Keys creates a tenant's keys.
type Keys interface {
	// CreateTenantKey returns the ARN of the tenant's KMS key. It may be
	// repeated: the key is found again by its alias.
	CreateTenantKey(ctx context.Context, tenant string) (keyARN string, err error)
	NewDataKey(ctx context.Context, keyARN string, binding map[string]string) (plain secret.Bytes, wrapped []byte, err error)
}

// Errors of a Store.
var (
	ErrUnknown  = fault.New(fault.Conflict, fault.CodeTenantUnknown, "This tenant was not onboarded yet. Create it with POST /v1/tenants.")
	ErrExists   = fault.New(fault.Conflict, fault.CodeTenantExists, "There is a tenant of this id already.")
	ErrNotFound = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such tenant.")
	ErrStale    = fault.New(fault.PreconditionFailed, fault.CodePreconditionFailed, "It was changed by someone else. Read it again.")
)

// Service onboards tenants and keeps their settings. Keys may be nil in
// functions that create none, ExternalIDs and Assumer in those that show none.
// SharedKey decides for new tenants only: the record says which key one has.
type Service struct {
	Store       Store
	Keys        Keys
	SharedKey   string // ARN of the KMS key that new tenants share; empty makes one for each.
	ExternalIDs ExternalIDs
	Assumer     Assumer
	Audit       *audit.Log
	Addresses   []string // Where calls to systems come from; none where that changes.
	Local       bool     // Settings may name pages on this machine.
	Now         func() time.Time
}

// Create onboards a tenant. Every step may be repeated: after a crash the same
// call finishes what is missing. The organization may create any tenant; a
// tenant's own administrator only that tenant. A tenant that exists is
// tenant_exists, unless repeated says that the caller may be repeating itself
// (it sent an Idempotency-Key) and asks for the same again.
func (s *Service) Create(ctx context.Context, caller auth.Caller, id, name string, repeated bool) (Tenant, error) {
	if err := s.Audit.Check(ctx, caller, audit.TenantCreate, id); err != nil {
		return Tenant{}, err
	}
	if !caller.IsOrganization() && id != caller.Tenant {
		denied := fault.New(fault.Denied, fault.CodeForbidden, "Only the organization may create other tenants.")
		return Tenant{}, s.Audit.Refuse(ctx, caller, audit.TenantCreate, id, denied)
	}
	if caller.IsOrganization() && id != auth.Organization {
		// The organization's own key guards the client secrets of its templates.
		if _, err := s.provision(ctx, auth.Organization, "Organization"); err != nil && !errors.Is(err, ErrExists) {
			return Tenant{}, err
		}
	}
	t, err := s.provision(ctx, id, name)
	if repeated && errors.Is(err, ErrExists) && t.Name == name {
		return t, nil
	}
	return t, err
}

func (s *Service) provision(ctx context.Context, id, name string) (Tenant, error) {
	t := Tenant{ID: id, Name: name, State: Provisioning, CreatedAt: s.Now().UTC()}
	if err := s.Store.Create(ctx, t); errors.Is(err, ErrExists) {
		if t, err = s.Store.Get(ctx, id); err != nil {
			return Tenant{}, err
		}
		switch t.State {
		case Ready, Suspended:
			return t, ErrExists
		case Leaving, Removed:
			return Tenant{}, ErrRemoved
		}
	} else if err != nil {
		return Tenant{}, err
	}
	key, err := s.newKey(ctx, id)
	if err != nil {
		return Tenant{}, err
	}
	t, err = s.Store.Activate(ctx, id, key)
	if err == nil && t.State.Gone() {
		return Tenant{}, ErrRemoved
	}
	return t, err
}

// newKey wraps a new data key for the tenant. Under the shared KMS key too it opens
// for this tenant only, by what it is bound to.
func (s *Service) newKey(ctx context.Context, id string) (vault.WrappedKey, error) {
	key := vault.WrappedKey{KeyARN: s.SharedKey, Shared: s.SharedKey != "", Version: 1}
	var err error
	if !key.Shared {
		if key.KeyARN, err = s.Keys.CreateTenantKey(ctx, id); err != nil {
			return vault.WrappedKey{}, err
		}
	}
	_, key.Blob, err = s.Keys.NewDataKey(ctx, key.KeyARN, vault.Binding(id))
	return key, err
}

// Get returns a tenant: any for the organization, only its own for a tenant.
func (s *Service) Get(ctx context.Context, caller auth.Caller, id string) (Tenant, error) {
	if err := s.Audit.Check(ctx, caller, audit.TenantRead, id); err != nil {
		return Tenant{}, err
	}
	if !caller.IsOrganization() && id != caller.Tenant {
		return Tenant{}, ErrNotFound
	}
	t, err := s.Store.Get(ctx, id)
	if errors.Is(err, ErrUnknown) {
		return Tenant{}, ErrNotFound
	}
	return t, err
}

// List returns the tenants of the stage to the organization, and to a tenant
// only itself.
func (s *Service) List(ctx context.Context, caller auth.Caller, start string, limit int) ([]Tenant, string, error) {
	if err := s.Audit.Check(ctx, caller, audit.TenantRead, ""); err != nil {
		return nil, "", err
	}
	if caller.IsOrganization() {
		return s.Store.List(ctx, start, limit)
	}
	t, err := s.Store.Get(ctx, caller.Tenant)
	if errors.Is(err, ErrUnknown) {
		return nil, "", nil
	}
	return []Tenant{t}, "", err
}
