// Command template-create serves POST /v1/templates.
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
	app.Serve(e, routes.TemplateCreate, handle(credentials.New(e).Templates()))
}

func handle(templates *template.Service) web.Func[api.TemplateCreate, api.Template] {
	return func(ctx context.Context, caller auth.Caller, in api.TemplateCreate) (api.Template, error) {
		t, err := templates.Create(ctx, caller, template.DefineFrom(in))
		if err != nil {
			return api.Template{}, err
		}
		return templates.API(ctx, t), nil
	}
}
