// Command queue-refresh refreshes the tokens that expire soon.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeQueue(routes.QueueRefresh, work(credentials.New(e).Refresher()))
}

func work(r *lease.Refresher) app.Work { return due.Handler(due.Of(r.Due, due.Connection)) }
