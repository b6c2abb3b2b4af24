// Command browser-session-delete serves DELETE /v1/browser-session.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/console"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.BrowserSessionDelete, handle(tables.New(e).Console()))
}

func handle(consoles *console.Service) web.Func[api.BrowserSessionChange, api.BrowserSession] {
	return func(ctx context.Context, caller auth.Caller, in api.BrowserSessionChange) (api.BrowserSession, error) {
		return consoles.End(ctx, caller, in.Cookies[console.CookieName])
	}
}
