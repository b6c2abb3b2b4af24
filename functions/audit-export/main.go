// Command audit-export serves GET /v1/audit/export.
package main

import (
	"context"
	"net/url"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/lists"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	l := lists.New(app.New())
	app.Serve(l.Env, routes.AuditExport, handle(l.Audit, l.Cursors))
}

func handle(log *audit.Log, cursors page.Cursors) web.Func[api.AuditExport, api.Download] {
	return func(ctx context.Context, caller auth.Caller, in api.AuditExport) (api.Download, error) {
		q, err := audit.Filter(in.AuditFilter)
		if err != nil {
			return api.Download{}, err
		}
		filters := append(in.Values(), in.Format)
		if q.After, err = cursors.Position(ctx, caller, routes.AuditExport.Name, filters, in.Cursor); err != nil {
			return api.Download{}, err
		}
		format := audit.FormatOf(in.Format)
		part, err := log.Export(ctx, caller, format, q)
		if err != nil {
			return api.Download{}, err
		}
		out := api.Download{Name: "audit." + format.Name(), MediaType: format.MediaType(), Text: string(part.Text)}
		if out.Next, err = cursors.Make(ctx, caller, routes.AuditExport.Name, filters, part.Next); err == nil && out.Next != "" {
			out.NextPath = nextPath(in, out.Next)
		}
		return out, err
	}
}

// nextPath is the request for the part after this one.
func nextPath(in api.AuditExport, cursor string) string {
	query := url.Values{"format": {in.Format}, "cursor": {cursor}}
	for name, value := range map[string]string{
		"actor": in.Actor, "action": in.Action, "resource": in.Resource, "outcome": in.Outcome, "since": in.Since, "until": in.Until,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return routes.AuditExport.Path + "?" + query.Encode()
}
