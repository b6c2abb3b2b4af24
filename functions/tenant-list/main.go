// Command tenant-list serves GET /v1/tenants.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/lists"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	l := lists.New(app.New())
	app.Serve(l.Env, routes.TenantList, handle(l.Tenancy(), l.Cursors))
}

func handle(tenants *tenant.Service, cursors page.Cursors) web.Func[api.TenantList, api.Tenants] {
	return func(ctx context.Context, caller auth.Caller, in api.TenantList) (api.Tenants, error) {
		list := page.List{Route: "tenant-list"}
		items, next, err := page.Turn(ctx, cursors, caller, list, in.Cursor, func(start string) ([]tenant.Tenant, string, error) {
			return tenants.List(ctx, caller, start, in.Limit)
		}, tenant.Tenant.API)
		return api.Tenants{Items: items, NextCursor: next}, err
	}
}
