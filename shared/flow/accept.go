package flow

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
)

// Refusal says why a binding does not accept a connection.
type Refusal struct {
	Code    string   // One of the codes below.
	Detail  string   // One sentence.
	Remedy  string   // What a person can do, as of a fault; empty for choosing another.
	Missing []string // The scopes that are not granted.
}

// Why a binding does not accept a connection.
const (
	TestCredential   = "test_credential"
	OtherConnector   = "other_connector"
	OtherTemplate    = "other_template"
	WrongEnvironment = "environment_not_allowed"
	NoScopes         = "no_scopes"
	ScopesMissing    = "scopes_missing"
	NotConnected     = "not_connected"
)

// candidate is a connection as it was read, with the template it is made from.
type candidate struct {
	connection.Connection
	template template.Template
	scheme   catalog.Scheme // Zero when it is in the catalog no more.
}

// refusal returns why the binding does not accept the connection, nil if it does.
// usable asks for a credential that can be used now, as an active flow does.
func (b *Binding) refusal(c *candidate, usable bool, now time.Time) *Refusal {
	missing := c.scheme.Lacks(c.GrantedScopes, c.Credential != nil && c.Credential.Refreshable, b.Scopes)
	switch {
	case c.Connection.TestCredential:
		return &Refusal{Code: TestCredential, Detail: "The connection serves test runs only."}
	case c.Connector != b.Connector:
		return &Refusal{Code: OtherConnector, Detail: "The connection is to another system than the binding asks for."}
	case b.Template != "" && c.template.StableKey != b.Template:
		return &Refusal{Code: OtherTemplate, Detail: "The connection is made from another template than the binding asks for."}
	case !slices.Contains(b.Environments, c.Environment):
		return &Refusal{Code: WrongEnvironment, Detail: "The binding does not allow the environment of the connection."}
	case len(missing) > 0 && !strings.HasPrefix(c.SchemeType, "oauth2_"):
		return &Refusal{Code: NoScopes, Detail: "The binding requires scopes, and the auth scheme of the connection has none."}
	case usable && (c.Lifecycle != connection.Ready || !c.Usable(now)):
		return &Refusal{Code: NotConnected, Detail: "The connection has no credential that an active flow could use now.", Remedy: "reconnect"}
	case usable && c.Held():
		return &Refusal{Code: NotConnected, Detail: "The credential was imported and is not verified yet.", Remedy: "retry"}
	case usable && c.AccountRequired:
		return &Refusal{Code: NotConnected, Detail: connection.ErrAccountRequired.Detail, Remedy: connection.ErrAccountRequired.Remedy}
	case len(missing) > 0:
		return &Refusal{Code: ScopesMissing, Detail: "The connection was not granted every scope that the binding requires.", Remedy: "grant_permissions", Missing: missing}
	default:
		return nil
	}
}

// finder finds connections for flows. It reads each template and connector once.
type finder struct {
	*Service
	templates  map[connection.Ref]template.Template
	connectors map[string]catalog.Connector
}

func (s *Service) finder() finder {
	return finder{s, map[connection.Ref]template.Template{}, map[string]catalog.Connector{}}
}

// find returns a connection that flows of the tenant may use: its own, or a shared
// one of the organization. Any other is connection.ErrNotFound.
func (f finder) find(ctx context.Context, tenant, id string) (*candidate, error) {
	c, err := f.Connections.Get(ctx, tenant, id)
	if errors.Is(err, connection.ErrNotFound) && tenant != auth.Organization {
		c, err = f.Connections.Get(ctx, auth.Organization, id)
	}
	if err != nil {
		return nil, err
	}
	found, visible, err := f.complete(ctx, tenant, c)
	if err != nil {
		return nil, err
	}
	if !visible {
		return nil, connection.ErrNotFound
	}
	return found, nil
}

// complete reads the template of a connection, and reports whether flows of the
// tenant may know of the connection.
func (f finder) complete(ctx context.Context, tenant string, c connection.Connection) (*candidate, bool, error) {
	ref := connection.Ref{Tenant: c.TemplateOwner, ID: c.TemplateID}
	t, ok := f.templates[ref]
	if !ok {
		var err error
		if t, err = f.Templates.Get(ctx, ref.Tenant, ref.ID); err != nil && !errors.Is(err, template.ErrNotFound) {
			return nil, false, err
		}
		f.templates[ref] = t
	}
	if c.Lifecycle == connection.Deleting || c.Tenant != tenant && (!t.Shared() || c.TestCredential) {
		return nil, false, nil
	}
	scheme, err := f.scheme(ctx, c)
	return &candidate{c, t, scheme}, true, err
}

// scheme returns the auth scheme of a connection, which says what scopes imply.
func (f finder) scheme(ctx context.Context, c connection.Connection) (catalog.Scheme, error) {
	connector, ok := f.connectors[c.Connector]
	if !ok {
		var err error
		if connector, err = f.Catalog.Find(ctx, c.Connector); err != nil && !fault.Has(err, fault.CodeNotFound) {
			return catalog.Scheme{}, err
		}
		f.connectors[c.Connector] = connector
	}
	scheme, _ := connector.Scheme(c.Scheme)
	return scheme, nil
}
