// Command queue-health probes the connections whose check is due.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/verifying"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeQueue(routes.QueueHealth, work(verifying.New(e).Health()))
}

func work(s *health.Service) app.Work { return due.Handler(due.Of(s.Due, due.Connection)) }
