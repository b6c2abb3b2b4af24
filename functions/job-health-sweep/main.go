// Command job-health-sweep probes the connections whose check is due.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/verifying"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeJob(routes.JobHealthSweep, sweep(verifying.New(e).Health()))
}

func sweep(checks *health.Service) app.Sweep {
	return checks.Sweep
}
