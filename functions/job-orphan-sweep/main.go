// Command job-orphan-report reports the secrets that no record names.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/reconcile"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeJob(routes.JobOrphanReport, report(credentials.New(e).Orphans()))
}

func report(o *reconcile.Orphans) app.Sweep { return o.Report }
