// Command connect-session-get serves GET /v1/connect-sessions/{sessionId}.
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
	app.Serve(e, routes.ConnectSessionGet, handle(t.Sessions(t.Opener())))
}

func handle(sessions *session.Service) web.Func[api.ConnectSessionRef, api.ConnectSession] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectSessionRef) (api.ConnectSession, error) {
		v, err := sessions.Get(ctx, caller, in.SessionID)
		if err != nil {
			return api.ConnectSession{}, err
		}
		return v.API(sessions.Connects.Now()), nil
	}
}
