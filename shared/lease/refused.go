package lease

import (
	"context"

	"github.com/tenonhq/tenon/shared/connection"
)

// refused reports whether the credential is the one that the system refused, and
// is to be replaced before its time. A caller that takes every refusal for that of
// the credential must not wear out the grant: one that is younger than a minute, or
// than a tenth of its life, stays.
func (s *Service) refused(c *connection.Connection, leaseCount int) bool {
	if leaseCount == 0 || leaseCount != c.LeaseCount || c.Credential == nil || !c.Credential.Refreshable {
		return false
	}
	least := defaultMinimum
	if !c.Credential.ExpiresAt.IsZero() {
		least = need(c, 0)
	}
	return s.Now().Sub(c.Credential.RefreshedAt) >= least
}

// renew returns the connection with a credential that is enough, or with another
// one than that which was refused.
func (s *Service) renew(ctx context.Context, c *connection.Connection, enough func(*connection.Connection) bool, refused bool) (connection.Connection, error) {
	if refused {
		return s.Refresher.Replace(ctx, c.Tenant, c.ID, c.LeaseCount)
	}
	return s.Refresher.Refresh(ctx, c.Tenant, c.ID, enough)
}
