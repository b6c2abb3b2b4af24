// Command template-export serves POST /v1/templates/export.
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
	app.Serve(e, routes.TemplateExport, handle(tables.New(e).Templater()))
}

func handle(templates *template.Service) web.Func[api.TemplateExport, api.TemplateDocument] {
	return func(ctx context.Context, caller auth.Caller, in api.TemplateExport) (api.TemplateDocument, error) {
		return templates.Export(ctx, caller, in.StableKeys)
	}
}
