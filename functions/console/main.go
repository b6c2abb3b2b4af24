// Command console serves GET /console and GET /console/{path+}: the page people
// look at, and the elements for pages of others. What it serves is public; what
// the page shows it fetches from the API with the token of the person.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.Console, handle(newFiles(dist, e.Config)))
}

func handle(f *files) web.Func[api.AssetRef, api.Asset] {
	return func(_ context.Context, _ auth.Caller, in api.AssetRef) (api.Asset, error) {
		return f.get(in)
	}
}
