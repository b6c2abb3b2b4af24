// Command job-reconcile finishes what was cut short between the table and the
// secret store, or had to wait.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/reconcile"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeJob(routes.JobReconcile, sweep(credentials.New(e).Reconciler()))
}

func sweep(s *reconcile.Service) app.Sweep { return s.Sweep }
