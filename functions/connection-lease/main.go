// Command connection-lease serves POST /v1/connections/{connectionId}/lease.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.ConnectionLease, handle(credentials.New(e).Lease()))
}

func handle(leases *lease.Service) web.Func[api.LeaseRequest, api.Lease] {
	return func(ctx context.Context, caller auth.Caller, in api.LeaseRequest) (api.Lease, error) {
		l, err := leases.Lease(ctx, caller, lease.RequestFrom(in))
		if err != nil {
			return api.Lease{}, err
		}
		return l.API(), nil
	}
}
