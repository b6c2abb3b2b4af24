// Command template-list serves GET /v1/templates.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/lists"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	l := lists.New(app.New())
	app.Serve(l.Env, routes.TemplateList, handle(l.Templater(), l.Cursors))
}

func handle(templates *template.Service, cursors page.Cursors) web.Func[api.TemplateList, api.Templates] {
	return func(ctx context.Context, caller auth.Caller, in api.TemplateList) (api.Templates, error) {
		list := page.List{Route: "template-list", Filters: []string{in.Connector}}
		items, next, err := page.Turn(ctx, cursors, caller, list, in.Cursor, func(start string) ([]template.Template, string, error) {
			return templates.List(ctx, caller, in.Connector, start, in.Limit)
		}, func(t template.Template) api.Template { return templates.API(ctx, t) })
		return api.Templates{Items: items, NextCursor: next}, err
	}
}
