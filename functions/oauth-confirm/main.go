// Command oauth-confirm serves POST /v1/oauth/start/{handoffId}.
package main

import (
	"context"
	"net/http"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.OAuthConfirm, handle(credentials.New(e).Connect()))
}

func handle(connects *connect.Service) web.Func[api.OAuthStart, api.Browser] {
	return func(ctx context.Context, _ auth.Caller, in api.OAuthStart) (api.Browser, error) {
		address, err := connects.Confirm(ctx, in.HandoffID, in.Cookies[connect.CookieName(in.HandoffID)], in.Form.Get("form"))
		if err != nil {
			return api.Browser{}, err
		}
		return api.Browser{Status: http.StatusSeeOther, Location: address.Reveal()}, nil
	}
}
