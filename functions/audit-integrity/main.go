// Command audit-integrity serves GET /v1/audit/integrity.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	t := tables.New(app.New())
	app.Serve(t.Env, routes.AuditIntegrity, handle(t.Verifier()))
}

func handle(v *audit.Verifier) web.Func[api.AuditIntegrity, api.AuditVerified] {
	return func(ctx context.Context, caller auth.Caller, in api.AuditIntegrity) (api.AuditVerified, error) {
		found, err := v.Verify(ctx, caller, int64(in.From), int64(in.To))
		return found.API(), err
	}
}
