// Command oauth-start serves GET /v1/oauth/start/{handoffId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/console"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	t := tables.New(e)
	app.Serve(e, routes.OAuthStart, handle(t.Opener(), t.Console()))
}

func handle(connects *connect.Service, consoles *console.Service) web.Func[api.OAuthStart, api.Browser] {
	return func(ctx context.Context, caller auth.Caller, in api.OAuthStart) (api.Browser, error) {
		visitor, err := consoles.Visitor(ctx, in.Cookies[console.CookieName])
		if err != nil {
			return api.Browser{}, err
		}
		if err := connects.Admit(ctx, in.HandoffID, in.Query.Get("ticket"), visitor, caller); err != nil {
			return api.Browser{}, err
		}
		opened, err := connects.Open(ctx, in.HandoffID, in.Query.Get("ticket"))
		if err != nil {
			return api.Browser{}, err
		}
		return connect.StartPage(browser.Language(in.Language), opened), nil
	}
}
