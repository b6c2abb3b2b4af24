// Command template-get serves GET /v1/templates/{templateId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.TemplateGet, handle(tables.New(e).Templater()))
}

func handle(templates *template.Service) web.Func[api.TemplateRef, api.Template] {
	return func(ctx context.Context, caller auth.Caller, in api.TemplateRef) (api.Template, error) {
		t, err := templates.Get(ctx, caller, in.TemplateID)
		if err != nil {
			return api.Template{}, err
		}
		return templates.Detailed(ctx, caller, t)
	}
}
