// Command connect-submit serves POST /connect/{sessionId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/verifying"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/console"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	c := verifying.New(e)
	app.Serve(e, routes.ConnectSubmit, handle(c.Sessions(c.Refreshing()), c.Console()))
}

func handle(sessions *session.Service, consoles *console.Service) web.Func[api.ConnectVisit, api.Browser] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectVisit) (api.Browser, error) {
		visitor, err := consoles.Visitor(ctx, in.Cookies[console.CookieName])
		if err != nil {
			return api.Browser{}, err
		}
		return sessions.Submit(ctx, session.VisitFrom(caller, visitor, in), in.Form)
	}
}
