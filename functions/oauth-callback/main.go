// Command oauth-callback serves GET /v1/oauth/callback/{contextId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/oidc"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	c := credentials.New(e)
	s := c.Connect()
	s.IDTokens = oidc.Verifier{HTTP: c.HTTP}
	app.Serve(e, routes.OAuthCallback, handle(c.Sessions(s)))
}

func handle(sessions *session.Service) web.Func[api.OAuthCallback, api.Browser] {
	return func(ctx context.Context, caller auth.Caller, in api.OAuthCallback) (api.Browser, error) {
		return sessions.Callback(ctx, connect.AnswerFrom(caller, in))
	}
}
