// Command queue-delivery sends again what was not taken.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/changes"
	"github.com/tenonhq/tenon/shared/app/mail"
	"github.com/tenonhq/tenon/shared/app/webhooks"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeQueue(routes.QueueDelivery, work(webhooks.New(e).Deliveries(changes.Bus(e), mail.New(e))))
}

func work(s *delivery.Service) app.Work { return due.Handler(s.Due) }
