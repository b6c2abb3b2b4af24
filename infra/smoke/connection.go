package smoke

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
)

func credential(key string) map[string]secret.Bytes {
	return map[string]secret.Bytes{"apiKey": secret.FromString(key)}
}

func (s *smoke) connect(ctx context.Context) (string, error) {
	var err error
	s.connection, err = client.Call(ctx, s.tenant, routes.ConnectionCreate, api.ConnectionCreate{
		TemplateID: s.template.ID, Name: "Smoke test", Credential: credential(s.first),
	})
	return s.connection.ID + " has a key", err
}

func (s *smoke) active(ctx context.Context) (string, error) {
	err := s.until(ctx, func(ctx context.Context) (bool, error) {
		var err error
		s.connection, err = client.Call(ctx, s.tenant, routes.ConnectionGet, api.ConnectionRef{ConnectionID: s.connection.ID})
		return s.connection.Status == "active", err
	})
	if err != nil {
		return "", fmt.Errorf("the connection is %s %s: %w", s.connection.Status, s.connection.Reason, err)
	}
	return s.connection.ID + " is active", nil
}

// lease wants the header that the key was given for.
func (s *smoke) lease(ctx context.Context, want string) (string, error) {
	l, err := client.Call(ctx, s.tenant, routes.ConnectionLease, api.LeaseRequest{ConnectionID: s.connection.ID, Purpose: "Smoke test"})
	if err != nil {
		return "", err
	}
	if subtle.ConstantTimeCompare([]byte(l.Headers[header]), []byte(want)) != 1 {
		return "", fmt.Errorf("the lease has not the key that was given, but version %d", l.CredentialVersion)
	}
	return fmt.Sprintf("the header is what was given, version %d", l.CredentialVersion), nil
}

// stage saves a second key, and wants the first in use before it is promoted.
func (s *smoke) stage(ctx context.Context) (string, error) {
	var err error
	s.connection, err = client.Call(ctx, s.tenant, routes.CredentialPut, api.CredentialPut{
		ConnectionID: s.connection.ID, IfMatch: s.connection.ETag(), Mode: "staged", Credential: credential(s.second),
	})
	if err != nil {
		return "", err
	}
	if s.connection.PendingCredential == nil {
		return "", errors.New("the second key is not pending")
	}
	if _, err := s.lease(ctx, s.first); err != nil {
		return "", fmt.Errorf("lease while the second key is pending: %w", err)
	}
	return "the second key is pending, the first is leased", nil
}

func (s *smoke) promote(ctx context.Context) (string, error) {
	none := 0
	var err error
	s.connection, err = client.Call(ctx, s.tenant, routes.CredentialPromote, api.CredentialPromote{
		ConnectionID: s.connection.ID, IfMatch: s.connection.ETag(), GraceSeconds: &none,
	})
	return "the second key is current", err
}

func (s *smoke) expirations(ctx context.Context) (string, error) {
	page, err := client.Call(ctx, s.tenant, routes.ExpirationList, api.ExpirationList{WithinDays: 90})
	return fmt.Sprintf("%d within 90 days", len(page.Items)), err
}

// audit wants the leases of this run recorded.
func (s *smoke) audit(ctx context.Context) (string, error) {
	found := 0
	err := s.until(ctx, func(ctx context.Context) (bool, error) {
		page, err := client.Call(ctx, s.tenant, routes.AuditList, api.AuditList{
			AuditFilter: api.AuditFilter{Resource: s.connection.ID, Action: "connection.lease", Outcome: "allowed"},
		})
		found = len(page.Items)
		return found >= 3, err
	})
	if err != nil {
		return "", fmt.Errorf("%d of three leases are recorded: %w", found, err)
	}
	return "the leases of this run are recorded", nil
}

func (s *smoke) disable(ctx context.Context) (string, error) {
	c, err := client.Call(ctx, s.tenant, routes.ConnectionDisable, api.ConnectionEnd{ConnectionID: s.connection.ID, IfMatch: "*"})
	if err != nil {
		return "", err
	}
	if c.Status != "disabled" {
		return "", fmt.Errorf("the connection is %s", c.Status)
	}
	if _, err := s.lease(ctx, s.second); status(err) != http.StatusConflict {
		return "", fmt.Errorf("lease of a disabled connection: want 409, got %w", unexpected(err))
	}
	return "the connection is disabled, its lease is refused", nil
}

func (s *smoke) delete(ctx context.Context) (string, error) {
	if _, err := client.Call(ctx, s.tenant, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: s.connection.ID, IfMatch: "*"}); err != nil {
		return "", err
	}
	if _, err := s.lease(ctx, s.second); status(err) != http.StatusNotFound {
		return "", fmt.Errorf("lease of a deleted connection: want 404, got %w", unexpected(err))
	}
	return "the connection is deleted, its lease is refused", nil
}
