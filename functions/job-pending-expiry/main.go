// Command job-pending-expiry ends the handoffs nobody completed.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/changes"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	app.ServeJob(routes.JobPendingExpiry, sweep(changes.New(app.New()).Expiry()))
}

func sweep(s *expiry.Service) app.Sweep {
	return func(ctx context.Context, _ string) (due, done, failed int, err error) { return s.ExpirePending(ctx) }
}
