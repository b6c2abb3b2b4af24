// Command kill-switch-get serves GET /v1/kill-switches/{killSwitchId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	t := tables.New(app.New())
	app.Serve(t.Env, routes.KillSwitchGet, handle(t.KillSwitches()))
}

func handle(switches *killswitch.Service) web.Func[api.KillSwitchRef, api.KillSwitch] {
	return func(ctx context.Context, caller auth.Caller, in api.KillSwitchRef) (api.KillSwitch, error) {
		r, err := switches.Get(ctx, caller, in.KillSwitchID)
		if err != nil {
			return api.KillSwitch{}, err
		}
		return r.API(), nil
	}
}
