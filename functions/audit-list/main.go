// Command audit-list serves GET /v1/audit.
package main

import (
	"context"

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
	app.Serve(l.Env, routes.AuditList, handle(l.Audit, l.Cursors))
}

func handle(log *audit.Log, cursors page.Cursors) web.Func[api.AuditList, api.Audit] {
	return func(ctx context.Context, caller auth.Caller, in api.AuditList) (api.Audit, error) {
		q, err := audit.Filter(in.AuditFilter)
		if err != nil {
			return api.Audit{}, err
		}
		list := page.List{Route: "audit-list", Filters: in.Values()}
		items, next, err := page.Turn(ctx, cursors, caller, list, in.Cursor, func(start string) ([]audit.Entry, string, error) {
			q.Before, q.Limit = start, in.Limit
			return log.List(ctx, caller, q)
		}, audit.Entry.API)
		return api.Audit{Items: items, NextCursor: next}, err
	}
}
