// Command job-pending-expiry ends the handoffs nobody completed, and tells when
// calls to systems begin to come from other addresses.
package main

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/changes"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
)

func main() {
	c := changes.New(app.New())
	app.ServeJob(routes.JobPendingExpiry, sweep(c.Expiry(), c.Announcer()))
}

// sweep looks at the addresses first, so that of two runs about a deployment the
// one that began before it is done with them before it.
func sweep(s *expiry.Service, a *tenant.Announcer) app.Sweep {
	return func(ctx context.Context, _ string) (due, done, failed int, err error) {
		announced := a.Announce(ctx)
		due, done, failed, err = s.ExpirePending(ctx)
		return due, done, failed, errors.Join(announced, err)
	}
}
