// Command job-orphan-sweep removes the secrets that no record names.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/reconcile"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeJob(routes.JobOrphanSweep, sweep(credentials.New(e).Orphans()))
}

func sweep(o *reconcile.Orphans) app.Sweep { return o.Sweep }
