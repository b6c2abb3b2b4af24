// Command tenant-jwks serves GET /v1/tenants/{tenantId}/jwks.json.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.TenantJWKS, handle(tables.New(e).SigningKeys()))
}

func handle(keys *signing.Service) web.Func[api.TenantRef, api.KeySet] {
	return func(ctx context.Context, _ auth.Caller, in api.TenantRef) (api.KeySet, error) {
		return keys.KeySet(ctx, in.TenantID)
	}
}
