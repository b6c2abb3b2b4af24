package connect

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/vault"
)

// Choice asks for one of the accounts that a connection's credential reaches.
type Choice struct {
	ConnectionID       string
	IfMatch            string
	AccountID          string
	AllowAccountChange bool // Another account may be pinned already.
	DryRun             bool // Say what would happen, and change nothing.
}

// chooseTries is how often a choice is made anew when the credential is refreshed
// or replaced meanwhile.
const chooseTries = 4

var (
	errMoved  = errors.New("the credential was renewed meanwhile")
	errPinned = fault.New(fault.Conflict, fault.CodeAccountMismatch, "Another account is chosen already. Say that it may change to switch.")
)

// Choose makes one of the accounts that the credential reaches the connection's.
// The system is asked under the new choice first; then one update of the record
// puts account, base URL and hot copy in the place of the old ones, so that a
// crash leaves either the one or the other. The credential stays, and what
// refreshes it at the same time goes on: whoever comes second does it for what
// the first has left. A dry run does all but that update.
func (s *Service) Choose(ctx context.Context, caller auth.Caller, ask Choice) (connection.Connection, error) {
	var facts map[string]string
	if ask.DryRun {
		facts = map[string]string{"dryRun": "true"}
	}
	c, err := s.rotatable(ctx, caller, audit.AccountPut, ask.ConnectionID, ask.IfMatch, facts)
	if err != nil {
		return connection.Connection{}, err
	}
	for range chooseTries {
		chosen, err := s.chooseOnce(ctx, c, ask)
		if errors.Is(err, errMoved) {
			if c, err = s.Connections.Get(ctx, c.Tenant, c.ID); err != nil {
				return c, err
			}
			continue
		}
		if fault.Has(err, fault.CodeAccountMismatch) && !ask.DryRun {
			err = errors.Join(err, s.Audit.Deny(ctx, caller, audit.AccountPut, c.ID, string(fault.CodeAccountMismatch)))
		}
		return chosen, err
	}
	return connection.Connection{}, fault.New(fault.Unavailable, fault.CodeRetryLater, "The credential changes at the moment. Try again shortly.").WithRemedy("retry").Retry(time.Second)
}

// chooseOnce makes the choice for the credential as it is now. The record that a
// dry run returns is as it was.
func (s *Service) chooseOnce(ctx context.Context, c connection.Connection, ask Choice) (connection.Connection, error) {
	if c.Account.ID != "" && c.Account.ID != ask.AccountID && !ask.AllowAccountChange {
		return c, s.switchRefused(ctx, c)
	}
	h, err := s.open(ctx, c)
	if err != nil {
		return c, err
	}
	listed, err := s.list(ctx, h)
	if err != nil {
		return c, err
	}
	account := find(listed, ask.AccountID)
	if account == nil {
		return c, wrong("/accountId", "Is not among the accounts that the system lists.")
	}
	captured := adopt(h.target, h.Captured, *account)
	if !h.AccountRequired && h.Account == pin(*account) && maps.Equal(captured, h.Captured) {
		return h.Connection, nil
	}
	leasable, probe, err := s.verifiedUnder(ctx, h)
	if err != nil || ask.DryRun {
		return c, err
	}
	now := s.Now().UTC()
	return connection.Transition(ctx, s.Connections, s.Events, s.Now, c.Tenant, c.ID, func(c *connection.Connection) error {
		if err := revise(c, ask.IfMatch); err != nil {
			return err
		}
		if err := h.unmoved(c); err != nil {
			return err
		}
		previous := "none"
		if c.Account.ID != "" {
			previous = "pinned"
		}
		if err := c.Choose(ctx, s.Sealer, pin(*account), captured, h.target.BaseURL(), leasable, now); err != nil {
			return err
		}
		c.Health.CheckedAt = now
		c.Health.Record(probe.Outcome)
		c.Tell(notify.ConnectionAccount, now, map[string]string{"previous": previous})
		return nil
	})
}

// verifiedUnder asks the system about the credential under the choice that the
// target holds by now.
func (s *Service) verifiedUnder(ctx context.Context, h opened) (vault.Leasable, method.Probe, error) {
	m, _ := method.For(h.target.Scheme.Type)
	leasable, err := m.Apply(h.target, h.fields, h.token)
	if err != nil {
		return leasable, method.Probe{}, err
	}
	probe, err := method.Verify(ctx, s.Reach, h.target, leasable)
	if err != nil {
		return leasable, probe, err
	}
	return leasable, probe, errors.Join(probeFault(probe), s.Sealer.Ready(ctx, h.Tenant))
}

// unmoved refuses a record whose hot copy, account or address is not the one that
// was held when the choice was verified.
func (h opened) unmoved(c *connection.Connection) error {
	switch {
	case c.Lifecycle == connection.Disabled:
		return fault.New(fault.Conflict, fault.CodeConnectionDisabled, "The connection is paused. Enable it first.")
	case !maps.Equal(c.Inputs, h.Inputs):
		return errChanged
	case h.target.TemplateRevision < c.TemplateRevision:
		return errMoved // What was made of the old values would undo the new ones.
	case c.Credential == nil || c.LeaseCount != h.LeaseCount || c.Account.ID != h.Account.ID || !maps.Equal(c.Captured, h.Captured):
		return errMoved
	}
	return nil
}
