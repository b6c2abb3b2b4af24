// Command job-device-poll asks whether the people who connect on another device
// are done.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeJob(routes.JobDevicePoll, sweep(credentials.New(e).Connect()))
}

func sweep(s *connect.Service) app.Sweep { return s.PollDevices }
