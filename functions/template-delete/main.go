// Command template-delete serves DELETE /v1/templates/{templateId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.TemplateDelete, handle(credentials.New(e).Templates()))
}

func handle(templates *template.Service) web.Func[api.TemplateChange, api.None] {
	return func(ctx context.Context, caller auth.Caller, in api.TemplateChange) (api.None, error) {
		return api.None{}, templates.Delete(ctx, caller, in.TemplateID, in.IfMatch)
	}
}
