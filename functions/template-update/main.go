// Command template-update serves PATCH /v1/templates/{templateId}.
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
	app.Serve(e, routes.TemplateUpdate, handle(credentials.New(e).Templates()))
}

func handle(templates *template.Service) web.Func[api.TemplateUpdate, api.Template] {
	return func(ctx context.Context, caller auth.Caller, in api.TemplateUpdate) (api.Template, error) {
		if in.DryRun {
			return dryRun(ctx, templates, caller, in)
		}
		t, err := templates.Update(ctx, caller, in.TemplateID, in.IfMatch, template.ChangeFrom(in))
		if err != nil {
			return api.Template{}, err
		}
		return templates.Detailed(ctx, caller, t)
	}
}

// dryRun answers what the change would do.
func dryRun(ctx context.Context, templates *template.Service, caller auth.Caller, in api.TemplateUpdate) (api.Template, error) {
	t, impact, err := templates.DryRun(ctx, caller, in.TemplateID, in.IfMatch, template.ChangeFrom(in))
	if err != nil {
		return api.Template{}, err
	}
	out, err := templates.Detailed(ctx, caller, t)
	out.Impact = &impact
	return out, err
}
