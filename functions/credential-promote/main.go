// Command credential-promote serves POST /v1/connections/{connectionId}/credential/promote.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/verifying"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.CredentialPromote, handle(verifying.New(e).Connect()))
}

func handle(connects *connect.Service) web.Func[api.CredentialPromote, api.Connection] {
	return func(ctx context.Context, caller auth.Caller, in api.CredentialPromote) (api.Connection, error) {
		c, err := connects.Promote(ctx, caller, connect.PromotionFrom(in))
		if err != nil {
			return api.Connection{}, err
		}
		return c.API(connects.Now()), nil
	}
}
