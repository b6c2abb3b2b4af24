// Command queue-expiry warns admins of credentials that lapse soon.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/changes"
	"github.com/tenonhq/tenon/shared/app/mail"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeQueue(routes.QueueExpiry, work(changes.New(e).Expiry(mail.New(e))))
}

func work(s *expiry.Service) app.Work { return due.Handler(due.Of(s.Due, due.Connection)) }
