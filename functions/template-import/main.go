// Command template-import serves POST /v1/templates/import.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/app/definitions"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.TemplateImport, handle(&template.Importer{Templates: credentials.New(e).Templates(), Connectors: definitions.New(e)}))
}

func handle(importer *template.Importer) web.Func[api.TemplateImport, api.TemplateImportResult] {
	return func(ctx context.Context, caller auth.Caller, in api.TemplateImport) (api.TemplateImportResult, error) {
		return importer.Import(ctx, caller, in)
	}
}
