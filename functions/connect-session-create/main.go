// Command connect-session-create serves POST /v1/connect-sessions.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	t := tables.New(e)
	app.Serve(e, routes.ConnectSessionCreate, handle(t.Sessions(t.Opener())))
}

func handle(sessions *session.Service) web.Func[api.ConnectSessionCreate, api.ConnectSessionLink] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectSessionCreate) (api.ConnectSessionLink, error) {
		link, err := sessions.Create(ctx, caller, session.NewFrom(in))
		if err != nil {
			return api.ConnectSessionLink{}, err
		}
		return link.API(), nil
	}
}
