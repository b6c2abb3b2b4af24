package connect

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
)

// PutCredential replaces the static credential. The old one serves until the
// new one is verified and current; then it is destroyed, and so is the one
// before it. While another is pending it is refused. Nothing is given where the
// scheme needs nothing of a person: the system is asked for a new grant, which is
// how a connection is mended whose grants were refused.
func (s *Service) PutCredential(ctx context.Context, caller auth.Caller, connectionID, ifMatch string, given map[string]secret.Bytes) (connection.Connection, error) {
	return s.putOffer(ctx, caller, connectionID, ifMatch, offer{fields: given})
}

func (s *Service) putOffer(ctx context.Context, caller auth.Caller, connectionID, ifMatch string, given offer) (connection.Connection, error) {
	c, err := s.given(ctx, caller, connectionID, ifMatch, given, nil)
	if err != nil {
		return connection.Connection{}, err
	}
	if c.Pending != nil {
		return connection.Connection{}, errPending
	}
	return s.setCredential(ctx, caller, c, given, ifMatch)
}

// StageCredential saves a static credential as the pending one; the current one
// goes on serving. The system is asked once and its answer is recorded: a
// refusal does not keep it from being saved, for it may be switched on at the
// system later. One that was pending before is destroyed.
func (s *Service) StageCredential(ctx context.Context, caller auth.Caller, connectionID, ifMatch string, given map[string]secret.Bytes) (connection.Connection, error) {
	return s.stageOffer(ctx, caller, connectionID, ifMatch, offer{fields: given})
}

func (s *Service) stageOffer(ctx context.Context, caller auth.Caller, connectionID, ifMatch string, given offer) (connection.Connection, error) {
	c, err := s.given(ctx, caller, connectionID, ifMatch, given, map[string]string{"mode": "staged"})
	if err != nil {
		return connection.Connection{}, err
	}
	if c.Credential == nil || c.Credential.At.Secret == "" {
		return connection.Connection{}, errUnkept
	}
	target, e, err := s.examine(ctx, c, given.fields)
	e.EndsAt = given.endsAt
	outcome, err := outcomeOf(e.Probe.Outcome, err)
	if err != nil {
		return connection.Connection{}, err
	}
	if c.Moved(target.Hosts) {
		return connection.Connection{}, connection.ErrMoved // It would be for other hosts than the current one.
	}
	if err := e.pinned(c); err != nil {
		return connection.Connection{}, err
	}
	now := s.Now().UTC()
	at, err := s.stage(ctx, c, e, now)
	if err != nil {
		return connection.Connection{}, err
	}
	k := e.kept(at, caller, now)
	k.Outcome = outcome
	staged, err := s.amend(ctx, c, at, func(c *connection.Connection) error {
		if target.TemplateRevision < c.TemplateRevision {
			return errChanged
		}
		c.Stage(k, now)
		return revise(c, ifMatch)
	})
	if err != nil {
		return connection.Connection{}, err
	}
	return s.retire(ctx, staged), nil
}

// given authorizes the putting of a credential and validates it.
func (s *Service) given(ctx context.Context, caller auth.Caller, connectionID, ifMatch string, given offer, facts map[string]string) (connection.Connection, error) {
	c, err := s.rotatable(ctx, caller, audit.CredentialPut, connectionID, ifMatch, facts)
	if err != nil {
		return c, err
	}
	if !c.Provisioning.IsZero() {
		return c, errProvisioning
	}
	if err := given.check(s.Now()); err != nil {
		return c, err
	}
	target, err := s.Templates.Address(ctx, c)
	if err != nil {
		return c, err
	}
	if len(given.fields) == 0 && (!granter(target.Scheme.Type) || !unattended(target.Scheme, New{})) {
		return c, fault.New(fault.Invalid, fault.CodeValidationFailed, "The credential is missing.").WithRemedy("fix_input")
	}
	return c, checkCredential(target, given.fields)
}

// verified is examine, with what the system did not accept as an error.
func (s *Service) verified(ctx context.Context, c connection.Connection, fields map[string]secret.Bytes) (method.Target, established, error) {
	return s.verifiedAs(ctx, c, established{Fields: fields})
}

func (s *Service) verifiedAs(ctx context.Context, c connection.Connection, e established) (method.Target, established, error) {
	target, e, err := s.examineAs(ctx, c, e)
	if err == nil {
		err = probeFault(e.Probe)
	}
	return target, e, err
}

// probeFault is outcomeFault in the words of the probe, where it has any.
func probeFault(p method.Probe) error {
	err := outcomeFault(p.Outcome)
	if err == nil || p.Message == "" {
		return err
	}
	f := *fault.From(err)
	f.Detail = p.Message
	return &f
}

// examine asks the system about a static credential, once, and changes nothing.
// A token that is not granted is an error, and so is a credential that cannot
// be used with the scheme; any other answer is an outcome.
func (s *Service) examine(ctx context.Context, c connection.Connection, fields map[string]secret.Bytes) (method.Target, established, error) {
	return s.examineAs(ctx, c, established{Fields: fields})
}

// examineAs is examine for what the caller says besides.
func (s *Service) examineAs(ctx context.Context, c connection.Connection, e established) (method.Target, established, error) {
	target, err := s.Templates.ResolveGrant(ctx, c)
	if err != nil {
		return target, e, err
	}
	fields := catalog.WithDefaults(target.Scheme.Fields, e.Fields)
	e.Fields = fields
	m, ok := method.For(target.Scheme.Type)
	if !ok {
		return target, e, fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "The auth scheme is not supported.")
	}
	e.Description = describe(m, fields)
	if err := ended(m, e.Description, s.Now()); err != nil {
		return target, e, err
	}
	if granter, ok := m.(method.Granter); ok {
		if e.Token, e.MintedBy, err = s.grant(ctx, c, granter, target, fields); err != nil {
			return target, e, err
		}
		if e.Captured, err = s.capture(ctx, target, e.Token, nil, nil); err != nil {
			return target, e, err
		}
	}
	e, err = s.tried(ctx, c, target, e)
	e.identify()
	return target, e, err
}

// ended refuses a credential whose own end has passed: no lease of it would ever
// be given. What tokens are granted for ends by the system's word alone.
func ended(m method.Method, d method.Description, now time.Time) error {
	if _, ok := m.(method.Granter); ok || d.ExpiresAt.IsZero() || now.Before(d.ExpiresAt) {
		return nil
	}
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The credential has expired.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: "/credential", Detail: "Ended on " + d.ExpiresAt.UTC().Format(time.DateOnly) + "."}},
	}
}

// describe returns what may be shown of a credential.
func describe(m method.Method, fields map[string]secret.Bytes) method.Description {
	static, ok := m.(method.Static)
	if !ok {
		return method.Description{}
	}
	return static.Describe(fields)
}

// grant gets a token from what is kept. That a client of the connection's own is
// refused is for whoever gave it to mend, not for the template's owner.
func (s *Service) grant(ctx context.Context, c connection.Connection, m method.Granter, target method.Target, fields map[string]secret.Bytes) (token method.Token, client int, err error) {
	request, err := m.Grant(target, fields)
	if err != nil {
		return token, 0, err
	}
	token, client, err = s.redeem(ctx, c, request, target)
	if errors.Is(err, method.Definitive) || len(fields) > 0 && errors.Is(err, method.ClientRefused) {
		err = outcomeFault(catalog.AuthError)
	}
	return token, client, err
}

// outcomeOf returns what the system said to a credential. An error of a token
// request is such an answer too; any other stays an error.
func outcomeOf(probed catalog.Outcome, err error) (catalog.Outcome, error) {
	if err == nil {
		return probed, nil
	}
	switch f := fault.From(err); {
	case f.Code == fault.CodeVerificationFailed:
		return catalog.AuthError, nil
	case f.Code == fault.CodeProviderError:
		return catalog.Unknown, nil
	case f.Code == fault.CodeProviderTLS:
		return catalog.TLSError, nil
	case f.Code == fault.CodeProviderUnavailable && f.Kind == fault.RateLimited:
		return catalog.RateLimited, nil
	case f.Code == fault.CodeProviderUnavailable, f.Code == fault.CodeProviderTimeout:
		return catalog.ProviderError, nil
	default:
		return "", err
	}
}
