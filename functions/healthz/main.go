// Command healthz serves GET /healthz.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.Healthz, handle(e.Config.Stage))
}

func handle(stage string) web.Func[api.None, api.Health] {
	return func(_ context.Context, _ auth.Caller, _ api.None) (api.Health, error) {
		return api.Health{Status: "ok", Stage: stage}, nil
	}
}
