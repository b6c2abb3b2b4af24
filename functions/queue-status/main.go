// Command queue-status derives the status of the connections whose calls went
// another way than before.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/changes"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeQueue(routes.QueueStatus, work(changes.New(e).Deriver()))
}

func work(s *health.Service) app.Work { return due.Handler(s.Derive) }
