package connect

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Refresher keeps credentials fresh: *lease.Refresher.
type Refresher interface {
	// Refresh returns the connection once enough is satisfied.
	Refresh(ctx context.Context, tenant, connectionID string, enough func(*connection.Connection) bool) (connection.Connection, error)
}

// listTime is how long a credential must stay valid for accounts to be listed and
// one of them to be verified with it.
const listTime = 30 * time.Second

// opened is a connection with its current credential in hand, as it was when the
// record had this version.
type opened struct {
	connection.Connection
	target method.Target // Without what the choice of an account set.
	fields map[string]secret.Bytes
	token  method.Token
}

// open opens the current credential of a connection whose accounts can be listed.
func (s *Service) open(ctx context.Context, c connection.Connection) (opened, error) {
	if c.Lifecycle == connection.Disabled {
		return opened{}, fault.New(fault.Conflict, fault.CodeConnectionDisabled, "The connection is paused. Enable it first.")
	}
	if c.Credential == nil {
		return opened{}, fault.New(fault.Conflict, fault.CodeConnectionPending, "The connection has no credential yet.").WithRemedy("reconnect")
	}
	target, err := s.Templates.Address(ctx, c)
	if err != nil {
		return opened{}, err
	}
	if target.Scheme.Accounts == nil {
		return opened{}, fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "This auth scheme lists no accounts to choose from.").WithRemedy("fix_input")
	}
	fresh := func(c *connection.Connection) bool {
		if c.Credential == nil || !c.Credential.Refreshable {
			return true // The system says what it thinks of it.
		}
		return c.Fresh(s.Now(), listTime)
	}
	seen := c.Version
	if c, err = s.Refresher.Refresh(ctx, c.Tenant, c.ID, fresh); err != nil {
		return opened{}, err
	}
	if c.Version != seen {
		if target, err = s.Templates.Address(ctx, c); err != nil {
			return opened{}, err
		}
	}
	if c.Moved(target.Hosts) {
		return opened{}, connection.ErrMoved
	}
	unchoose(target)
	h := opened{Connection: c, target: target}
	h.fields, h.token, err = s.inHand(ctx, c, target.Scheme)
	return h, err
}

// inHand returns what the hot copy of a connection was made of: a token, or the
// members of what is kept.
func (s *Service) inHand(ctx context.Context, c connection.Connection, scheme catalog.Scheme) (map[string]secret.Bytes, method.Token, error) {
	plain, err := s.Sealer.Open(ctx, c.Place(), c.Lease)
	if err != nil {
		return nil, method.Token{}, err
	}
	hot, err := vault.DecodeLeasable(plain)
	if err != nil {
		return nil, method.Token{}, err
	}
	if !hot.AccessToken.IsZero() {
		return nil, method.Token{AccessToken: hot.AccessToken, Type: hot.TokenType}, nil
	}
	material, err := lease.Material(ctx, s.Secrets, c)
	if err != nil {
		return nil, method.Token{}, err
	}
	return catalog.WithDefaults(scheme.Fields, material.Fields), method.Token{}, nil
}

// list asks the system for the accounts.
func (s *Service) list(ctx context.Context, h opened) ([]method.Account, error) {
	m, _ := method.For(h.target.Scheme.Type)
	leasable, err := m.Apply(h.target, h.fields, h.token)
	if err != nil {
		return nil, err
	}
	listed, probe, err := method.Accounts(ctx, s.Reach, h.target, leasable, s.Templates.Catalog.Local)
	if err != nil {
		return nil, err
	}
	if err := unlistable(probe); err != nil {
		return nil, err
	}
	return listed, probeFault(probe)
}
