package inheritance

import (
	"context"
	"errors"
	"maps"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// mostTries is how often a connection is looked at that others write to.
const mostTries = 5

var (
	errRaced = errors.New("the connection was written to meanwhile")
	errHas   = errors.New("the connection has the revision")
)

// take lets one connection take over what its template says now.
func (r *run) take(ctx context.Context, ref connection.Ref) (err error) {
	for range mostTries {
		if err = r.try(ctx, ref); !errors.Is(err, errRaced) {
			break
		}
	}
	if errors.Is(err, errHas) || errors.Is(err, connection.ErrNotFound) {
		return nil
	}
	return err
}

func (r *run) try(ctx context.Context, ref connection.Ref) error {
	seen, err := r.Connections.Get(ctx, ref.Tenant, ref.ID)
	if err != nil {
		return err
	}
	if !r.behind(&seen, r.record.Inheritance.Revision) || seen.Lifecycle == connection.Deleting {
		return errHas
	}
	in, err := r.inherited(ctx, seen)
	if err != nil {
		return err
	}
	if seen.Credential != nil {
		if err := r.Audit.Check(ctx, auth.Job("queue-reconcile", ref.Tenant, r.requestID), audit.ConnectionUpdate, ref.ID); err != nil {
			return err
		}
	}
	_, err = connection.Transition(ctx, r.Connections, r.Events, r.Now, ref.Tenant, ref.ID, func(c *connection.Connection) error {
		switch {
		case !r.behind(c, in.Revision) || c.Lifecycle == connection.Deleting:
			return errHas
		case c.TemplateRevision > in.Revision || c.LeaseCount != seen.LeaseCount || (c.Credential == nil) != (seen.Credential == nil) || !maps.Equal(c.Inputs, seen.Inputs):
			return errRaced // What was made anew is of another token or address.
		}
		return c.Inherit(ctx, r.Sealer, in, r.Now().UTC())
	})
	return err
}

// inherited makes anew, by what the template says now, what a lease of the
// connection hands out.
func (r *run) inherited(ctx context.Context, c connection.Connection) (connection.Inherited, error) {
	target, err := r.Templates.Address(ctx, c)
	if err != nil {
		return connection.Inherited{}, err
	}
	in := connection.Inherited{Revision: target.TemplateRevision, BaseURL: target.BaseURL(), Hosts: target.Hosts}
	if c.Credential == nil || c.Moved(target.Hosts) {
		return in, nil
	}
	m, ok := method.For(target.Scheme.Type)
	if !ok {
		return in, fault.New(fault.Conflict, fault.CodeSchemeMismatch, "The auth scheme is not supported.")
	}
	_, in.Regrant = m.(method.Granter)
	if len(c.Lease) == 0 || in.Regrant && !maps.Equal(c.Hosts, target.Hosts) {
		return in, nil // There is no token, or it is of another host and of no use.
	}
	if target, err = r.Templates.Resolve(ctx, c); err != nil {
		return in, err
	}
	in.Revision, in.BaseURL, in.Hosts = target.TemplateRevision, target.BaseURL(), target.Hosts
	in.Leasable, err = r.rebuilt(ctx, c, m, target)
	return in, err
}

// rebuilt applies the current credential to the target: the token of the hot copy,
// or what is kept where that is handed out. Nil is a session that only a new grant
// can place.
func (r *run) rebuilt(ctx context.Context, c connection.Connection, m method.Method, target method.Target) (*vault.Leasable, error) {
	plain, err := r.Sealer.Open(ctx, c.Place(), c.Lease)
	if err != nil {
		return nil, err
	}
	old, err := vault.DecodeLeasable(plain)
	if err != nil {
		return nil, err
	}
	_, granter := m.(method.Granter)
	if granter && old.AccessToken.IsZero() {
		return nil, nil
	}
	var kept map[string]secret.Bytes
	if old.AccessToken.IsZero() {
		material, err := lease.Material(ctx, r.Secrets, c)
		if err != nil {
			return nil, err
		}
		kept = material.Fields
	}
	l, err := m.Apply(target, kept, method.Token{AccessToken: old.AccessToken, Type: old.TokenType})
	return &l, err
}
