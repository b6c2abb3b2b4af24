// Command queue-seal seals what was recorded, and verifies what was sealed.
package main

import (
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/changes"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/routes"
)

func main() {
	e := app.New()
	app.ServeQueue(routes.QueueSeal, work(changes.New(e).AuditSealer()))
}

func work(s *audit.Sealer) app.Work { return due.Handler(s.Due) }
