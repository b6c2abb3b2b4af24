// Command provider-confirm serves POST /v1/providers/confirm.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	t := tables.New(app.New())
	app.Serve(t.Env, routes.ProviderConfirm, handle(t.Providers()))
}

func handle(providers *outage.Service) web.Func[api.ProviderConfirm, api.Provider] {
	return func(ctx context.Context, caller auth.Caller, in api.ProviderConfirm) (api.Provider, error) {
		r, err := providers.Confirm(ctx, caller, in.Provider)
		if err != nil {
			return api.Provider{}, err
		}
		return r.API(providers.Now()), nil
	}
}
