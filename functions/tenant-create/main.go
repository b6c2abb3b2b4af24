// Command tenant-create serves POST /v1/tenants.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/keys"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.TenantCreate, handle(keys.New(e).Onboarding()))
}

func handle(tenants *tenant.Service) web.Func[api.TenantCreate, api.Tenant] {
	return func(ctx context.Context, caller auth.Caller, in api.TenantCreate) (api.Tenant, error) {
		t, err := tenants.Create(ctx, caller, in.ID, in.Name, in.IdempotencyKey != "")
		if err != nil {
			return api.Tenant{}, err
		}
		return t.API(), nil
	}
}
