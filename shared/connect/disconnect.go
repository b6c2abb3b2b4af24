package connect

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// How often a provider is told to forget a token, and the pauses in between:
// one minute, four, sixteen and so on. After the last try the credential is
// destroyed all the same.
const (
	revocationTries = 6
	firstPause      = time.Minute
)

// Disconnect ends a connection: leases are refused from the first step on, the
// provider is told to forget the token where it can be, the credential is
// destroyed, and the record goes last. While the provider cannot be told, the
// receipt is RevokePending and Resume goes on later, as it does after a crash.
// Calling it again is one more try.
func (s *Service) Disconnect(ctx context.Context, caller auth.Caller, connectionID, ifMatch string) (method.Revocation, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionDelete, connectionID); err != nil {
		return "", err
	}
	revocation, err := s.disconnect(ctx, caller.Tenant, connectionID, func(c *connection.Connection) error { return removable(c, ifMatch) })
	if errors.Is(err, connection.ErrInUse) {
		err = s.inUse(ctx, caller.Tenant, connectionID)
	}
	return revocation, s.Audit.Refuse(ctx, caller, audit.ConnectionDelete, connectionID, err)
}

// TryDisconnect is what Disconnect would do, and to whom.
func (s *Service) TryDisconnect(ctx context.Context, caller auth.Caller, connectionID, ifMatch string) (*api.Impact, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionDelete, connectionID); err != nil {
		return nil, err
	}
	c, err := s.Connections.Get(ctx, caller.Tenant, connectionID)
	if err != nil {
		return nil, s.Audit.Refuse(ctx, caller, audit.ConnectionDelete, connectionID, err)
	}
	return connection.Impact(ctx, s.Uses, c, removable(&c, ifMatch))
}

// removable refuses the removal of what active flows need. One that was begun is
// gone on with.
func removable(c *connection.Connection, ifMatch string) error {
	if c.Lifecycle == connection.Deleting {
		return nil
	}
	if err := connection.MatchIfGiven(ifMatch, c.Revision); err != nil {
		return err
	}
	return c.Deletable()
}

// inUse is the refusal that names the flows.
func (s *Service) inUse(ctx context.Context, tenant, connectionID string) error {
	c, err := s.Connections.Get(ctx, tenant, connectionID)
	if err != nil {
		return err
	}
	return connection.InUse(ctx, s.Uses, c, connection.ErrInUse.Detail)
}

// Resume goes on with a disconnection that is due. Nothing is done, and the
// receipt is empty, when there is none: an index may be late.
func (s *Service) Resume(ctx context.Context, caller auth.Caller, connectionID string) (method.Revocation, error) {
	return s.disconnectIf(ctx, caller, connectionID, s.overdue)
}

// disconnectIf disconnects on behalf of a job what due allows; its refusal is
// ErrNotFound. It is asked before anything is recorded, and again in the write.
func (s *Service) disconnectIf(ctx context.Context, caller auth.Caller, connectionID string, due func(*connection.Connection) error) (method.Revocation, error) {
	c, err := s.Connections.Get(ctx, caller.Tenant, connectionID)
	if err == nil {
		err = due(&c)
	}
	if errors.Is(err, connection.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if err := s.Audit.Check(ctx, caller, audit.ConnectionDelete, connectionID); err != nil {
		return "", err
	}
	revocation, err := s.disconnect(ctx, caller.Tenant, connectionID, due)
	if errors.Is(err, connection.ErrNotFound) {
		return "", nil
	}
	return revocation, err
}

// overdue is ErrNotFound unless a disconnection is there to be gone on with.
func (s *Service) overdue(c *connection.Connection) error {
	if c.Lifecycle != connection.Deleting || c.Due.Reconcile.After(s.Now()) {
		return connection.ErrNotFound
	}
	return nil
}

// disconnect begins a try, if allow does, and does what is left. Every step may
// be repeated; the time of the next try is set before the first of them.
func (s *Service) disconnect(ctx context.Context, tenant, connectionID string, allow func(*connection.Connection) error) (method.Revocation, error) {
	c, err := s.Connections.Update(ctx, tenant, connectionID, func(c *connection.Connection) error {
		if err := allow(c); err != nil {
			return err
		}
		return c.Change(s.Now().UTC(), s.condemn)
	})
	if err != nil {
		return "", err
	}
	s.relinquish(ctx, c, c.Handoff)
	c, err = s.forget(ctx, c)
	revocation := method.Revocation(c.Deletion.Revocation)
	if err == nil && revocation == "" {
		_, err := connection.Drain(ctx, s.Connections, s.Events, c)
		if err != nil {
			slog.WarnContext(ctx, "publish events", "connection", c.ID, "error", err)
		}
		return method.RevokePending, nil
	}
	if err != nil {
		return "", err
	}
	if err := s.Secrets.Delete(ctx, c.SecretName); err != nil {
		return "", err
	}
	if _, err := connection.Publish(ctx, s.Events, c); err != nil {
		// The record stays until its deletion is told. For who asked it is done.
		slog.WarnContext(ctx, "publish events", "connection", c.ID, "error", err)
		return revocation, nil
	}
	if c.TestCredential {
		if err := s.Templates.ForgetTest(ctx, c); err != nil { // First: an id that no connection has is one that is still to be made.
			return "", err
		}
	}
	return revocation, s.Connections.Delete(ctx, c.Tenant, c.ID)
}

// condemn begins a try. The pauses grow while it is the provider that has to be
// told.
func (s *Service) condemn(c *connection.Connection) error {
	if c.Lifecycle != connection.Deleting {
		c.Refresh.Epoch++ // A refresh under way is fenced off and cannot bring the token back.
	}
	c.Lifecycle, c.Due = connection.Deleting, connection.Due{}
	pause := firstPause
	if c.Deletion.Revocation == "" {
		pause <<= 2 * min(c.Deletion.Tries, revocationTries-2)
	}
	c.Deletion.Next = s.Now().UTC().Add(pause)
	c.Deletion.Tries++
	c.PlanReconcile()
	return nil
}

// forget tells the provider, unless that is settled, and notes what became of
// it, with the event that tells of the deletion, before the token is destroyed.
// What can be tried again is settled with the last try, and nothing is noted
// before; a refusal that stays is settled at once.
func (s *Service) forget(ctx context.Context, c connection.Connection) (connection.Connection, error) {
	if c.Deletion.Revocation != "" {
		return c, nil
	}
	revocation := s.revoke(ctx, c)
	if revocation == method.RevokePending && c.Deletion.Tries < revocationTries {
		return c, nil
	}
	if revocation == method.RevokePending {
		revocation = method.RevokeFailed
	}
	return s.Connections.Update(ctx, c.Tenant, c.ID, func(c *connection.Connection) error {
		if c.Deletion.Revocation != "" {
			return nil // By a run at the same time.
		}
		c.Deletion.Revocation = string(revocation)
		c.TellDeleted(s.Now().UTC())
		return nil
	})
}

// revoke tells the provider, once, with what is at hand.
func (s *Service) revoke(ctx context.Context, c connection.Connection) method.Revocation {
	switch {
	case c.Lifecycle == connection.Deleting && c.Cutoff != nil && c.Cutoff.Revocation != "":
		return method.Revocation(c.Cutoff.Revocation) // It was told before.
	case c.Credential == nil && len(c.Refresh.Token) == 0:
		return method.NothingToRevoke
	}
	m, _ := method.For(c.SchemeType)
	revoker, ok := m.(method.Revoker)
	if !ok {
		return method.NotSupported
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	target, err := s.Templates.Resolve(ctx, c)
	if errors.Is(err, connection.ErrMoved) {
		return method.RevokeFailed // Its host is known no more.
	}
	if err != nil {
		slog.WarnContext(ctx, "resolve connection to revoke", "connection", c.ID, "error", err)
		return method.RevokePending
	}
	token, hint, err := s.newestToken(ctx, c, target)
	if err != nil {
		slog.WarnContext(ctx, "read token to revoke", "connection", c.ID, "error", err)
		return method.RevokePending
	}
	result, err := revoker.Revoke(ctx, s.Reach, target, token, hint)
	if err != nil {
		slog.WarnContext(ctx, "revoke token", "connection", c.ID, "error", err)
	}
	return result
}

// newestToken returns the refresh token, or the access token where there is
// no other (RFC 7009 2.1). The newest may stand in an answer that nobody has
// looked at, in the record or in the secret store.
func (s *Service) newestToken(ctx context.Context, c connection.Connection, target method.Target) (secret.Bytes, string, error) {
	if token, err := lease.Unsettled(ctx, s.Sealer, s.Secrets, c, target); err != nil || !token.RefreshToken.IsZero() {
		return token.RefreshToken, "refresh_token", err
	}
	if len(c.Refresh.Token) > 0 {
		place := vault.Place{Tenant: c.Tenant, Resource: c.ID, Purpose: vault.PurposeRefresh, Version: c.Refresh.TokenEpoch}
		token, err := s.Sealer.Open(ctx, place, c.Refresh.Token)
		return token, "refresh_token", err
	}
	material, err := lease.Material(ctx, s.Secrets, c)
	if err != nil || !material.RefreshToken.IsZero() {
		return material.RefreshToken, "refresh_token", err
	}
	if len(c.Lease) == 0 {
		return secret.Bytes{}, "access_token", nil // It was given up for another that never came.
	}
	plain, err := s.Sealer.Open(ctx, c.Place(), c.Lease)
	if err != nil {
		return secret.Bytes{}, "", err
	}
	leasable, err := vault.DecodeLeasable(plain)
	return leasable.AccessToken, "access_token", err
}
