// Command signing-key-create serves POST /v1/signing-keys.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/keys"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.SigningKeyCreate, handle(keys.New(e).KeyMaking()))
}

func handle(keys *signing.Service) web.Func[api.SigningKeyCreate, api.SigningKey] {
	return func(ctx context.Context, caller auth.Caller, in api.SigningKeyCreate) (api.SigningKey, error) {
		k, err := keys.Create(ctx, caller, signing.NewFrom(in))
		if err != nil {
			return api.SigningKey{}, err
		}
		return keys.API(k)
	}
}
