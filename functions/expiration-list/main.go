// Command expiration-list serves GET /v1/expirations.
package main

import (
	"context"
	"strconv"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/lists"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	l := lists.New(app.New())
	app.Serve(l.Env, routes.ExpirationList, handle(l.Expirations(), l.Cursors))
}

func handle(expirations *expiry.Service, cursors page.Cursors) web.Func[api.ExpirationList, api.Expirations] {
	return func(ctx context.Context, caller auth.Caller, in api.ExpirationList) (api.Expirations, error) {
		list := page.List{Route: "expiration-list", Filters: []string{strconv.Itoa(in.WithinDays), in.Kind}}
		items, next, err := page.Turn(ctx, cursors, caller, list, in.Cursor, func(start string) ([]expiry.Entry, string, error) {
			return expirations.List(ctx, caller, expiry.QueryFrom(in, start))
		}, expiry.Entry.API)
		return api.Expirations{Items: items, NextCursor: next}, err
	}
}
