// Command sunset-list serves GET /v1/sunsets.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/lists"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	l := lists.New(app.New())
	app.Serve(l.Env, routes.SunsetList, handle(l.Sunsets(), l.Cursors))
}

func handle(sunsets *connector.Sunsets, cursors page.Cursors) web.Func[api.SunsetList, api.Sunsets] {
	return func(ctx context.Context, caller auth.Caller, in api.SunsetList) (api.Sunsets, error) {
		list := page.List{Route: "sunset-list"}
		items, next, err := page.Turn(ctx, cursors, caller, list, in.Cursor, func(start string) ([]connector.Sunset, string, error) {
			return sunsets.List(ctx, caller, start, in.Limit)
		}, connector.Sunset.API)
		return api.Sunsets{Items: items, NextCursor: next}, err
	}
}
