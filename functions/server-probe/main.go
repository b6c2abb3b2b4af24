// Command server-probe logs in to servers for the functions that verify.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/probing"
	"github.com/tenonhq/tenon/shared/probe"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeWorker(routes.ServerProbe, handle(probing.New(e)))
}

func handle(w probe.Worker) func(context.Context, api.ServerProbe) (api.ServerProbed, error) {
	return w.Probe
}
