// Command openapi-get serves GET /openapi.json.
package main

import (
	"context"
	"encoding/json"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/openapi"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.OpenapiGet, handle())
}

func handle() web.Func[api.None, map[string]any] {
	return func(_ context.Context, _ auth.Caller, _ api.None) (map[string]any, error) {
		var document map[string]any
		err := json.Unmarshal(openapi.JSON, &document)
		return document, err
	}
}
