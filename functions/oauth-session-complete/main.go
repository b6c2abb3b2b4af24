// Command oauth-session-complete serves POST /v1/oauth/sessions/{sessionId}/complete.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/oidc"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	c := credentials.New(e)
	connects := c.Connect()
	connects.IDTokens = oidc.Verifier{HTTP: c.HTTP}
	app.Serve(e, routes.OAuthSessionComplete, handle(c.Sessions(connects)))
}

func handle(sessions *session.Service) web.Func[api.ConnectSessionComplete, api.ConnectSession] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectSessionComplete) (api.ConnectSession, error) {
		v, err := sessions.Complete(ctx, caller, in.SessionID, in.EndUser, in.SessionURI)
		if err != nil {
			return api.ConnectSession{}, err
		}
		return v.API(sessions.Connects.Now()), nil
	}
}
