// Command provider-list serves GET /v1/providers.
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
	app.Serve(t.Env, routes.ProviderList, handle(t.Providers()))
}

func handle(providers *outage.Service) web.Func[api.None, api.Providers] {
	return func(ctx context.Context, caller auth.Caller, _ api.None) (api.Providers, error) {
		found, err := providers.List(ctx, caller)
		out := api.Providers{Items: []api.Provider{}}
		for _, r := range found {
			out.Items = append(out.Items, r.API(providers.Now()))
		}
		return out, err
	}
}
