// Command connection-verify serves POST /v1/connections/{connectionId}/verify.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/verifying"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.ConnectionVerify, handle(verifying.New(e).Health()))
}

func handle(checks *health.Service) web.Func[api.ConnectionRef, api.Verification] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionRef) (api.Verification, error) {
		v, err := checks.Verify(ctx, caller, in.ConnectionID)
		if err != nil {
			return api.Verification{}, err
		}
		return v.API(checks.Now()), nil
	}
}
