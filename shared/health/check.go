package health

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/outage"
)

// putOffTime is over what time the checks are made that an incident puts off, and
// missedPause when at the earliest one is that could not be made.
const (
	putOffTime  = time.Hour
	missedPause = 50 * time.Minute
)

// visit is one check of one connection.
type visit struct {
	connection.Connection
	connector catalog.Connector
	provider  string // As the outages know the API.
	pass      outage.Pass
}

func (s *Service) visit(ctx context.Context, c connection.Connection) visit {
	connector, err := s.Connectors.Find(ctx, c.Connector)
	if err != nil {
		return visit{Connection: c}
	}
	return visit{Connection: c, connector: connector, provider: outage.API(connector, c.Tenant, c.BaseURL)}
}

// look returns how the API of the connection does. One without a name, of which
// nothing is known, does well.
func (s *Service) look(ctx context.Context, v visit) outage.Pass {
	if v.provider == "" {
		return outage.Pass{}
	}
	return s.Outages.For(v.Tenant).Look(ctx, v.provider)
}

// Due checks one connection; the index may be late, so the record decides. What
// calls have shown lately is not asked again. While the provider is in an
// incident, recovers or has to be called slowly, the check is put off, as it is
// under a kill switch.
func (s *Service) Due(ctx context.Context, requestID string, item due.Item) error {
	c, err := s.Store.Get(ctx, item.Tenant, item.ID)
	if fault.Has(err, fault.CodeNotFound) {
		return nil
	}
	if err != nil || c.Due.Health.IsZero() || c.Due.Health.After(s.Now()) || c.Lifecycle != connection.Ready || c.Credential == nil {
		return err
	}
	if c.AccountRequired {
		return s.unplan(ctx, c) // There is no address to ask before one is chosen.
	}
	caller, v := auth.Job("queue-health", item.Tenant, requestID), s.visit(ctx, c)
	defer s.stale(ctx, caller, item.ID)
	if known, err := s.known(ctx, v); err != nil || known {
		return err
	}
	if err := connection.Pass(ctx, s.Gate, &c); err != nil {
		return errors.Join(due.Planned(err), s.plan(ctx, v, missedPause+rand.N(putOffTime-missedPause)))
	}
	if v.provider != "" {
		if v.pass, err = s.Outages.For(c.Tenant).Admit(ctx, v.provider, c.ID); err != nil {
			return s.putOff(ctx, v, err)
		}
	}
	leave, err := s.Outages.Enter(ctx, v.provider, v.connector.Pace, false)
	if err != nil {
		return s.putOff(ctx, v, err)
	}
	defer leave()
	if err := s.Audit.Check(ctx, caller, audit.ConnectionVerify, item.ID); err != nil {
		return err
	}
	_, err = s.check(ctx, v)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, outage.ErrStopped):
		return s.putOff(ctx, v, err)
	}
	// One that could not be made keeps none of the others waiting.
	if late := s.plan(ctx, v, missedPause+rand.N(putOffTime-missedPause)); late != nil {
		return errors.Join(err, late)
	}
	return due.Planned(err)
}

// known plans the next check by the last call, and reports whether it did: a call
// that succeeded within the cadence says as much as a check.
func (s *Service) known(ctx context.Context, v visit) (bool, error) {
	now, cadence := s.Now().UTC(), v.connector.Checking()
	if connection.StatusOf(&v.Connection, now).Name != connection.StatusActive || !v.Health.Settled() {
		return false, nil
	}
	h, err := s.Histories.Get(ctx, v.Tenant, v.ID)
	if err != nil || h.CalledAt.IsZero() || !h.DeriveAt.IsZero() || h.Credential != credential(&v.Connection) {
		return false, err
	}
	v.Called(h.CalledAt, cadence)
	if !v.Due.Health.After(now) {
		return false, nil
	}
	_, err = s.Store.Update(ctx, v.Tenant, v.ID, func(c *connection.Connection) error {
		if c.Lifecycle == connection.Ready {
			c.Called(h.CalledAt, cadence)
		}
		return nil
	})
	return err == nil, err
}

// check probes, and when the token was refused refreshes it once and probes
// again: a token may die before its time. A new token that is refused as well
// lacks a permission.
func (s *Service) check(ctx context.Context, v visit) (Verification, error) {
	if !v.Fresh(s.Now(), time.Second) {
		newer, err := s.Refresher.Refresh(ctx, v.Tenant, v.ID, func(c *connection.Connection) bool { return c.Fresh(s.Now(), time.Second) })
		if err != nil {
			return s.refused(ctx, v, err)
		}
		v.Connection = newer
	}
	p, err := s.probe(ctx, v.Connection)
	if err != nil {
		return s.refused(ctx, v, err)
	}
	if p.Outcome == catalog.AuthError && v.Credential.Refreshable {
		newer, err := s.Refresher.Replace(ctx, v.Tenant, v.ID, v.LeaseCount)
		if fault.Has(err, fault.CodeRetryLater) {
			return s.record(ctx, v, p.Outcome) // No refresh is made now: this is what is known.
		}
		if err != nil {
			return s.refused(ctx, v, err)
		}
		v.Connection = newer
		if p, err = s.probe(ctx, v.Connection); err != nil {
			return s.refused(ctx, v, err)
		}
		if p.Outcome == catalog.AuthError {
			p.Outcome = catalog.PermissionError
		}
	}
	found, err := s.record(ctx, v, p.Outcome, p.Scopes...)
	if p.Message != "" {
		found.Message = p.Message
	}
	return found, err
}

// record keeps the outcome and plans the next check. Of a credential that was
// replaced meanwhile it keeps nothing: that says nothing about the new one; nor
// does it of a failure while the provider is in an incident. Scopes are those the
// system named, if it named any.
func (s *Service) record(ctx context.Context, v visit, o catalog.Outcome, scopes ...string) (Verification, error) {
	now := s.Now().UTC()
	metric.Count(ctx, metric.Probes, 1, metric.Connector(v.Connection.Connector), metric.Outcome(string(o)))
	stopped, recovered := s.trouble(ctx, v, o)
	if stopped {
		return Verification{Outcome: o, CheckedAt: now, Connection: v.Connection}, s.plan(ctx, v, rand.N(putOffTime))
	}
	c, err := connection.Transition(ctx, s.Store, s.Events, s.Now, v.Tenant, v.ID, func(c *connection.Connection) error {
		if c.Credential.Version != v.Credential.Version {
			return nil
		}
		c.Health.CheckedAt = now
		c.Health.Record(o)
		if o == catalog.AuthError && !c.Credential.Refreshable && c.Usable(now) {
			c.Health.Reason = connection.ReasonVerificationFailed
		}
		c.Health.Judge(now, recovered)
		if len(scopes) > 0 {
			scheme, _ := v.connector.Scheme(c.Scheme)
			c.Grant(scopes, true, scheme)
		}
		c.Checked(o == catalog.OK, now, v.connector.Checking())
		return nil
	})
	return Verification{Outcome: o, CheckedAt: now, Connection: c}, err
}

// trouble tells the outages of the outcome, and returns whether it says nothing
// about the connection because the API or the token endpoint is in trouble for
// everyone, and else when such trouble last ended.
func (s *Service) trouble(ctx context.Context, v visit, o catalog.Outcome) (stopped bool, recovered time.Time) {
	stopped = s.Outages.For(v.Tenant).Examined(ctx, v.pass, v.ID, o == catalog.OK || o == catalog.PermissionError)
	if connection.Theirs(connection.Letters(o)) < 0 && v.pass.Lasting(s.Now()) {
		stopped = false // Nobody may be refused for days and not be told.
	}
	recovered = v.pass.RecoveredAt()
	if o == catalog.OK || !v.Credential.Refreshable {
		return stopped && o != catalog.OK, recovered
	}
	target, err := s.Templates.Address(ctx, v.Connection)
	if err != nil {
		return stopped, recovered
	}
	token := s.Outages.Look(ctx, target.Provider)
	if token.RecoveredAt().After(recovered) {
		recovered = token.RecoveredAt()
	}
	return stopped || token.Stopped(), recovered
}

// refused records a failed refresh as the outcome it is evidence of. What says
// nothing about the connection, such as trouble in our own cloud or of a provider
// that nothing is sent to, is not recorded but returned; the record is told only
// of a key that cannot be used.
func (s *Service) refused(ctx context.Context, v visit, err error) (Verification, error) {
	if errors.Is(err, outage.ErrStopped) {
		return Verification{}, err
	}
	if errors.Is(err, connection.ErrMoved) {
		return Verification{}, err // Nobody was asked.
	}
	if errors.Is(err, method.ClientRefused) && v.MintedBy() != 0 {
		return Verification{}, err // The template's incident, which says nothing about the account.
	}
	f := fault.From(err)
	if f.Kind == fault.RateLimited {
		return s.record(ctx, v, catalog.RateLimited)
	}
	switch f.Code {
	case fault.CodeReauthRequired:
		return s.record(ctx, v, catalog.AuthError)
	case fault.CodeProviderTLS:
		return s.record(ctx, v, catalog.TLSError)
	case fault.CodeProviderTimeout:
		return s.record(ctx, v, catalog.NetworkError)
	case fault.CodeProviderUnavailable, fault.CodeProviderError:
		return s.record(ctx, v, catalog.ProviderError)
	case fault.CodeCredentialUnavailable:
		return Verification{}, errors.Join(err, s.keyUnavailable(ctx, v))
	default:
		return Verification{}, err
	}
}

// keyUnavailable notes that the credential could not be opened.
func (s *Service) keyUnavailable(ctx context.Context, v visit) error {
	_, err := connection.Transition(ctx, s.Store, s.Events, s.Now, v.Tenant, v.ID, func(c *connection.Connection) error {
		c.Health.Unavailable()
		c.Checked(false, s.Now().UTC(), v.connector.Checking())
		return nil
	})
	return err
}
