// Command queue-reconcile finishes what was cut short between the table and the
// secret store, or had to wait.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/reconcile"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeQueue(routes.QueueReconcile, work(credentials.New(e).Reconciler()))
}

func work(s *reconcile.Service) app.Work {
	return due.Handler(due.Of(s.Due, due.Connection, due.KillSwitch, due.Template))
}
