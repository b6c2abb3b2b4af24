// Command account-put serves PUT /v1/connections/{connectionId}/account.
package main

import (
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.AccountPut, handle(credentials.New(e).Refreshing()))
}

func handle(connects *connect.Service) web.Func[api.AccountPut, api.Connection] {
	return connects.ChooseAccount
}
