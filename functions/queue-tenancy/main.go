// Command queue-tenancy carries out the removal of tenants, and looks after those
// whose key cannot be used.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/offboarding"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeQueue(routes.QueueTenancy, work(credentials.New(e).Offboarder()))
}

func work(w *offboarding.Walker) app.Work { return due.Handler(due.Of(w.Due, due.Tenant)) }
