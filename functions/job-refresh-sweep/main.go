// Command job-refresh-sweep refreshes the tokens that expire soon.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeJob(routes.JobRefreshSweep, sweep(credentials.New(e).Refresher()))
}

func sweep(r *lease.Refresher) app.Sweep {
	return func(ctx context.Context, _ string) (due, done, failed int, err error) { return r.Sweep(ctx) }
}
