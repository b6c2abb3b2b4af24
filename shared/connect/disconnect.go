package connect

import (
	"context"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// Disconnect ends a connection: leases are refused from the first step on, the
// provider is told to forget the token where it can be, the credential is
// destroyed, and the record goes last. Calling it again finishes what a crash
// left.
func (s *Service) Disconnect(ctx context.Context, caller auth.Caller, connectionID, ifMatch string) (method.Revocation, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionDelete, connectionID); err != nil {
		return "", err
	}
	c, err := s.Connections.Update(ctx, caller.Tenant, connectionID, func(c *connection.Connection) error {
		if err := connection.MatchIfGiven(ifMatch, c.Revision); err != nil && c.Lifecycle != connection.Deleting {
			return err
		}
		c.Lifecycle, c.Due = connection.Deleting, connection.Due{}
		c.Refresh.Epoch++ // A refresh under way is fenced off and cannot bring the token back.
		return nil
	})
	if err != nil {
		return "", s.Audit.Refuse(ctx, caller, audit.ConnectionDelete, connectionID, err)
	}
	revocation := s.revoke(ctx, c)
	if err := s.Secrets.Delete(ctx, c.SecretName); err != nil {
		return "", err
	}
	if err := s.TemplateStore.RemoveUse(ctx, use(c)); err != nil {
		return "", err
	}
	if err := s.Connections.Delete(ctx, c.Tenant, c.ID); err != nil {
		return "", err
	}
	s.publish(ctx, notify.Event{
		Type: notify.ConnectionDeleted, Tenant: c.Tenant, Resource: c.ID, At: s.Now().UTC(),
		Detail: map[string]string{"connector": c.Connector, "revocation": string(revocation)},
	})
	return revocation, nil
}

// revoke tells the provider. It is tried once with what is at hand; a failure
// is in the receipt and does not keep the credential alive on our side.
func (s *Service) revoke(ctx context.Context, c connection.Connection) method.Revocation {
	if c.Credential == nil {
		return method.NothingToRevoke
	}
	m, _ := method.For(c.SchemeType)
	revoker, ok := m.(method.Revoker)
	if !ok {
		return method.NotSupported
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	token, hint, err := s.newestToken(ctx, c)
	if err != nil {
		slog.WarnContext(ctx, "read token to revoke", "connection", c.ID, "error", err)
		return method.RevokeFailed
	}
	target, err := s.Templates.Resolve(ctx, c)
	if err != nil {
		slog.WarnContext(ctx, "resolve connection to revoke", "connection", c.ID, "error", err)
		return method.RevokeFailed
	}
	result, err := revoker.Revoke(ctx, s.HTTP, target, token, hint)
	if err != nil {
		slog.WarnContext(ctx, "revoke token", "connection", c.ID, "error", err)
	}
	return result
}

// newestToken returns the refresh token, or the access token where there is
// no other (RFC 7009 2.1).
func (s *Service) newestToken(ctx context.Context, c connection.Connection) (secret.Bytes, string, error) {
	if len(c.Refresh.Token) > 0 {
		place := vault.Place{Tenant: c.Tenant, Resource: c.ID, Purpose: vault.PurposeRefresh, Version: c.Refresh.TokenEpoch}
		token, err := s.Sealer.Open(ctx, place, c.Refresh.Token)
		return token, "refresh_token", err
	}
	material, err := lease.Material(ctx, s.Secrets, c)
	if err != nil || !material.RefreshToken.IsZero() {
		return material.RefreshToken, "refresh_token", err
	}
	plain, err := s.Sealer.Open(ctx, c.Place(), c.Lease)
	if err != nil {
		return secret.Bytes{}, "", err
	}
	leasable, err := vault.DecodeLeasable(plain)
	return leasable.AccessToken, "access_token", err
}
