package method

import (
	"context"
	"fmt"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// proveLogin logs in to the scheme's server with what a lease hands out.
func proveLogin(ctx context.Context, reach Reach, t Target, l vault.Leasable) (Login, Probe, error) {
	if reach.Servers == nil || t.Scheme.Server == nil {
		return Login{}, Probe{}, fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "Servers of this kind cannot be reached from here.")
	}
	login, err := newLogin(t, l)
	if err != nil {
		return Login{}, Probe{}, fmt.Errorf("login of %s: %w", t.Connector.ID, err)
	}
	p, err := reach.Servers.Probe(ctx, login)
	return login, p, err
}

// newLogin takes from the inputs only what the lease does not say: a credential
// goes to no other server than the one it was given for, and under no other host
// key, when somebody changes the inputs afterwards.
func newLogin(t Target, l vault.Leasable) (Login, error) {
	login := Login{Tenant: t.Tenant, Protocol: t.Scheme.Server.Protocol, Values: make(map[string]secret.Bytes, len(t.Values)+len(l.Values))}
	texts := make(map[string]string, len(t.Values)+len(l.Values))
	for name, v := range t.Values {
		texts[name], login.Values[name] = v.Text, secret.FromString(v.Text)
	}
	for name, v := range l.Values {
		texts[name], login.Values[name] = v.Reveal(), v
	}
	var err error
	if login.Host, err = catalog.ExpandText(t.Scheme.Server.Host, texts); err != nil {
		return Login{}, err
	}
	login.Port, err = catalog.ExpandText(t.Scheme.Server.Port, texts)
	return login, err
}
