// Command kill-switch-list serves GET /v1/kill-switches.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/lists"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	l := lists.New(app.New())
	app.Serve(l.Env, routes.KillSwitchList, handle(l.KillSwitches(), l.Cursors))
}

func handle(switches *killswitch.Service, cursors page.Cursors) web.Func[api.KillSwitchList, api.KillSwitches] {
	return func(ctx context.Context, caller auth.Caller, in api.KillSwitchList) (api.KillSwitches, error) {
		list := page.List{Route: "kill-switch-list"}
		items, next, err := page.Turn(ctx, cursors, caller, list, in.Cursor, func(start string) ([]killswitch.Record, string, error) {
			return switches.List(ctx, caller, start, in.Limit)
		}, killswitch.Record.API)
		return api.KillSwitches{Items: items, NextCursor: next}, err
	}
}
