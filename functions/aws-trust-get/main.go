// Command aws-trust-get serves GET /v1/aws-trust.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.AWSTrustGet, handle(tables.New(e).Tenancy()))
}

func handle(tenants *tenant.Service) web.Func[api.None, api.AWSTrust] {
	return func(ctx context.Context, caller auth.Caller, _ api.None) (api.AWSTrust, error) {
		trust, err := tenants.AWSTrust(ctx, caller)
		if err != nil {
			return api.AWSTrust{}, err
		}
		return trust.API(), nil
	}
}
