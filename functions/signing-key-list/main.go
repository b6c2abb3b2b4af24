// Command signing-key-list serves GET /v1/signing-keys.
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
	app.Serve(e, routes.SigningKeyList, handle(tables.New(e).SigningKeys()))
}

func handle(keys *signing.Service) web.Func[api.None, api.SigningKeys] {
	return func(ctx context.Context, caller auth.Caller, _ api.None) (api.SigningKeys, error) {
		found, err := keys.List(ctx, caller)
		if err != nil {
			return api.SigningKeys{}, err
		}
		out := api.SigningKeys{Items: make([]api.SigningKey, len(found))}
		for i, k := range found {
			if out.Items[i], err = keys.API(k); err != nil {
				return api.SigningKeys{}, err
			}
		}
		return out, nil
	}
}
