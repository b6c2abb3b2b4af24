// Command job-due-sweep sends what is due to the queues it is worked off through.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/sweeps"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeJob(routes.JobDueSweep, sweep(sweeps.New(e)))
}

func sweep(s *due.Sweeper) app.Sweep { return s.Sweep }
