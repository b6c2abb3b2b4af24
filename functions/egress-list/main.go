// Command egress-list serves GET /v1/egress.
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
	app.Serve(e, routes.EgressList, handle(tables.New(e).Tenancy()))
}

func handle(tenants *tenant.Service) web.Func[api.None, api.Egress] {
	return func(ctx context.Context, caller auth.Caller, _ api.None) (api.Egress, error) {
		addresses, err := tenants.Egress(ctx, caller)
		if err != nil {
			return api.Egress{}, err
		}
		return api.Egress{Static: len(addresses) > 0, Addresses: append([]string{}, addresses...)}, nil
	}
}
