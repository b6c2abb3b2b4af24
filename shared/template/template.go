// Package template owns the configuration of a connector: auth scheme, OAuth
// client, scopes and the inputs every connection made from it inherits. It
// resolves a connection into everything a method needs. It depends on packages
// api, audit, auth, catalog, connection, connector, due, fault, id,
// idempotency, method, notify, secret and vault.
//
// A template belongs to the tenant that made it. The organization's templates
// may be used, never changed, by every tenant while they are embedded; a
// tenant's own template is visible to that tenant alone.
package template

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// Template is the stored record.
type Template struct {
	Owner     string // Tenant.
	ID        string // tpl_…
	Connector string
	Name      string
	StableKey string
	Scheme    string // Id of the scheme within the connector.
	Embedded  bool
	// Credentials says whose accounts are connected: Customer or Organization.
	// SuppliedBy says who brings their credentials.
	Credentials    Party
	SuppliedBy     Party
	TestConnection string // Id of the connection, of the owner, that serves test runs; empty for none.
	Scopes         []string
	Inputs         map[string]string
	Client                    // The primary: it asks for new grants.
	Previous       *Client    // The secondary: the primary before, while connections move on to the new one.
	Endpoints      *Endpoints // What discovery found, for schemes that need it.
	ExpiryDue      time.Time  // When the ends of the client secrets are looked at next; zero is never.
	Inheritance    Inheritance
	Deleting       bool // Invisible: being deleted, or refused to be at the last moment.

	Revision  int
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Party is one of the two sides of an integration.
type Party string

// The parties. A stored template without one means the customer.
const (
	Customer     Party = "customer"
	Organization Party = "organization"
)

// ClientSecret says where the client secret is and what may be shown of it.
type ClientSecret struct {
	At    vault.Locator
	Last4 string
	SetAt time.Time
	SetBy string
	// ExpiresAt is its end, as its owner said; zero when nobody did.
	ExpiresAt time.Time
}

// Endpoints are those of an authorization server's metadata (RFC 8414).
type Endpoints struct {
	Issuer           string
	Authorize        string
	Token            string
	Revoke           string
	Userinfo         string
	JWKS             string
	IssuerInCallback bool // authorization_response_iss_parameter_supported.
	CheckedAt        time.Time
}

// Store keeps templates.
type Store interface {
	Get(ctx context.Context, owner, id string) (Template, error)
	// Create stores a new template. Another template of the owner with the same
	// stable key is ErrStableKey.
	Create(ctx context.Context, t Template) error
	// Update works as connection.Store.Update does.
	Update(ctx context.Context, owner, id string, change func(*Template) error) (Template, error)
	Delete(ctx context.Context, t Template) error
	// InUse reports consistently whether a connection made from the template
	// exists. Once Deleting is stored, connection.Store.Create adds none.
	InUse(ctx context.Context, owner, id string) (bool, error)
	// Uses counts consistently the connections made from the template, by the
	// key of the client that minted their credential; zero is none.
	Uses(ctx context.Context, owner, id string) (map[int]int, error)
	// UsedBy returns consistently the connections made from the template, in order of
	// tenant and id, beginning after start, and what to go on from, empty at the end.
	UsedBy(ctx context.Context, owner, id, start string, limit int) ([]connection.Ref, string, error)
	// List returns an owner's templates in order of id, beginning after start.
	List(ctx context.Context, owner, start string, limit int) ([]Template, string, error)
	// Named returns the owner's template with a stable key.
	Named(ctx context.Context, owner, stableKey string) (Template, error)
}

// Errors of a Store.
var (
	ErrNotFound  = fault.New(fault.NotFound, fault.CodeNotFound, "There is no such template.")
	ErrExists    = fault.New(fault.Conflict, fault.CodeConflict, "The template exists already.")
	ErrStableKey = fault.New(fault.Conflict, fault.CodeStableKeyTaken, "Another template has this stable key.")
)

// visible reports whether a tenant may use the template.
func (t Template) visible(tenant string) bool {
	return !t.Deleting && (t.Owner == tenant || t.Owner == auth.Organization && t.Embedded)
}
