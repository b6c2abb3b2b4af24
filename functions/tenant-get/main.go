// Command tenant-get serves GET /v1/tenants/{tenantId}.
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
	app.Serve(e, routes.TenantGet, handle(tables.New(e).Tenancy()))
}

func handle(tenants *tenant.Service) web.Func[api.TenantRef, api.Tenant] {
	return func(ctx context.Context, caller auth.Caller, in api.TenantRef) (api.Tenant, error) {
		t, err := tenants.Get(ctx, caller, in.TenantID)
		if err != nil {
			return api.Tenant{}, err
		}
		return t.API(), nil
	}
}
