// Command test-credentials-put serves PUT
// /v1/templates/{templateId}/test-credentials.
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
	app.Serve(e, routes.TestCredentialsPut, handle(verifying.New(e).Connect()))
}

func handle(connects *connect.Service) web.Func[api.TestCredentialsPut, api.Connection] {
	return func(ctx context.Context, caller auth.Caller, in api.TestCredentialsPut) (api.Connection, error) {
		c, err := connects.PutTestCredential(ctx, caller, connect.TestCredentialFrom(in))
		if err != nil {
			return api.Connection{}, err
		}
		return c.API(connects.Now()), nil
	}
}
