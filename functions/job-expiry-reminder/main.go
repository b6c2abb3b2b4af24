// Command job-expiry-reminder warns admins of credentials that lapse soon.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/changes"
	"github.com/tenonhq/tenon/shared/app/mail"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeJob(routes.JobExpiryReminder, sweep(changes.New(e).Expiry(mail.New(e))))
}

func sweep(s *expiry.Service) app.Sweep {
	return func(ctx context.Context, _ string) (due, done, failed int, err error) { return s.Remind(ctx) }
}
