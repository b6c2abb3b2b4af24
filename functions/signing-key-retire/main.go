// Command signing-key-retire serves DELETE /v1/signing-keys/{signingKeyId}.
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
	app.Serve(e, routes.SigningKeyRetire, handle(tables.New(e).SigningKeys()))
}

func handle(keys *signing.Service) web.Func[api.SigningKeyRef, api.None] {
	return func(ctx context.Context, caller auth.Caller, in api.SigningKeyRef) (api.None, error) {
		return api.None{}, keys.Retire(ctx, caller, in.SigningKeyID)
	}
}
