// Command tenant-delete serves DELETE /v1/tenants/{tenantId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/offboarding"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.TenantDelete, handle(tables.New(e).Offboarding()))
}

func handle(s *offboarding.Service) web.Func[api.TenantDelete, api.Tenant] {
	return func(ctx context.Context, caller auth.Caller, in api.TenantDelete) (api.Tenant, error) {
		if in.DryRun {
			t, impact, err := s.Preview(ctx, caller, in.TenantID)
			if err != nil {
				return api.Tenant{}, err
			}
			shown := t.API()
			shown.Impact = &impact
			return shown, nil
		}
		t, err := s.Remove(ctx, caller, in.TenantID)
		if err != nil {
			return api.Tenant{}, err
		}
		return t.API(), nil
	}
}
