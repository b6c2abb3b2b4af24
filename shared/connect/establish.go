package connect

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// established is a credential that the provider has accepted and that is not
// stored yet.
type established struct {
	Fields      map[string]secret.Bytes
	Token       method.Token
	MintedBy    int // Key of the template's client.
	Leasable    vault.Leasable
	Probe       method.Probe
	Captured    map[string]string
	Account     connection.Account
	Description method.Description
	EndsAt      time.Time // As stated by whoever gave the credential.
	// AllowAccountChange lets a reconnect bring another provider account.
	AllowAccountChange bool
	// By is the handoff that brought it; nil for none. What it asked for is what
	// the connection wants from then on.
	By *Handoff
	// Wanted is the id of the account that is to be chosen where several are listed;
	// AccountRequired says that somebody has yet to choose one.
	Wanted          string
	AccountRequired bool
	// Handoff is the one the connection must still have open; empty for any.
	Handoff string
	// IfMatch is the version of the record the caller replaces; empty for any.
	IfMatch string
}

// establish stores a verified credential and makes it current. The order is
// such that a crash leaves either the old credential or the new one: the new
// version is written first, then one update of the record points to it, and
// only then is the old version taken out of service, by the reconciler if the
// request does not come to it.
func (s *Service) establish(ctx context.Context, caller auth.Caller, c connection.Connection, target method.Target, e established) (connection.Connection, error) {
	e.identify()
	if err := errors.Join(e.pinned(c), connection.Pass(ctx, s.Gate, &c)); err != nil {
		return c, err
	}
	if err := s.Sealer.Ready(ctx, c.Tenant); err != nil {
		return c, err
	}
	now := s.Now().UTC()
	at, err := s.store(ctx, c, e, now)
	if err != nil {
		return c, err
	}
	k := connection.Credential{At: at, SetAt: now, SetBy: caller.Actor(), PromotedAt: now, EndsAt: e.EndsAt}
	secretName, verified, seen := c.SecretName, c.Inputs, c
	c, err = s.amend(ctx, c, at, func(c *connection.Connection) error {
		if c.Pending != nil {
			return errPending
		}
		if !maps.Equal(c.Inputs, verified) {
			return errChanged // It would go to an address that it was not verified at.
		}
		old := c.Credential
		if err := s.install(ctx, c, target, k, e, now); err != nil {
			return err
		}
		if old != nil && old.At.Secret != "" {
			c.Supersede(*old, 0, now)
		}
		c.Tell(notify.ConnectionConnected, now, nil)
		return nil
	})
	if fault.Has(err, fault.CodeNotFound) {
		// Disconnected meanwhile: its secret was destroyed and must stay so.
		err = errors.Join(err, s.Secrets.Delete(ctx, secretName))
	}
	if seen.Cutoff == nil && (connection.CutOff(err) || fault.Has(err, fault.CodeConnectionDisabled)) {
		err = errors.Join(err, s.unwritten(ctx, seen, secretName)) // Cut off meanwhile.
	}
	if err != nil {
		return c, err
	}
	if len(c.Retiring) > 0 {
		// A replacement at the same time may have pushed this version out of all labels,
		// or come after it.
		aligned, err := s.align(ctx, c)
		if err != nil {
			slog.WarnContext(ctx, "label credential version", "connection", c.ID, "error", err)
			return c, nil
		}
		c = s.retire(ctx, aligned)
	}
	return c, nil
}

// undecided refuses to leave active flows without the account that they use.
const undecided = "The credential reaches several accounts, and active flows need one of them. Name the account, or pause the flows first."

// install makes k, with what the provider said of it, the current credential of
// the record.
func (s *Service) install(ctx context.Context, c *connection.Connection, target method.Target, k connection.Credential, e established, now time.Time) error {
	if err := errors.Join(e.wanted(*c), revise(c, e.IfMatch), e.pinned(*c)); err != nil {
		return err
	}
	if e.AccountRequired && c.Account.ID != "" && !e.AllowAccountChange {
		return errChanged // Somebody chose meanwhile.
	}
	if e.AccountRequired && !c.AccountRequired && c.Bindings > 0 && c.Usable(now) {
		return connection.InUse(ctx, s.Uses, *c, undecided)
	}
	if target.TemplateRevision < c.TemplateRevision {
		return errChanged // It would go to an address that it was not verified at.
	}
	if e.Account.ID != "" || e.AllowAccountChange {
		c.Account = e.Account // One that the system does not name keeps the pin.
	}
	c.Captured, c.BaseURL, c.Hosts, c.TemplateRevision = e.Captured, target.BaseURL(), target.Hosts, target.TemplateRevision
	c.AccountRequired = e.AccountRequired
	if e.By != nil {
		c.OwnScopes, c.ExactScopes = e.By.Scopes, e.By.Exact
	}
	before := *c
	e.describeMaterial(&k)
	k.SigningKey = target.SigningKey.ID
	k.MintedBy, k.Refreshable = e.MintedBy, refreshable(target, e)
	k.ExpiresAt, k.RefreshExpiresAt = after(now, e.Token.Lifetime), after(now, e.Token.RefreshExpires)
	if k.ExpiresAt.IsZero() {
		k.ExpiresAt = e.Description.ExpiresAt
	}
	policy := target.Scheme.RefreshPolicy()
	if k.RefreshExpiresAt.IsZero() && k.Refreshable && policy.AbsoluteSeconds > 0 {
		k.RefreshExpiresAt = after(now, time.Duration(policy.AbsoluteSeconds)*time.Second)
	}
	if err := c.Install(ctx, s.Sealer, k, e.Leasable, policy, now); err != nil {
		return err
	}
	if e.Probe.Outcome == catalog.PermissionError {
		c.Health.Record(catalog.PermissionError)
	}
	granted, reported := e.granted(target)
	c.RequestedScopes = target.Scopes
	c.Grant(granted, reported, target.Scheme)
	return s.keepGranted(ctx, before, *c, target, now)
}

// revise counts a change of the credential of a record that is still there, in
// the version the caller saw.
func revise(c *connection.Connection, ifMatch string) error {
	if c.Lifecycle == connection.Deleting {
		return connection.ErrNotFound
	}
	if err := c.Cutoff.Open(); err != nil {
		return err
	}
	if err := connection.MatchIfGiven(ifMatch, c.Revision); err != nil {
		return err
	}
	c.Revision++
	return nil
}

// wanted refuses the outcome of a handoff that was superseded, or of a connection
// that was paused, while it was polled for.
func (e established) wanted(c connection.Connection) error {
	if e.Handoff != "" && (c.Handoff == nil || c.Handoff.ID != e.Handoff || c.Lifecycle == connection.Disabled) {
		return errUsed
	}
	return nil
}

// identify takes the account from the probe where nothing else named it.
func (e *established) identify() {
	if e.Account.ID == "" {
		e.Account = connection.Account{ID: e.Probe.AccountID, Name: e.Probe.AccountName}
	}
}

// pinned refuses another provider account than the one connected before.
func (e established) pinned(c connection.Connection) error {
	if c.Account.ID != "" && e.Account.ID != "" && c.Account.ID != e.Account.ID && !e.AllowAccountChange {
		return errAccount
	}
	return nil
}

// store writes the long-lived material and returns where it is. The record
// decides which version counts, so a version that a crash left current in the
// secret store, with no record of it, is no obstacle. A grant of the template's
// own client has no material, and costs no secret.
func (s *Service) store(ctx context.Context, c connection.Connection, e established, now time.Time) (vault.Locator, error) {
	if len(e.Fields) == 0 && e.Token.RefreshToken.IsZero() && (e.Token.AccessToken.IsZero() || granter(c.SchemeType)) {
		return vault.Locator{}, nil
	}
	encoded, err := e.material(c, now).Encode()
	if err != nil {
		return vault.Locator{}, err
	}
	key, err := s.Keys.DataKey(ctx, c.Tenant)
	if err != nil {
		return vault.Locator{}, err
	}
	if _, err := s.align(ctx, c); err != nil {
		return vault.Locator{}, err
	}
	version, err := s.Secrets.Create(ctx, c.SecretName, key.KeyARN, vault.Token(c.SecretName, strconv.FormatInt(now.UnixNano(), 10)), encoded)
	return vault.Locator{Secret: c.SecretName, Version: version}, err
}

// material returns the long-lived part of a credential.
func (e established) material(c connection.Connection, now time.Time) vault.Material {
	m := vault.Material{
		Tenant: c.Tenant, Resource: c.ID, Epoch: c.Refresh.Epoch + 1, IssuedAt: now,
		Fields: e.Fields, RefreshToken: e.Token.RefreshToken,
	}
	if e.Token.RefreshToken.IsZero() && !e.Token.AccessToken.IsZero() && len(e.Fields) == 0 {
		// The access token is all there is: it is the long-lived credential.
		m.Fields = map[string]secret.Bytes{"accessToken": e.Token.AccessToken}
	}
	return m
}

// redeem sends a token request outside the refresh protocol: there is nothing
// yet that a lost answer could lose. It returns the key of the template's client
// that asked.
func (s *Service) redeem(ctx context.Context, c connection.Connection, request method.Request, target method.Target) (token method.Token, client int, err error) {
	answer, err := request.Send(ctx, s.Reach)
	if err != nil {
		return token, 0, err
	}
	token, err = answer.Parse(target.Scheme.RefreshPolicy())
	s.Templates.Heard(ctx, c, answer.ClientKey, err)
	return token, answer.ClientKey, err
}

// refreshable reports whether a new access token can be had without a person.
func refreshable(target method.Target, e established) bool {
	if target.Scheme.RefreshPolicy().NeverExpires {
		return false
	}
	return !e.Token.RefreshToken.IsZero() || granter(target.Scheme.Type)
}

// granter reports whether tokens of the scheme are had without a person.
func granter(schemeType string) bool {
	m, _ := method.For(schemeType)
	_, ok := m.(method.Granter)
	return ok
}

func after(now time.Time, d time.Duration) time.Time {
	if d == 0 {
		return time.Time{}
	}
	return now.Add(d)
}
