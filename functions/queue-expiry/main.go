// Command queue-expiry reminds tenants of what ends.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/changes"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	app.ServeQueue(routes.QueueExpiry, work(changes.New(app.New()).Expiry()))
}

func work(s *expiry.Service) app.Work { return due.Handler(due.Of(s.Due, due.Connection, due.Template, due.SigningKey)) }
