package connection

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// ErrAccountRequired refuses what only a chosen account can answer.
var ErrAccountRequired = fault.New(fault.Conflict, fault.CodeAccountRequired, advice[ReasonAccountRequired][1]).WithRemedy("fix_input")

// Choose makes a the account of the connection: captured are all values learnt of
// it, and l is the hot copy of the current credential under the choice. The
// credential stays what it is, and so does what is planned for it. Only Seal may fail, before anything was changed for good.
func (c *Connection) Choose(ctx context.Context, s *vault.Sealer, a Account, captured map[string]string, baseURL string, l vault.Leasable, now time.Time) error {
	plain, err := l.Encode()
	if err != nil {
		return err
	}
	c.LeaseCount++
	if c.Lease, err = s.Seal(ctx, c.Place(), plain); err != nil {
		return err
	}
	c.Account, c.Captured, c.BaseURL, c.AccountRequired = a, captured, baseURL, false
	if c.Lifecycle == Ready && !c.Due.Health.After(now) {
		c.Due.Health = now.Add(healthCadence - c.jitter(healthCadence/10))
	}
	return nil
}
