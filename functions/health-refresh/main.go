// Command health-refresh serves POST /v1/health/refresh.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/changes"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.HealthRefresh, handle(changes.New(e).Deriver()))
}

func handle(derivations *health.Service) web.Func[api.HealthRefresh, api.HealthRefreshed] {
	return func(ctx context.Context, caller auth.Caller, in api.HealthRefresh) (api.HealthRefreshed, error) {
		out, err := derivations.Refresh(ctx, caller, health.RefreshmentFrom(in))
		return out.API(), err
	}
}
