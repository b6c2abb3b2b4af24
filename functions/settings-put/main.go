// Command settings-put serves PUT /v1/settings.
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
	app.Serve(e, routes.SettingsPut, handle(tables.New(e).Tenancy()))
}

func handle(tenants *tenant.Service) web.Func[api.SettingsPut, api.Settings] {
	return func(ctx context.Context, caller auth.Caller, in api.SettingsPut) (api.Settings, error) {
		settings, err := tenants.PutSettings(ctx, caller, in.IfMatch, tenant.SettingsFrom(in))
		if err != nil {
			return api.Settings{}, err
		}
		return settings.API(), nil
	}
}
