// Command connection-scopes serves GET /v1/connections/{connectionId}/scopes.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/scope"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	t := tables.New(app.New())
	app.Serve(t.Env, routes.ConnectionScopes, handle(t.Scopes()))
}

func handle(scopes *scope.Service) web.Func[api.ConnectionRef, api.ConnectionScopes] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionRef) (api.ConnectionScopes, error) {
		return scopes.Of(ctx, caller, in.ConnectionID)
	}
}
